import { defineErrors } from '../contract/index.js';

/** 8201 to 8299, from 8260 on those of the pages. */
export const oauthErrors = defineErrors({
  OAuthAppNotFound: {
    code: 8201,
    status: 404,
    message: 'There is no such OAuth app in this organization.',
  },
  OAuthAppChanged: {
    code: 8202,
    status: 409,
    message: 'Somebody else changed the OAuth app at the same moment. Read it and try again.',
  },
  OAuthAppCountReached: {
    code: 8203,
    status: 422,
    message: 'An organization has at most {max} OAuth apps. Delete one first.',
  },
  OAuthAppWithoutSecret: {
    code: 8204,
    status: 409,
    message: 'This OAuth app has no secret: it proves who it is in another way, or not at all.',
  },
  OAuthAppOwnerNotFound: {
    code: 8205,
    status: 404,
    message:
      'An OAuth app needs a keeper: the master key names a member of the organization as ownerId.',
  },
  OAuthAppUnfit: {
    code: 8206,
    status: 400,
    message: 'An OAuth app cannot be like this. {problems}',
  },
  OAuthGrantNotFound: {
    code: 8207,
    status: 404,
    message: 'There is no such grant, or it is not yours.',
  },
  OAuthScopeUnknown: {
    code: 8208,
    status: 400,
    message: 'No OAuth app can ask for: {scopes}. getOAuthScopes lists what it can.',
  },
  OAuthStepExpired: {
    code: 8210,
    status: 410,
    message: 'This page is no longer good. Go back to the app and begin again.',
  },
  OAuthChoiceNotOffered: {
    code: 8212,
    status: 400,
    message: 'Choose one of the organizations and some of the scopes that the page offers.',
  },
  FormNotOurs: {
    code: 8260,
    status: 403,
    message: 'The form was not sent from the page that it belongs to. Load the page anew.',
  },
});
