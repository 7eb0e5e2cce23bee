import {
  failureOf,
  type LimitSigns,
  limitSigns,
  type Outgoing,
  type ProviderFailure,
  readResponse,
} from '../../connectors/index.js';
import type { ConnectorSpec, ProviderResponse } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { HttpClient, HttpOutcome, HttpResponse } from '../../platform/http/index.js';
import { formsOf, redactor } from './redact.js';

export interface CallOptions {
  readonly timeoutMs?: number | undefined;
  readonly bodyBytesMax?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether a refused token is renewed and the request sent once more; default true. */
  readonly renew?: boolean | undefined;
  /** Removed from the response: a service that echoes the request echoes the credential. */
  readonly secrets?: readonly string[] | undefined;
}

export interface ProviderRequestOptions extends CallOptions {
  readonly connector: Pick<ConnectorSpec, 'failures' | 'limits' | 'read'>;
}

/** The outcome of one request to a service: a successful response, or a failure. */
export type CallOutcome = {
  readonly durationMs: number;
  readonly signs: LimitSigns;
} & (
  | { readonly kind: 'response'; readonly response: ProviderResponse }
  | {
      readonly kind: 'failure';
      readonly failure: ProviderFailure;
      /** Whether the service may have received the request. */
      readonly sent: boolean;
      readonly response?: ProviderResponse;
    }
);

const BODY_BYTES_MAX = 10 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** Sends one request, whose credential is in `outgoing`, and reads the response. Never throws for a failure of the service. */
export async function sendProviderRequest(
  { http, clock }: { readonly http: HttpClient; readonly clock: Clock },
  outgoing: Outgoing,
  {
    connector,
    timeoutMs = TIMEOUT_MS,
    bodyBytesMax = BODY_BYTES_MAX,
    signal,
    secrets = [],
  }: ProviderRequestOptions,
): Promise<CallOutcome> {
  const outcome = await http.request({
    url: outgoing.url.href,
    method: outgoing.method,
    headers: outgoing.headers,
    ...(outgoing.body && { body: outgoing.body }),
    timeoutMs,
    bodyBytesMax,
    ...(signal && { signal }),
  });
  const { durationMs } = outcome;
  if (outcome.kind === 'failure') {
    return {
      kind: 'failure',
      failure: connectionFailure(outcome),
      sent: outcome.sent,
      durationMs,
      signs: {},
    };
  }
  const response = readResponse(withoutSecrets(outcome, secrets), connector, outgoing);
  const signs = limitSigns(connector.limits.headers ?? [], response, clock.now());
  const failure = outcome.bodyTruncated
    ? tooLarge(response.status, bodyBytesMax)
    : failureOf(connector, response);
  if (!failure) return { kind: 'response', response, durationMs, signs };
  return { kind: 'failure', failure, sent: true, response, durationMs, signs };
}

function withoutSecrets(response: HttpResponse, secrets: readonly string[]): HttpResponse {
  const clean = redactor(secrets);
  const { body } = response;
  const isClean = !formsOf(secrets).some((form) => body.includes(form));
  // latin1 maps every byte to a character and back, so that binary bodies stay intact.
  const inBytes = redactor(secrets.map((secret) => Buffer.from(secret).toString('latin1')));
  return {
    ...response,
    headers: response.headers.map(([name, value]) => [name, clean(value)] as const),
    body: isClean ? body : Buffer.from(inBytes(body.toString('latin1')), 'latin1'),
  };
}

function connectionFailure({
  reason,
  message,
}: Extract<HttpOutcome, { kind: 'failure' }>): ProviderFailure {
  const kind = reason === 'aborted' ? 'system' : 'connection';
  return {
    kind,
    status: 0,
    code: reason,
    message,
    retryable: reason !== 'blocked' && reason !== 'tls',
  };
}

/** The code of a failure whose response was longer than `bodyBytesMax` and was truncated. */
export const TOO_LARGE = 'responseTooLarge';

function tooLarge(status: number, bodyBytesMax: number): ProviderFailure {
  const message = `The response is larger than ${String(bodyBytesMax)} bytes.`;
  return { kind: 'provider', status, code: TOO_LARGE, message, retryable: false };
}
