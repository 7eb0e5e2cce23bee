import { LookupFailed, TargetBlocked } from './connect.js';
import { codeOf } from './errors.js';
import type { FailureReason } from './outcome.js';
import { resolvesToForbidden } from './target.js';

/** How far a request had progressed. In `queued` and `connecting` the receiver has seen nothing of it. */
export type Phase = 'queued' | 'connecting' | 'sent' | 'receiving';

export interface FailureExplanation {
  readonly reason: FailureReason;
  readonly message: string;
}

export const ABORTED: FailureExplanation = {
  reason: 'aborted',
  message: 'The hub aborted the request before the response was complete.',
};

const RESET: Readonly<Record<Phase, string>> = {
  queued: 'The receiver closed the connection before the request could be sent.',
  connecting: 'The receiver closed the connection before the request could be sent.',
  sent: 'The receiver closed the connection without a response.',
  receiving: 'The receiver closed the connection in the middle of its response.',
};

const TIMEOUT: Readonly<Record<Phase, string>> = {
  queued:
    'The request was not sent: all connections to this receiver were busy for {seconds} seconds.',
  connecting: 'The receiver did not accept a connection within {seconds} seconds.',
  sent: 'The receiver did not respond within {seconds} seconds.',
  receiving: 'The receiver did not finish its response within {seconds} seconds.',
};

// https://nodejs.org/docs/latest-v20.x/api/tls.html#x509-certificate-error-codes
const TLS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'has expired',
  CERT_NOT_YET_VALID: 'is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'leads to an authority that is not trusted',
  UNABLE_TO_GET_ISSUER_CERT: 'comes without its intermediate certificates',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'comes without its intermediate certificates',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'comes without its intermediate certificates',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another host name',
};

const TLS_CODE =
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERROR_IN_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_EXCEEDED$)/;

type NetworkReason = Exclude<FailureReason, 'blocked' | 'dns' | 'tls'>;

const NETWORK: Readonly<Record<string, NetworkReason>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  EHOSTDOWN: 'refused',
  ENETUNREACH: 'refused',
  ENETDOWN: 'refused',
  EADDRNOTAVAIL: 'refused',
  EAFNOSUPPORT: 'refused',
  EACCES: 'refused',
  EPERM: 'refused',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  HPE_INVALID_EOF_STATE: 'reset',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_ABORTED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
};

export function explainTimeout(phase: Phase, afterMs: number): FailureExplanation {
  const seconds = String(Math.round(afterMs / 100) / 10);
  return { reason: 'timeout', message: TIMEOUT[phase].replace('{seconds}', seconds) };
}

/**
 * Explains a failed request to the owner of its target. Returns `undefined` when the target had no part in it: the
 * fault is ours and must not count against the receiver.
 */
export function explainFailure(
  error: unknown,
  phase: Phase,
  afterMs: number,
): FailureExplanation | undefined {
  if (error instanceof TargetBlocked) {
    return { reason: 'blocked', message: resolvesToForbidden(error.host) };
  }
  if (error instanceof LookupFailed) {
    const message = error.unknown
      ? `No address is known for the host ${error.host}.`
      : `The address of the host ${error.host} could not be looked up.`;
    return { reason: 'dns', message };
  }
  const code = codeOf(error) ?? '';
  if (isUnexpectedResponse(code, phase, error)) return notHttp();
  const reason = NETWORK[code];
  if (reason !== undefined) return explainNetwork(reason, phase, afterMs);
  if (TLS_CODE.test(code)) return { reason: 'tls', message: tlsMessage(code) };
  // Once connected, only what the receiver sends can still go wrong, whatever undici calls it.
  return phase === 'sent' || phase === 'receiving' ? notHttp() : undefined;
}

function explainNetwork(reason: NetworkReason, phase: Phase, afterMs: number): FailureExplanation {
  switch (reason) {
    case 'timeout':
      return explainTimeout(phase, afterMs);
    case 'reset':
      return { reason, message: RESET[phase] };
    case 'protocol':
      return { reason, message: 'The headers of the response are longer than 16 KiB.' };
    case 'refused':
      return { reason, message: 'The receiver refused the connection, or no route leads to it.' };
    case 'aborted':
      return ABORTED;
  }
}

/**
 * Recognizes what undici has no name for: 100 Continue and 101 Switching Protocols, neither of which was requested, and
 * headers that contradict each other about the length, which undici takes for a body that is too short.
 */
function isUnexpectedResponse(code: string, phase: Phase, error: unknown): boolean {
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return phase === 'sent';
  return code === 'UND_ERR_SOCKET' && /\bbad (?:response|upgrade)$/.test(String(error));
}

function notHttp(): FailureExplanation {
  return { reason: 'protocol', message: 'The response is not valid HTTP/1.1.' };
}

function tlsMessage(code: string): string {
  const flaw = TLS[code];
  return flaw === undefined
    ? `No secure connection could be made with the receiver (${code}).`
    : `The certificate of the receiver ${flaw}.`;
}
