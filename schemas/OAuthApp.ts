import {
  date,
  defineClass,
  flag,
  list,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

/** See src/oauth/README.md. Its id is the client id. */
export const OAuthApp = defineClass({
  name: 'OAuthApp',
  summary:
    'A third-party program that users can allow to act for them. Its secret itself is not stored.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)('The organization that registered the app.'),
    name: text('Shown on the consent page.'),
    status: text('active, disabled or deleted.'),
    owner: pointer('_User')(
      'The member who owns the app. Its own tokens (client credentials) act with their permissions.',
    ),
    authMethod: text('How the app authenticates: client_secret, private_key_jwt or none.'),
    redirectUris: list<string>()(
      'Where users are redirected to; compared exactly, except for the port of a loopback address.',
    ),
    applicationType: text.optional(
      'web or native. Empty: native for an app without a secret whose redirect URIs are all loopback addresses or private schemes, otherwise web.',
    ),
    privateUseSchemes: list<string>().optional(
      'Schemes without a dot that its redirect URIs may have, such as vscode.',
    ),
    postLogoutRedirectUris: list<string>().optional(
      'Where users are redirected to after the app has logged them out.',
    ),
    isVerified: flag.optional('Whether the host has verified the app; set by the master key only.'),
    grants: list<string>()('The grant types that it may use to get tokens.'),
    scopes: list<string>()('The scopes that it may request.'),
    jwks: text.optional('Its public keys, as a JSON Web Key Set.'),
    tokenFormat: text('opaque or jwt.'),
    accessTokenSeconds: number('How many seconds an access token lasts.'),
    refreshTokenDays: number('How many days an unused refresh token lasts.'),
    grantDays: number('How many days a grant lasts in total.'),
    rotatesRefreshTokens: flag('Whether each use of a refresh token returns a new one.'),
    refreshGraceSeconds: number(
      'How many seconds a used refresh token returns the same successor again.',
    ),
    branding: text('Logo, color, links and text of its pages, as JSON.'),
    secretStart: text.optional('The first characters of the secret, to recognize it.'),
    hash: text.optional('HMAC-SHA-256 of the secret.'),
    pepper: text.optional('The id of the pepper of the hash.'),
    previousHash: text.optional('HMAC-SHA-256 of the previous secret.'),
    previousPepper: text.optional(),
    previousUntil: date.optional('Until when the previous secret works.'),
    secretChangedAt: date.optional(),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  indexes: {
    byOrganization: ['organization', 'createdAt'],
    byOwner: ['owner'],
  },
  hidden: ['hash', 'previousHash'],
  audited: [
    'status',
    'authMethod',
    'applicationType',
    'redirectUris',
    'privateUseSchemes',
    'postLogoutRedirectUris',
    'grants',
    'scopes',
    'tokenFormat',
  ],
  read: 'acl',
});
