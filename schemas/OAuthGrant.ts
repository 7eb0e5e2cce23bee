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
  summary: 'What a person lets an OAuth app do, and in which organization.',
  fields: {
    user: pointer('_User')('Who approved it, and in whose name its tokens act.'),
    app: pointer('OAuthApp')(),
    organization: pointer(ORGANIZATION_CLASS).optional(
      'In which its tokens act; empty where only who the person is was asked.',
    ),
    scopes: list<string>()('What was approved.'),
    payload: text('What the authorization server notes of it, sealed.'),
    expiresAt: date('Until when it lasts.'),
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
