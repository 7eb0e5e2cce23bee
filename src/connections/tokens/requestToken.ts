import type { ProviderFailure } from '../../connectors/index.js';
import type { ConnectorSpec, ProviderResponse } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { HttpClient } from '../../platform/http/index.js';
import { sendProviderRequest } from '../call/providerRequest.js';
import { cleaner } from '../call/redact.js';
import { readTokens, type TokenRequest, tokenRequest, type TokenSet } from './tokens.js';

/** How long a token endpoint may take. */
export const TIMEOUT_MS = 20_000;
/** No token is near it: what is longer is no answer. */
export const BODY_BYTES_MAX = 1024 * 1024;

export interface TokenRequestDeps {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Default 20 000. */
  readonly tokenTimeoutMs?: number | undefined;
}

/** What came of asking a token endpoint. */
export type TokenResult =
  | { readonly tokens: TokenSet }
  | {
      readonly failure: ProviderFailure;
      /** Whether the service said no itself. */
      readonly hasResponse: boolean;
      /** How long it asked to be left alone, in milliseconds. */
      readonly waitMs?: number | undefined;
    };

/** Asks a token endpoint. What it answers, or fails to, is data; its words repeat nothing of what was sent. */
export async function requestToken(
  { http, clock, tokenTimeoutMs = TIMEOUT_MS }: TokenRequestDeps,
  { limits }: Pick<ConnectorSpec, 'limits'>,
  request: TokenRequest,
): Promise<TokenResult> {
  const outcome = await sendProviderRequest({ http, clock }, tokenRequest(request), {
    connector: { limits },
    timeoutMs: tokenTimeoutMs,
    bodyBytesMax: BODY_BYTES_MAX,
  });
  const { response: answer, signs } = outcome;
  // Half of what is too large may look like a token.
  if (!answer || (outcome.kind === 'failure' && outcome.failure.code === 'responseTooLarge')) {
    // Only a failure comes without an answer.
    const { failure } = outcome as Extract<typeof outcome, { kind: 'failure' }>;
    return { failure, hasResponse: false };
  }
  const now = clock.now();
  const read = readTokens(request.authMethod, answer, now);
  if ('tokens' in read) return read;
  const untilMs = read.failure.kind === 'rateLimit' ? signs.resetsAt?.getTime() : undefined;
  const waitMs = signs.waitMs ?? (untilMs === undefined ? undefined : untilMs - now.getTime());
  return { failure: cleanFailure(request, answer, now) ?? read.failure, hasResponse: true, waitMs };
}

/** The same failure, read from an answer without what was sent: before anything is cut, half a secret is one too. */
function cleanFailure(
  request: TokenRequest,
  response: ProviderResponse,
  now: Date,
): ProviderFailure | undefined {
  const { params, client } = request;
  const { grant_type: _, scope: __, ...sent } = params;
  const clean = cleaner([...Object.values(sent), ...(client ? [client.clientSecret] : [])]);
  const body = cleanValue(response.body, clean, FAILURE_DEPTH_MAX);
  const read = readTokens(request.authMethod, { ...response, body }, now);
  return 'failure' in read ? read.failure : undefined;
}

/** Nothing is read from deeper inside an error. */
const FAILURE_DEPTH_MAX = 5;

function cleanValue(value: unknown, clean: (text: string) => string, depthLeft: number): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depthLeft === 0) return null;
  const below = (each: unknown) => cleanValue(each, clean, depthLeft - 1);
  if (Array.isArray(value)) return value.map(below);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, below(each)]));
}
