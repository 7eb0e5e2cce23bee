import {
  date,
  defineClass,
  list,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

/** See src/oauth/README.md. */
export const OAuthGrant = defineClass({
  name: 'OAuthGrant',
  summary: 'The permission that a user gave an OAuth app, and the organization it is for.',
  fields: {
    user: pointer('_User')('The user who approved it and whom its tokens act for.'),
    app: pointer('OAuthApp')(),
    organization: pointer(ORGANIZATION_CLASS).optional(
      'The organization that its tokens act in; empty when the app requested only the identity of the user.',
    ),
    scopes: list<string>()('The scopes that were approved.'),
    payload: text('The data of the authorization server, encrypted.'),
    expiresAt: date('When the grant expires.'),
  },
  indexes: {
    byUser: ['user', 'createdAt'],
    byApp: ['app', 'createdAt'],
    byOrganization: ['organization', 'createdAt'],
    byExpiry: ['expiresAt'],
  },
  audited: ['scopes'],
  read: 'masterKey',
});
