import type { Branding } from './branding.js';
import type { AppGrant, AuthMethod } from './client.js';

/** What may be set of an app, and changed later. */
export interface AppSettings {
  readonly name: string;
  readonly redirectUris: readonly string[];
  readonly grants: readonly AppGrant[];
  readonly scopes: readonly string[];
  /** Public keys of an app that signs: a JSON Web Key Set. */
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined;
  readonly tokenFormat: 'opaque' | 'jwt';
  readonly accessTokenSeconds: number;
  readonly refreshTokenDays: number;
  readonly grantDays: number;
  readonly rotatesRefreshTokens: boolean;
  readonly refreshGraceSeconds: number;
  readonly branding: Branding;
}

/** What does not go together in an app, as a sentence; `undefined` when all does. */
export function problemOfApp(
  app: Pick<
    AppSettings,
    | 'grants'
    | 'redirectUris'
    | 'jwks'
    | 'tokenFormat'
    | 'accessTokenSeconds'
    | 'refreshTokenDays'
    | 'grantDays'
  > & { readonly authMethod: AuthMethod },
): string | undefined {
  const has = (grant: AppGrant) => app.grants.includes(grant);
  if (has('authorizationCode') && app.redirectUris.length === 0)
    return 'redirectUris: authorizationCode needs one at least.';
  if (has('clientCredentials') && app.authMethod === 'none')
    return 'grants: clientCredentials is for apps that prove who they are; this one does not.';
  if (has('refreshToken') && !has('authorizationCode') && !has('deviceCode'))
    return 'grants: refreshToken goes with authorizationCode or deviceCode.';
  if ((app.authMethod === 'private_key_jwt') !== (app.jwks !== undefined))
    return 'jwks: is for private_key_jwt, which needs it.';
  if (app.tokenFormat === 'jwt' && app.accessTokenSeconds > 600)
    return 'accessTokenSeconds: a JWT cannot be revoked: 600 at most.';
  if (app.refreshTokenDays > app.grantDays)
    return 'refreshTokenDays: must not be more than grantDays.';
  return undefined;
}
