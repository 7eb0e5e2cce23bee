import {
  failureOf,
  type LimitSigns,
  limitSigns,
  type Outgoing,
  type ProviderFailure,
  readAnswer,
} from '../../connectors/index.js';
import type { ConnectorSpec, ProviderResponse } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { HttpClient, HttpOutcome, HttpResponse } from '../../platform/http/index.js';
import { cleaner, formsOf } from './redact.js';

export interface CallOptions {
  readonly timeoutMs?: number | undefined;
  readonly bodyBytesMax?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether a token that is refused is renewed and the request sent once more. Default true. */
  readonly renew?: boolean | undefined;
}

export interface ProviderRequestOptions extends CallOptions {
  readonly connector: Pick<ConnectorSpec, 'failures' | 'limits' | 'read'>;
  /** What may be in no answer: a service that repeats what it was sent repeats the credential. */
  readonly secrets?: readonly string[] | undefined;
}

/** What came of one request to a service: an answer that is good, or a failure in our terms. */
export type CallOutcome = {
  readonly durationMs: number;
  readonly signs: LimitSigns;
} & (
  | { readonly kind: 'response'; readonly response: ProviderResponse }
  | {
      readonly kind: 'failure';
      readonly failure: ProviderFailure;
      /** Whether the service may have seen the request. */
      readonly sent: boolean;
      readonly response?: ProviderResponse;
    }
);

const BODY_BYTES_MAX = 10 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/** One request and what its answer means; the credential is in `outgoing`. */
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
  const response = readAnswer(withoutSecrets(outcome, secrets), connector, outgoing);
  const signs = limitSigns(connector.limits.headers ?? [], response, clock.now());
  const failure = outcome.bodyTruncated
    ? tooLarge(response.status, bodyBytesMax)
    : failureOf(connector, response);
  if (!failure) return { kind: 'response', response, durationMs, signs };
  return { kind: 'failure', failure, sent: true, response, durationMs, signs };
}

function withoutSecrets(response: HttpResponse, secrets: readonly string[]): HttpResponse {
  const clean = cleaner(secrets);
  const { body } = response;
  const isClean = !formsOf(secrets).some((form) => body.includes(form));
  // Bytes that are no text stay what they are: latin1 has each of them.
  const inBytes = cleaner(secrets.map((secret) => Buffer.from(secret).toString('latin1')));
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

/** The code of an answer that was cut off. */
export const TOO_LARGE = 'responseTooLarge';

function tooLarge(status: number, bodyBytesMax: number): ProviderFailure {
  const message = `The answer is larger than ${String(bodyBytesMax)} bytes.`;
  return { kind: 'provider', status, code: TOO_LARGE, message, retryable: false };
}
