import { defineErrors } from '../contract/index.js';

/** Codes 8201 to 8299; those of the pages begin at 8260. */
export const oauthErrors = defineErrors({
  OAuthAppNotFound: {
    code: 8201,
    status: 404,
    message: 'There is no such OAuth app in this organization.',
  },
  OAuthAppChanged: {
    code: 8202,
    status: 409,
    message:
      'Another request changed this OAuth app at the same time. Load it again with getOAuthApp and retry.',
  },
  OAuthAppCountReached: {
    code: 8203,
    status: 422,
    message: 'An organization has at most {max} OAuth apps. Delete one first.',
  },
  OAuthAppWithoutSecret: {
    code: 8204,
    status: 409,
    message:
      'This OAuth app has no client secret to replace: its authMethod is private_key_jwt or none.',
  },
  OAuthAppOwnerNotFound: {
    code: 8205,
    status: 404,
    message:
      'The ownerId must be the id of a member of the organization. With the master key it is required.',
  },
  OAuthAppUnfit: {
    code: 8206,
    status: 400,
    message: 'These settings of an OAuth app cannot be combined. {problems}',
  },
  OAuthGrantNotFound: {
    code: 8207,
    status: 404,
    message: 'There is no such grant, or you may not revoke it.',
  },
  OAuthScopeUnknown: {
    code: 8208,
    status: 400,
    message:
      'An OAuth app cannot request these scopes: {scopes}. getOAuthScopes lists the scopes that exist.',
  },
  OAuthStepExpired: {
    code: 8210,
    status: 410,
    message:
      'This page has expired or belongs to another browser. Go back to the app and start again.',
  },
  OAuthChoiceNotOffered: {
    code: 8212,
    status: 400,
    message: 'Choose one of the organizations and at least one of the scopes that the page offers.',
  },
  OAuthAppDisabled: {
    code: 8213,
    status: 403,
    message:
      'This app has been disabled by its owner. Contact the owner of the app, who can enable it with updateOAuthApp.',
  },
  LogoutNotValid: {
    code: 8214,
    status: 400,
    message: 'The request to log out is not valid: {problem}',
  },
  FormNotOurs: {
    code: 8260,
    status: 403,
    message:
      'The form was not sent from the page that it belongs to. Reload the page and send it again.',
  },
});
