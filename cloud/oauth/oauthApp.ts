import { z } from 'zod';

import { displayName, parseUrl } from '../../src/contract/index.js';
import {
  APP_GRANTS,
  type AppGrant,
  APPLICATION_TYPES,
  applicationTypeOf,
  AUTH_METHODS,
  credentialsOf,
  GRACE_SECONDS,
  GRACE_SECONDS_MAX,
  IDENTITY_SCOPES,
  type OAuthAppRow,
  problemOfPrivateUseScheme,
  problemOfRedirectUri,
  readBranding,
} from '../../src/oauth/index.js';
import { SCOPE_NAME } from '../../src/scopes/index.js';

export const oauthAppId = z
  .string()
  .min(1)
  .max(64)
  .describe('The id of the app, which is its client_id.');

/** The secret itself, in the result that shows it. */
export const shownSecret = z
  .string()
  .describe('The client_secret. It is shown once and cannot be read again.');

const redirectUri = z
  .string()
  .max(2_000)
  .superRefine((text, context) => {
    // Whether its scheme is among the privateUseSchemes of the app is checked with the other settings.
    const scheme = parseUrl(text)?.protocol.slice(0, -1) ?? '';
    const problem = problemOfRedirectUri(text, [scheme]);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

const privateUseScheme = z.string().superRefine((text, context) => {
  const problem = problemOfPrivateUseScheme(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

export const scopeName = z
  .string()
  .refine((name) => IDENTITY_SCOPES.includes(name) || SCOPE_NAME.test(name), {
    error: 'must be noun:verb, such as webhooks:read, or openid, profile, email, offline_access',
  });
const SCOPES_MAX = 200;

export const scopeDescription = z.strictObject({ name: z.string(), description: z.string() });
const webAddress = z.url({ protocol: /^https$/, error: 'must be an https:// URL' }).max(2_000);

/** A public key. Keys with private members are refused. */
const publicKey = z
  .looseObject({ kty: z.enum(['EC', 'RSA', 'OKP']), kid: z.string().max(200).optional() })
  .refine((key) => !['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].some((name) => name in key), {
    error: 'must be a public key: remove its private members (d, p, q, dp, dq, qi, k, oth)',
  })
  .refine((key) => JSON.stringify(key).length <= 10_000, {
    error: 'must be at most 10000 characters as JSON',
  });

const DAYS_MAX = 3_650;

export const authMethodParam = z
  .enum(AUTH_METHODS)
  .describe(
    'How the app authenticates: client_secret (in a header or in the body), private_key_jwt (a signed assertion, with a key of jwks), or none for apps on users’ own devices.',
  );

/** The settings of an app, as parameters. */
export const settingParams = {
  name: displayName.describe('Shown on the consent page.'),
  redirectUris: z
    .array(redirectUri)
    .max(20)
    .describe(
      'Where users are redirected to; compared exactly. https://, http:// for a loopback address (any port matches), or a private scheme: with a dot, or listed in privateUseSchemes.',
    ),
  applicationType: z
    .enum(APPLICATION_TYPES)
    .describe(
      'native for an app that runs on users’ own devices, where consent is requested each time. Default: web; native for authMethod none without an https:// redirect URI.',
    ),
  privateUseSchemes: z
    .array(privateUseScheme)
    .max(10)
    .describe(
      'Schemes without a dot that its redirect URIs may have, such as vscode. Any app on a device can claim one: only for apps that cannot have a scheme with a dot.',
    ),
  postLogoutRedirectUris: z
    .array(redirectUri)
    .max(20)
    .describe(
      'Where users may be redirected to after the app has logged them out at end_session_endpoint; compared like redirectUris.',
    ),
  isVerified: z
    .boolean()
    .describe(
      'Whether the consent page shows the app as verified. Only the master key may set it; a member who changes the name, the branding or a redirect host removes it.',
    ),
  grants: z
    .array(z.enum(APP_GRANTS as [AppGrant, ...AppGrant[]]))
    .min(1)
    .max(APP_GRANTS.length)
    .describe('The grant types that it may use to get tokens.'),
  scopes: z
    .array(scopeName)
    .min(1)
    .max(SCOPES_MAX)
    .describe('The scopes that it may request; getOAuthScopes lists all.'),
  jwks: z
    .strictObject({ keys: z.array(publicKey).min(1).max(10) })
    .describe('Its public keys, for private_key_jwt. The hub never fetches keys from a URL.'),
  tokenFormat: z
    .enum(['opaque', 'jwt'])
    .describe(
      'jwt: other services can verify access tokens by themselves, but do not see revocations.',
    ),
  accessTokenSeconds: z
    .number()
    .int()
    .min(60)
    .max(86_400)
    .describe(
      'How long an access token lasts, 60 to 86400 seconds; at most 600 with tokenFormat jwt.',
    ),
  refreshTokenDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .describe('How many days an unused refresh token lasts.'),
  grantDays: z
    .number()
    .int()
    .min(1)
    .max(DAYS_MAX)
    .describe('How many days a grant lasts in total.'),
  rotatesRefreshTokens: z
    .boolean()
    .describe(
      'Whether each use of a refresh token returns a new one. Apps without a secret always get a new one.',
    ),
  refreshGraceSeconds: z
    .number()
    .int()
    .min(0)
    .max(GRACE_SECONDS_MAX)
    .describe(
      'How long a used refresh token returns the same successor again, in case a response was lost. A later use ends the grant with all its tokens.',
    ),
  branding: z
    .strictObject({
      logoUrl: webAddress.optional(),
      color: z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/, 'must be a color such as #1a2b3c')
        .optional(),
      text: z.string().max(500).optional().describe('A sentence or two beneath the name.'),
      links: z
        .strictObject({
          website: webAddress.optional(),
          privacy: webAddress.optional(),
          terms: webAddress.optional(),
        })
        .optional(),
    })
    .describe('How the app looks on the log-in and consent pages.'),
};

export const DEFAULTS = {
  tokenFormat: 'opaque',
  accessTokenSeconds: 600,
  refreshTokenDays: 30,
  grantDays: 365,
  rotatesRefreshTokens: true,
  refreshGraceSeconds: GRACE_SECONDS,
} as const;

export const oauthApp = z.strictObject({
  id: z.string().describe('Its client_id.'),
  name: z.string(),
  status: z.enum(['active', 'disabled']),
  ownerId: z
    .string()
    .describe('The member who issued the newest secret or key of the app; see credentials.'),
  authMethod: z.enum(AUTH_METHODS),
  applicationType: z.enum(APPLICATION_TYPES),
  isVerified: z.boolean().describe('Whether the host has verified the app.'),
  redirectUris: z.array(z.string()),
  privateUseSchemes: z.array(z.string()),
  postLogoutRedirectUris: z.array(z.string()),
  grants: z.array(z.enum(APP_GRANTS as [AppGrant, ...AppGrant[]])),
  scopes: z.array(z.string()),
  jwks: z.strictObject({ keys: z.array(z.record(z.string(), z.json())) }).optional(),
  tokenFormat: z.enum(['opaque', 'jwt']),
  accessTokenSeconds: z.number(),
  refreshTokenDays: z.number(),
  grantDays: z.number(),
  rotatesRefreshTokens: z.boolean(),
  refreshGraceSeconds: z.number(),
  branding: settingParams.branding,
  secretStart: z.string().optional().describe('The first characters of the secret.'),
  secretChangedAt: z.iso.datetime().optional(),
  previousSecretUntil: z.iso
    .datetime()
    .optional()
    .describe('Until when the previous secret works.'),
  credentials: z
    .array(
      z.strictObject({
        kind: z.enum(['secret', 'previousSecret', 'key']),
        keyId: z.string().optional().describe('The kid of the key.'),
        actsAs: z
          .string()
          .describe(
            'The member who issued it. Tokens that the app gets with it for itself (client credentials) act as them.',
          ),
        scopes: z
          .array(z.string())
          .describe(
            'The scopes of such tokens, as far as the member has them. Empty: it gets none. It gains scopes when its issuer changes scopes or grants of the app, or when a member issues a new secret or key.',
          ),
      }),
    )
    .describe('The valid secrets and keys of the app, and what it can do with each for itself.'),
  createdAt: z.iso.datetime(),
});

export function showOAuthApp(row: OAuthAppRow, now: Date): z.input<typeof oauthApp> {
  const { id, name, owner, redirectUris, scopes, jwks, secretStart } = row;
  const { secretChangedAt, previousUntil, createdAt } = row;
  return {
    id,
    name,
    ownerId: owner,
    redirectUris: [...redirectUris],
    scopes: [...scopes],
    status: row.status === 'active' ? 'active' : 'disabled',
    authMethod: row.authMethod as z.input<typeof authMethodParam>,
    applicationType: applicationTypeOf(row),
    isVerified: row.isVerified === true,
    privateUseSchemes: [...(row.privateUseSchemes ?? [])],
    postLogoutRedirectUris: [...(row.postLogoutRedirectUris ?? [])],
    grants: [...(row.grants as readonly AppGrant[])],
    ...(jwks !== undefined && { jwks: JSON.parse(jwks) as z.input<typeof oauthApp>['jwks'] }),
    tokenFormat: row.tokenFormat === 'jwt' ? 'jwt' : 'opaque',
    accessTokenSeconds: row.accessTokenSeconds,
    refreshTokenDays: row.refreshTokenDays,
    grantDays: row.grantDays,
    rotatesRefreshTokens: row.rotatesRefreshTokens,
    refreshGraceSeconds: row.refreshGraceSeconds,
    branding: readBranding(row.branding),
    ...(secretStart !== undefined && { secretStart }),
    ...(secretChangedAt && { secretChangedAt: secretChangedAt.toISOString() }),
    ...(previousUntil &&
      previousUntil > now && { previousSecretUntil: previousUntil.toISOString() }),
    credentials: shownCredentials(row, now),
    createdAt: createdAt.toISOString(),
  };
}

function shownCredentials(row: OAuthAppRow, now: Date) {
  const { previousUntil, scopes: allowed, grants } = row;
  const isOver = previousUntil === undefined || previousUntil <= now;
  return credentialsOf(row)
    .filter(({ kind }) => kind !== 'previousSecret' || !isOver)
    .map(({ kind, keyId, issuer, scopes }) => ({
      kind,
      ...(keyId !== undefined && { keyId }),
      actsAs: issuer,
      scopes: grants.includes('clientCredentials')
        ? scopes.filter((scope) => allowed.includes(scope))
        : [],
    }));
}

export const oauthAppExample: z.input<typeof oauthApp> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pdk',
  name: 'Warehouse',
  status: 'active',
  ownerId: 'u8Qe0ZbKdA',
  authMethod: 'client_secret',
  applicationType: 'web',
  isVerified: false,
  redirectUris: ['https://warehouse.example.com/callback'],
  privateUseSchemes: [],
  postLogoutRedirectUris: [],
  grants: ['authorizationCode', 'refreshToken'],
  scopes: ['openid', 'webhooks:read'],
  ...DEFAULTS,
  branding: { links: { website: 'https://warehouse.example.com' } },
  secretStart: 'hub_ocs_4fTq',
  credentials: [{ kind: 'secret', actsAs: 'u8Qe0ZbKdA', scopes: [] }],
  createdAt: '2026-01-02T03:04:05.000Z',
};

/** Looks like a secret, but its checksum is wrong. */
export const SECRET_EXAMPLE = 'hub_ocs_4fTqExampleExampleExampleExampleExampleExam000000';
