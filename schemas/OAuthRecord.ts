import { date, defineClass, text } from '../src/contract/index.js';

/** See src/oauth/README.md. The id follows from the SHA-256 of what it is found by: the token, the code, the cookie. */
export const OAuthRecord = defineClass({
  name: 'OAuthRecord',
  summary: 'A token, a code, a sign-in or a step of the authorization server, found by its hash.',
  fields: {
    kind: text('What it is, in the terms of the authorization server.'),
    app: text.optional('The id of the app that it was made for.'),
    grant: text.optional('The id of the grant that it belongs to.'),
    lookup: text.optional('Hash of the second thing that it is found by, where there is one.'),
    payload: text('What it says, sealed.'),
    consumedAt: date.optional('When it was used, where it may be used once.'),
    successor: text.optional('What its successor is made of, sealed.'),
    expiresAt: date.optional('From then on it is worth nothing.'),
  },
  indexes: {
    byGrant: ['grant'],
    byApp: ['app'],
    byLookup: ['lookup'],
    byExpiry: ['expiresAt'],
  },
  read: 'masterKey',
});
