import { failureOf, type ProviderFailure, textAt } from '../../connectors/index.js';
import type { JsonPointer, ProviderResponse } from '../../contract/index.js';
import { quirksOf, type TokenAuthMethod } from './request.js';

/** The tokens in a response of a token endpoint. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** `undefined` when the response does not say and the connector has no default. */
  readonly expiresAt?: Date;
  readonly scopes?: readonly string[];
  /** Members of the response that are kept as fields of the connection. */
  readonly kept: Readonly<Record<string, string>>;
}

type TokensRead = { readonly tokens: TokenSet } | { readonly failure: ProviderFailure };

/**
 * Reads the response of a token endpoint. JSON and forms are accepted, whatever the content type promises; other names and
 * envelopes are the connector's quirks.
 */
export function readTokens(
  authMethod: TokenAuthMethod,
  response: ProviderResponse,
  now: Date,
): TokensRead {
  const body = formOrJson(response.body);
  const failure = tokenFailure(authMethod, { ...response, body });
  if (failure) return { failure };
  const { at = '', names = {}, lifetimeSeconds, keeps = [] } = quirksOf(authMethod);
  const member = (name: 'access_token' | 'refresh_token' | 'expires_in' | 'scope') =>
    textAt(body, `${at}/${names[name] ?? name}`);
  const accessToken = member('access_token');
  const refreshToken = member('refresh_token');
  if (accessToken === undefined) return notUsable(response, 'its response has no access token');
  if (!isToken(accessToken) || (refreshToken !== undefined && !isToken(refreshToken))) {
    return notUsable(response, 'its response has a token that cannot be sent in a header');
  }
  const expiresAt = expiryAfter(Number(member('expires_in') ?? lifetimeSeconds ?? NaN), now);
  const scope = member('scope');
  const kept = keeps.flatMap((name) => {
    const value = textAt(body, `/${name}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    tokens: {
      accessToken,
      ...(refreshToken !== undefined && { refreshToken }),
      ...(expiresAt && { expiresAt }),
      ...(scope !== undefined && { scopes: scope.split(/[\s,]+/).filter((text) => text !== '') }),
      kept: Object.fromEntries(kept),
    },
  };
}

function notUsable({ status }: ProviderResponse, message: string): TokensRead {
  return { failure: { kind: 'provider', status, message, retryable: false } };
}

/** Ten years. Services that give a longer life mean that the token does not expire, and a Date could not hold every number. */
const LIFE_SECONDS_MAX = 10 * 365 * 86_400;

function expiryAfter(seconds: number, now: Date): Date | undefined {
  if (!Number.isFinite(seconds) || seconds <= 0) return undefined;
  return new Date(now.getTime() + Math.min(seconds, LIFE_SECONDS_MAX) * 1000);
}

/** More than any service is known to give, and less than headers may have. */
const TOKEN_LENGTH_MAX = 32_768;

/** Returns whether headers can carry a token: https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12 */
export function isToken(text: string): boolean {
  return text.length <= TOKEN_LENGTH_MAX && /^[\x20-\x7e]+$/.test(text);
}

const ERROR_CODE: readonly JsonPointer[] = ['/error/code', '/error', '/errorCode'];
const ERROR_MESSAGE: readonly JsonPointer[] = [
  '/error_description',
  '/error/message',
  '/message',
  '/error',
];

function tokenFailure(
  authMethod: TokenAuthMethod,
  response: ProviderResponse,
): ProviderFailure | undefined {
  const when = quirksOf(authMethod).failsWhen;
  const failures = {
    // Several services send an `error` with status 200.
    when: when ?? ({ at: '/error' } as const),
    code: when ? [when.code, ...ERROR_CODE] : ERROR_CODE,
    message: ERROR_MESSAGE,
    // https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    codes: {
      invalid_grant: 'authentication',
      invalid_refresh_token: 'authentication',
      token_expired: 'authentication',
      token_revoked: 'authentication',
      invalid_client: 'authentication',
      unauthorized_client: 'authentication',
      access_denied: 'authentication',
    },
  } as const;
  return failureOf({ failures }, response);
}

function formOrJson(body: unknown): unknown {
  if (typeof body !== 'string' || !/^[\w.%+-]+=/.test(body)) return body;
  return Object.fromEntries(new URLSearchParams(body));
}

/** Returns whether a failure means that the refresh token is revoked or expired for good. */
export function isDead({ kind, code }: ProviderFailure): boolean {
  return kind === 'authentication' && code !== 'invalid_client';
}

/**
 * Returns whether a failure says nothing about the credential: the service was not reached, was overloaded, or failed
 * itself.
 */
export function isUnavailable({ kind, status }: ProviderFailure): boolean {
  return kind === 'connection' || kind === 'rateLimit' || kind === 'system' || status >= 500;
}
