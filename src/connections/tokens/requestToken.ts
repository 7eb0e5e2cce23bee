import type { ProviderFailure } from '../../connectors/index.js';
import type { ConnectorSpec, ProviderResponse } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { HttpClient } from '../../platform/http/index.js';
import { sendProviderRequest } from '../call/providerRequest.js';
import { redactor } from '../call/redact.js';
import { type TokenRequest, tokenRequest } from './request.js';
import { readTokens, type TokenSet } from './response.js';

/** How long a token endpoint may take, in milliseconds. */
export const TIMEOUT_MS = 20_000;
/** No token response comes near it; a longer one is a failure. */
export const BODY_BYTES_MAX = 1024 * 1024;

export interface TokenRequestDeps {
  readonly http: HttpClient;
  readonly clock: Clock;
  /** Default 20 000. */
  readonly tokenTimeoutMs?: number | undefined;
}

/** The result of a token request. */
export type TokenResult =
  | { readonly tokens: TokenSet }
  | {
      readonly failure: ProviderFailure;
      /** Whether the service itself responded; `false` when it was not reached. */
      readonly hasResponse: boolean;
      /** The wait that it requested, in milliseconds. */
      readonly waitMs?: number | undefined;
    };

/** Sends a token request. A failure is returned, not thrown; its message repeats no secret that was sent. */
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
  const { response, signs } = outcome;
  // The first part of a response that is too large may look like a token.
  if (!response || (outcome.kind === 'failure' && outcome.failure.code === 'responseTooLarge')) {
    // Only a failure comes without a response.
    const { failure } = outcome as Extract<typeof outcome, { kind: 'failure' }>;
    return { failure, hasResponse: false };
  }
  const now = clock.now();
  const read = readTokens(request.authMethod, response, now);
  if ('tokens' in read) return read;
  const untilMs = read.failure.kind === 'rateLimit' ? signs.resetsAt?.getTime() : undefined;
  const waitMs = signs.waitMs ?? (untilMs === undefined ? undefined : untilMs - now.getTime());
  return {
    failure: cleanFailure(request, response, now) ?? read.failure,
    hasResponse: true,
    waitMs,
  };
}

/**
 * Reads the failure again from a response whose secrets are removed. They are removed before texts are cut: a part of a
 * secret would not be recognized.
 */
function cleanFailure(
  request: TokenRequest,
  response: ProviderResponse,
  now: Date,
): ProviderFailure | undefined {
  const { params, client } = request;
  const { grant_type: _, scope: __, ...sent } = params;
  const clean = redactor([...Object.values(sent), ...(client ? [client.clientSecret] : [])]);
  const body = cleanValue(response.body, clean, FAILURE_DEPTH_MAX);
  const read = readTokens(request.authMethod, { ...response, body }, now);
  return 'failure' in read ? read.failure : undefined;
}

/** Deeper members of an error are not read. */
const FAILURE_DEPTH_MAX = 5;

function cleanValue(value: unknown, clean: (text: string) => string, depthLeft: number): unknown {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depthLeft === 0) return null;
  const below = (each: unknown) => cleanValue(each, clean, depthLeft - 1);
  if (Array.isArray(value)) return value.map(below);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, below(each)]));
}
