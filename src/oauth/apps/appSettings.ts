import type { Branding } from './branding.js';
import type { AppGrant, ApplicationType, AuthMethod } from './client.js';
import { problemOfRedirectUri } from './redirectUri.js';

/** The settings of an app, which may be changed later. */
export interface AppSettings {
  readonly name: string;
  /** Default: see `applicationTypeOf`. */
  readonly applicationType?: ApplicationType | undefined;
  readonly redirectUris: readonly string[];
  /** Schemes without a dot that the redirect URIs may have. */
  readonly privateUseSchemes?: readonly string[] | undefined;
  readonly postLogoutRedirectUris?: readonly string[] | undefined;
  readonly grants: readonly AppGrant[];
  readonly scopes: readonly string[];
  /** Public keys for `private_key_jwt`: a JSON Web Key Set. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined;
  readonly tokenFormat: 'opaque' | 'jwt';
  readonly accessTokenSeconds: number;
  readonly refreshTokenDays: number;
  readonly grantDays: number;
  readonly rotatesRefreshTokens: boolean;
  readonly refreshGraceSeconds: number;
  readonly branding: Branding;
}

/** Returns which settings cannot be combined, as a sentence with the field’s name; `undefined` when all can. */
export function problemOfApp(
  app: Pick<
    AppSettings,
    | 'grants'
    | 'redirectUris'
    | 'privateUseSchemes'
    | 'postLogoutRedirectUris'
    | 'jwks'
    | 'tokenFormat'
    | 'accessTokenSeconds'
    | 'refreshTokenDays'
    | 'grantDays'
  > & { readonly authMethod: AuthMethod },
): string | undefined {
  const has = (grant: AppGrant) => app.grants.includes(grant);
  if (has('authorizationCode') && app.redirectUris.length === 0)
    return 'redirectUris: the grant authorizationCode needs at least one.';
  for (const name of ['redirectUris', 'postLogoutRedirectUris'] as const) {
    for (const uri of app[name] ?? []) {
      const problem = problemOfRedirectUri(uri, app.privateUseSchemes);
      if (problem !== undefined) return `${name}: ${uri} ${problem}.`;
    }
  }
  if (has('clientCredentials') && app.authMethod === 'none')
    return 'grants: clientCredentials needs an authMethod other than none.';
  if (has('refreshToken') && !has('authorizationCode') && !has('deviceCode'))
    return 'grants: refreshToken needs authorizationCode or deviceCode beside it.';
  if ((app.authMethod === 'private_key_jwt') !== (app.jwks !== undefined))
    return 'jwks: required for the authMethod private_key_jwt, and not allowed for any other.';
  if (app.tokenFormat === 'jwt' && app.accessTokenSeconds > 600)
    return 'accessTokenSeconds: at most 600 with the tokenFormat jwt, because a JWT cannot be revoked.';
  if (app.refreshTokenDays > app.grantDays)
    return 'refreshTokenDays: must not be more than grantDays.';
  return undefined;
}
