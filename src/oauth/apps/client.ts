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

export const APPLICATION_TYPES = ['web', 'native'] as const;
export type ApplicationType = (typeof APPLICATION_TYPES)[number];

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
  readonly isNative: boolean;
  readonly isPublic: boolean;
  readonly postLogoutRedirectUris: readonly string[];
  /** The scopes of a request that names none. */
  readonly defaultScopes: readonly string[];
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
    isNative: applicationTypeOf(row) === 'native',
    isPublic: row.authMethod === 'none',
    postLogoutRedirectUris: row.postLogoutRedirectUris ?? [],
    defaultScopes: row.scopes.filter((scope) => scope !== OFFLINE),
  };
  // An app that may refresh may also say so: https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess
  const scopes = new Set([...row.scopes, ...(grants.includes('refreshToken') ? [OFFLINE] : [])]);
  return {
    client_id: row.id,
    client_name: row.name,
    // For the library, this says only which redirect URIs there may be, and that a loopback address has any port.
    application_type: row.redirectUris.every(isHttps) ? 'web' : 'native',
    // The library accepts a secret in the body as well with this method.
    token_endpoint_auth_method: methodOf(row.authMethod as AuthMethod),
    ...(row.authMethod === 'client_secret' && { client_secret: PLACEHOLDER }),
    ...(row.jwks !== undefined && {
      jwks: JSON.parse(row.jwks) as NonNullable<AdapterPayload['jwks']>,
    }),
    redirect_uris: [...row.redirectUris],
    response_types: hasCode ? ['code'] : [],
    grant_types: grants.map((grant) => GRANT_TYPES[grant]),
    scope: [...scopes].join(' '),
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

const OFFLINE = 'offline_access';

type TypedApp = Pick<OAuthAppRow, 'applicationType' | 'authMethod' | 'redirectUris'>;

/**
 * Returns whether an app runs on users’ own devices, as the app says. By default it does when it has no secret and its redirect
 * URIs are all loopback addresses or private schemes.
 */
export function applicationTypeOf({
  applicationType,
  authMethod,
  redirectUris,
}: TypedApp): ApplicationType {
  if (applicationType !== undefined) return applicationType === 'native' ? 'native' : 'web';
  const isOnDevices = authMethod === 'none' && !redirectUris.some(isHttps);
  return isOnDevices ? 'native' : 'web';
}

/**
 * Returns whether consent is requested each time: from a native app, and from an app without a secret that is not redirected to
 * an https:// URL, because any program on the device could imitate it. https://www.rfc-editor.org/rfc/rfc8252#section-8.6
 */
export function isConsentForgotten(
  { isNative, isPublic }: Pick<HubMetadata, 'isNative' | 'isPublic'>,
  redirectUri: unknown,
): boolean {
  return isNative || (isPublic && !(typeof redirectUri === 'string' && isHttps(redirectUri)));
}

function isHttps(uri: string): boolean {
  return uri.startsWith('https:');
}
