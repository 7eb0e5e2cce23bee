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
    'A program of somebody else’s that people let act in their name. Its secret itself is kept nowhere.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)('Whose app it is.'),
    name: text('Shown to people who are asked to consent.'),
    status: text('active, disabled or deleted.'),
    keeper: pointer('_User')('The member who keeps it: tokens of the app itself act in his name.'),
    authMethod: text('How it proves who it is: client_secret, private_key_jwt or none.'),
    redirectUris: list<string>()('Compared exactly; of a loopback address any port.'),
    grants: list<string>()('Ways in which it may get tokens.'),
    scopes: list<string>()('The most that it may ask for.'),
    jwks: text.optional('Its public keys, as a JSON Web Key Set.'),
    tokenFormat: text('opaque or jwt.'),
    accessTokenSeconds: number('How long an access token lasts.'),
    refreshTokenDays: number('How long a refresh token lasts that is not used.'),
    grantDays: number('How long what a person approved lasts in all.'),
    rotatesRefreshTokens: flag('Whether each use of a refresh token gives another one.'),
    refreshGraceSeconds: number('How long a used refresh token gives the same successor again.'),
    branding: text('Logo, colour, links and text for its pages, as JSON.'),
    secretStart: text.optional('How the secret begins, so that it can be told from others.'),
    hash: text.optional('HMAC-SHA-256 of the secret.'),
    pepper: text.optional('Which pepper made the hash.'),
    previousHash: text.optional('Of the secret before the last change.'),
    previousPepper: text.optional(),
    previousUntil: date.optional('Until when the secret before the last change works.'),
    secretChangedAt: date.optional(),
    revision: number('Counts changes; guards concurrent ones.'),
  },
  indexes: {
    byOrganization: ['organization', 'createdAt'],
    byKeeper: ['keeper'],
  },
  hidden: ['hash', 'previousHash'],
  read: 'acl',
});
