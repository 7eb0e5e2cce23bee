import type { Outgoing, ProviderFailure } from '../../connectors/index.js';
import { failureOf, fillIn, textAt } from '../../connectors/index.js';
import {
  type JsonPointer,
  type JwtServiceAccount,
  type OAuth2ClientCredentials,
  type OAuth2Code,
  type ProviderResponse,
  slotsOf,
  type TokenQuirks,
} from '../../contract/index.js';

/** Ways to connect that end in a token. */
export type TokenAuthMethod = OAuth2Code | OAuth2ClientCredentials | JwtServiceAccount;

/** An OAuth client: who the hub, or the organization, is to the service. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What a token endpoint gave. */
export interface TokenSet {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** `undefined`: it does not say, and the connector knows no default. */
  readonly expiresAt?: Date;
  readonly scopes?: readonly string[];
  /** Members of the answer that serve as fields from now on. */
  readonly kept: Readonly<Record<string, string>>;
}

export interface TokenRequest {
  readonly authMethod: TokenAuthMethod;
  /** None for a service account, whose assertion says who it is. */
  readonly client: OAuthClient | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** `grant_type` and what belongs to it. */
  readonly params: Readonly<Record<string, string>>;
  /** Where the endpoint for refreshing is another. */
  readonly url?: string | undefined;
}

/** The request for a token: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3, with the connector's quirks. */
export function tokenRequest({
  authMethod: way,
  client,
  fields,
  params,
  url,
}: TokenRequest): Outgoing {
  const isBasic = 'clientAuthentication' in way && way.clientAuthentication === 'basic';
  const quirks = quirksOf(way);
  const values: Record<string, string> = {
    ...params,
    ...fillParams(quirks.params ?? {}, fields),
    ...(client && !isBasic && { client_id: client.clientId, client_secret: client.clientSecret }),
  };
  const isJson = quirks.format === 'json';
  return {
    method: 'POST',
    url: new URL(fillIn(url ?? way.tokenUrl, fields)),
    headers: {
      accept: 'application/json',
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(client && isBasic && { authorization: basic(client) }),
    },
    body: Buffer.from(isJson ? JSON.stringify(values) : new URLSearchParams(values).toString()),
  };
}

function quirksOf(authMethod: TokenAuthMethod): TokenQuirks {
  return ('token' in authMethod ? authMethod.token : undefined) ?? {};
}

/** Without those whose field is not filled in. */
function fillParams(
  params: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params)
      .filter(([, text]) => slotsOf(text).every((slot) => (fields[slot] ?? '') !== ''))
      .map(([name, text]) => [name, fillIn(text, fields)]),
  );
}

/** Both parts are form-encoded first: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 */
function basic({ clientId, clientSecret }: OAuthClient): string {
  const encoded = [clientId, clientSecret].map((text) =>
    new URLSearchParams({ '': text }).toString().slice(1),
  );
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
}

/** Reads what came of it. Services answer forms, other names and envelopes: what is found counts, not what was promised. */
export function readTokens(
  authMethod: TokenAuthMethod,
  response: ProviderResponse,
  now: Date,
): { readonly tokens: TokenSet } | { readonly failure: ProviderFailure } {
  const body = formOrJson(response.body);
  const failure = tokenFailure(authMethod, { ...response, body });
  if (failure) return { failure };
  const { at = '', names = {}, lifetimeSeconds, keeps = [] } = quirksOf(authMethod);
  const member = (name: 'access_token' | 'refresh_token' | 'expires_in' | 'scope') =>
    textAt(body, `${at}/${names[name] ?? name}`);
  const accessToken = member('access_token');
  if (accessToken === undefined) {
    const message = 'its answer has no access token';
    return { failure: { kind: 'provider', status: response.status, message, retryable: false } };
  }
  const refreshToken = member('refresh_token');
  if (!isToken(accessToken) || (refreshToken !== undefined && !isToken(refreshToken))) {
    const message = 'its answer has a token that cannot be sent';
    return { failure: { kind: 'provider', status: response.status, message, retryable: false } };
  }
  const seconds = Number(member('expires_in') ?? lifetimeSeconds ?? NaN);
  const scope = member('scope');
  return {
    tokens: {
      accessToken,
      ...(refreshToken !== undefined && { refreshToken }),
      ...(Number.isFinite(seconds) &&
        seconds > 0 && {
          expiresAt: new Date(now.getTime() + Math.min(seconds, LIFE_SECONDS_MAX) * 1000),
        }),
      ...(scope !== undefined && { scopes: scope.split(/[\s,]+/).filter((text) => text !== '') }),
      kept: Object.fromEntries(
        keeps.flatMap((name) => {
          const value = textAt(body, `/${name}`);
          return value === undefined ? [] : [[name, value]];
        }),
      ),
    },
  };
}

/** Ten years: who says more means for ever, or something else, and no date reaches as far as numbers do. */
const LIFE_SECONDS_MAX = 10 * 365 * 86_400;
/** More than any service is known to give, and less than headers may have. */
const TOKEN_LENGTH_MAX = 32_768;

/** Whether headers can carry it: https://www.rfc-editor.org/rfc/rfc6749#appendix-A.12 */
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
    // An `error` with status 200 is what several services answer.
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

/** Where a person's consent is asked for: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 */
export function authorizeUrl({
  authMethod: way,
  fields,
  params,
  scopes,
}: {
  readonly authMethod: OAuth2Code;
  readonly fields: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
}): URL {
  const url = new URL(fillIn(way.authorizeUrl, fields));
  const all = {
    response_type: 'code',
    ...params,
    ...(scopes.length > 0 && {
      [way.scopeParam ?? 'scope']: scopes.join(way.scopeSeparator ?? ' '),
    }),
    ...way.authorizeParams,
  };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  return url;
}

/** Whether an answer that has a token at all says that a refresh token is dead for good. */
export function isDead({ kind, code }: ProviderFailure): boolean {
  return kind === 'authentication' && code !== 'invalid_client';
}

/** Whether a service could not be asked, or could not answer: nothing is said against a credential then. */
export function isUnavailable({ kind, status }: ProviderFailure): boolean {
  return kind === 'connection' || kind === 'rateLimit' || kind === 'system' || status >= 500;
}
