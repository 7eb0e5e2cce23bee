import { randomBytes } from 'node:crypto';

import type { AdapterPayload } from 'oidc-provider';

import type { OAuthAppRow } from '../store.js';
import { readRedirectTimes, type RedirectTimes } from './redirects.js';

const GRANT_TYPES = {
  authorizationCode: 'authorization_code',
  refreshToken: 'refresh_token',
  clientCredentials: 'client_credentials',
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
} as const;
export type AppGrant = keyof typeof GRANT_TYPES;
export const APP_GRANTS = Object.keys(GRANT_TYPES) as readonly AppGrant[];

export const AUTH_METHODS = ['client_secret', 'private_key_jwt', 'none'] as const;
export type AuthMethod = (typeof AUTH_METHODS)[number];

/** The hub’s own metadata of an app, beside the client metadata of OAuth: https://www.rfc-editor.org/rfc/rfc7591#section-2 */
export interface HubMetadata {
  readonly organizationId: string;
  readonly isJwt: boolean;
  readonly accessTokenSeconds: number;
  readonly refreshTokenSeconds: number;
  readonly grantSeconds: number;
  readonly rotates: boolean;
  readonly graceSeconds: number;
  readonly redirectTimes: RedirectTimes;
}
export const HUB_METADATA = 'hub';

/** Returns the hub’s own metadata of a client of the library. */
export function hubOf(client: object): HubMetadata {
  return (client as { [HUB_METADATA]: HubMetadata })[HUB_METADATA];
}

/**
 * Returns an app as client metadata of the authorization server; `undefined` when it is disabled or deleted. It does
 * not contain the secret: server/providerPatches.ts compares hashes.
 */
export function clientOf(row: OAuthAppRow): AdapterPayload | undefined {
  if (row.status !== 'active') return undefined;
  const grants = APP_GRANTS.filter((grant) => row.grants.includes(grant));
  const hasCode = grants.includes('authorizationCode');
  const hub: HubMetadata = {
    organizationId: row.organization,
    isJwt: row.tokenFormat === 'jwt',
    accessTokenSeconds: row.accessTokenSeconds,
    refreshTokenSeconds: row.refreshTokenDays * 86_400,
    grantSeconds: row.grantDays * 86_400,
    rotates: row.rotatesRefreshTokens,
    graceSeconds: row.refreshGraceSeconds,
    redirectTimes: readRedirectTimes(row),
  };
  return {
    client_id: row.id,
    client_name: row.name,
    application_type: isNative(row) ? 'native' : 'web',
    // The library accepts a secret in the body as well with this method.
    token_endpoint_auth_method: methodOf(row.authMethod as AuthMethod),
    ...(row.authMethod === 'client_secret' && { client_secret: PLACEHOLDER }),
    ...(row.jwks !== undefined && {
      jwks: JSON.parse(row.jwks) as NonNullable<AdapterPayload['jwks']>,
    }),
    redirect_uris: [...row.redirectUris],
    response_types: hasCode ? ['code'] : [],
    grant_types: grants.map((grant) => GRANT_TYPES[grant]),
    scope: row.scopes.join(' '),
    [HUB_METADATA]: hub,
  };
}

/**
 * The library requires a secret for an app that authenticates with one; server/providerPatches.ts compares the hashes
 * instead. Random, so that it would not work as a secret even if the library compared it.
 */
const PLACEHOLDER = randomBytes(32).toString('base64url');

function methodOf(method: AuthMethod) {
  return method === 'client_secret' ? 'client_secret_basic' : method;
}

/**
 * Returns whether an app runs on users’ own devices, where any program can imitate it: consent is requested each time,
 * and loopback redirect URIs match with any port. https://www.rfc-editor.org/rfc/rfc8252#section-8.6
 */
function isNative({ authMethod, redirectUris }: OAuthAppRow): boolean {
  return authMethod === 'none' || redirectUris.some((uri) => !uri.startsWith('https:'));
}
