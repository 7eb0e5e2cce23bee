import { date, defineClass, text } from '../src/contract/index.js';

/** See src/oauth/README.md. The id is derived from the SHA-256 of the token, code or cookie. */
export const OAuthRecord = defineClass({
  name: 'OAuthRecord',
  summary: 'A token, a code, a sign-in or a step of the authorization server, found by its hash.',
  fields: {
    kind: text('The kind of record, as the authorization server names it.'),
    app: text.optional('The id of the app that it was issued to.'),
    grant: text.optional('The id of the grant that it belongs to.'),
    issuer: text.optional('The id of the member as whom a token of the app itself acts.'),
    lookup: text.optional('Hash of its second key, if it has one.'),
    payload: text('The data of the record, encrypted.'),
    consumedAt: date.optional('When it was used, if it can be used only once.'),
    successor: text.optional('The secret that its successor is generated from, encrypted.'),
    expiresAt: date.optional('When the record expires.'),
  },
  indexes: {
    byGrant: ['grant'],
    byApp: ['app'],
    byLookup: ['lookup'],
    byExpiry: ['expiresAt'],
  },
  read: 'masterKey',
});
