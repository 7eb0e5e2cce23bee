import type { ProviderFailure } from '../connectors/index.js';
import type { ConnectorSpec } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import type { HttpClient } from '../platform/http/index.js';
import { exchange } from './exchange.js';
import { readTokens, type TokenRequest, tokenRequest, type TokenSet } from './tokens.js';

/** How long a token endpoint may take. */
const TIMEOUT_MS = 20_000;

/** Asks a token endpoint. What it answers, or fails to, is data; `isAnswer` tells whether the service said no itself. */
export async function grant(
  deps: { readonly http: HttpClient; readonly clock: Clock },
  connector: Pick<ConnectorSpec, 'limits'>,
  request: TokenRequest,
): Promise<
  { readonly tokens: TokenSet } | { readonly failure: ProviderFailure; readonly isAnswer: boolean }
> {
  const outcome = await exchange(deps, tokenRequest(request), {
    connector: { limits: connector.limits },
    timeoutMs: TIMEOUT_MS,
  });
  if (outcome.answer) {
    const read = readTokens(request.way, outcome.answer, deps.clock.now());
    return 'tokens' in read ? read : { ...read, isAnswer: true };
  }
  // Only a failure comes without an answer.
  const { failure } = outcome as Extract<typeof outcome, { kind: 'failure' }>;
  return { failure, isAnswer: false };
}
