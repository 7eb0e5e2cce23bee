import type { FieldSpec, FieldSpecs } from './field.js';

/** A location in a JSON document: https://www.rfc-editor.org/rfc/rfc6901. `''` is the whole document. */
export type JsonPointer = '' | `/${string}`;

/** How a token endpoint differs from https://www.rfc-editor.org/rfc/rfc6749#section-5. */
export interface TokenQuirks {
  /** The format of the request. Default `form`. */
  readonly format?: 'form' | 'json';
  /**
   * Parameters in addition to the standard's. They may contain `{field}` of the connector's fields; a parameter whose
   * field is empty is omitted.
   */
  readonly params?: Readonly<Record<string, string>>;
  /** The location of the object that the standard puts at the top of the response. Default `''`. */
  readonly at?: JsonPointer;
  /** The names of members that differ from the standard. */
  readonly names?: Partial<
    Record<'access_token' | 'refresh_token' | 'expires_in' | 'scope', string>
  >;
  /**
   * How long a token lives when the response does not say it, in seconds. Without it such a token is refreshed on 401
   * only.
   */
  readonly lifetimeSeconds?: number;
  /** Default: that of `scopeSeparator`. */
  readonly grantedSeparator?: ' ' | ',';
  /** Members of the response that are stored with the connection and may be used as fields, such as `instance_url`. */
  readonly keeps?: readonly string[];
  /**
   * Recognizes a response with status 200 that is a failure: Slack's `{"ok":false,"error":"…"}`. Without `is`: when
   * there is a value at `at`, such as GitHub's `{"error":"…"}`.
   */
  readonly failsWhen?: {
    readonly at: JsonPointer;
    readonly is?: unknown;
    readonly code: JsonPointer;
  };
}

interface OAuth2Common {
  readonly title?: string;
  /** May contain `{field}` of the connector's fields. */
  readonly tokenUrl: string;
  /** The scopes that may be requested, each with its meaning as text. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly defaultScopes: readonly string[];
  /** Default a space: https://www.rfc-editor.org/rfc/rfc6749#section-3.3 */
  readonly scopeSeparator?: ' ' | ',';
  /** How the client authenticates: https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1. Default `post`. */
  readonly clientAuthentication?: 'basic' | 'post';
  readonly token?: TokenQuirks;
  readonly location?: TokenLocation;
}

/** Where the token is sent. Default: the header `Authorization: Bearer …`. */
export type TokenLocation =
  | { readonly in: 'header'; readonly name: string; readonly prefix?: string }
  | { readonly in: 'query'; readonly name: string };

/** The authorization code grant: https://www.rfc-editor.org/rfc/rfc6749#section-4.1 */
export interface OAuth2Code extends OAuth2Common {
  readonly kind: 'oauth2Code';
  readonly authorizeUrl: string;
  /** Whether the provider supports PKCE: https://www.rfc-editor.org/rfc/rfc7636 */
  readonly pkce: boolean;
  readonly authorizeParams?: Readonly<Record<string, string>>;
  readonly refresh:
    | 'none'
    | {
        readonly url?: string;
        readonly params?: Readonly<Record<string, string>>;
        /** Whether each refresh token works once, so that a lost response breaks the connection. */
        readonly singleUse: boolean;
      };
  /**
   * `token`: according to https://www.rfc-editor.org/rfc/rfc7009. `bearer`: a request with the token itself in its
   * header.
   */
  readonly revoke?: { readonly url: string; readonly by: 'token' | 'bearer' };
}

/** https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
export interface OAuth2ClientCredentials extends OAuth2Common {
  readonly kind: 'oauth2ClientCredentials';
}

export interface ApiKeyAuth {
  readonly kind: 'apiKey';
  readonly title?: string;
  readonly location: TokenLocation;
  readonly key: Omit<FieldSpec, 'type'>;
}

export interface BearerAuth {
  readonly kind: 'bearer';
  readonly title?: string;
  readonly token: Omit<FieldSpec, 'type'>;
}

/** https://www.rfc-editor.org/rfc/rfc7617. One of the two may be fixed: Stripe's password is empty. */
export interface BasicAuth {
  readonly kind: 'basic';
  readonly title?: string;
  readonly username: FieldSpec | { readonly fixed: string };
  readonly password: FieldSpec | { readonly fixed: string };
}

/** A service account's signed assertion: https://www.rfc-editor.org/rfc/rfc7523#section-2.1 */
export interface JwtServiceAccount {
  readonly kind: 'jwtServiceAccount';
  readonly title?: string;
  readonly tokenUrl: string;
  readonly audience: string;
  readonly algorithm: 'RS256' | 'ES256';
  /**
   * The connector's field with the user for whom the account acts, as in Google's domain-wide delegation: the claim
   * `sub`.
   */
  readonly subjectField?: string;
  readonly scopes: Readonly<Record<string, string>>;
  readonly defaultScopes: readonly string[];
  /** How long an assertion is valid, in seconds. Default 3600. */
  readonly lifetimeSeconds?: number;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signed-request-elements.html */
export interface AwsSigV4 {
  readonly kind: 'awsSigV4';
  readonly title?: string;
  readonly service: string;
  /** The signing service by the name of a server, where it differs between servers. */
  readonly services?: Readonly<Record<string, string>>;
  /** The field that holds the region. */
  readonly regionField: string;
}

/** https://www.rfc-editor.org/rfc/rfc5849 */
export interface OAuth1 {
  readonly kind: 'oauth1';
  readonly title?: string;
  /**
   * Where the user consents; may contain `{field}` of the connector's fields. Omitted: the user enters a token created
   * at the service, together with the consumer that it was created for.
   */
  readonly consent?: {
    readonly requestTokenUrl: string;
    readonly authorizeUrl: string;
    readonly accessTokenUrl: string;
  };
  readonly signatureMethod: 'HMAC-SHA1' | 'HMAC-SHA256';
  /** May contain `{field}`: https://www.rfc-editor.org/rfc/rfc5849#section-3.5.1 */
  readonly realm?: string;
}

/** Puts fields into headers or the query: names and values are text with `{field}` in it. */
export interface CustomAuth {
  readonly kind: 'custom';
  readonly title?: string;
  readonly fields: FieldSpecs;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** For services that need no credential. */
export interface NoAuth {
  readonly kind: 'none';
  readonly title?: string;
}

/** How requests to a service are authenticated. Data only: no template ever sees a credential. */
export type AuthSpec =
  | OAuth2Code
  | OAuth2ClientCredentials
  | ApiKeyAuth
  | BearerAuth
  | BasicAuth
  | JwtServiceAccount
  | AwsSigV4
  | OAuth1
  | CustomAuth
  | NoAuth;

/** The auth methods that need a user's consent at the service. */
export type ConsentAuthMethod =
  OAuth2Code | (OAuth1 & { readonly consent: NonNullable<OAuth1['consent']> });

export function needsConsent(authMethod: AuthSpec): authMethod is ConsentAuthMethod {
  return (
    authMethod.kind === 'oauth2Code' ||
    (authMethod.kind === 'oauth1' && authMethod.consent !== undefined)
  );
}
