import { defineErrors } from '../contract/index.js';

/** 8100 to 8199. */
export const apiKeyErrors = defineErrors({
  ApiKeyNotFound: {
    code: 8101,
    status: 404,
    message: 'There is no such API key in this organization.',
  },
  ApiKeyChanged: {
    code: 8102,
    status: 409,
    message: 'Somebody else changed the API key at the same moment. Read it and try again.',
  },
  ApiKeyNotActive: {
    code: 8103,
    status: 409,
    message: 'The API key is revoked or expired: make another one.',
  },
  ApiKeyCountReached: {
    code: 8104,
    status: 422,
    message: 'An organization has at most {max} API keys that are not revoked. Revoke one first.',
  },
  ScopesNotHeld: {
    code: 8105,
    status: 403,
    message: 'A key can do no more than its keeper, who does not have: {scopes}.',
  },
  OwnerNotFound: {
    code: 8106,
    status: 404,
    message: 'A key needs a keeper: the master key names a member of the organization as ownerId.',
  },
  CredentialsMixed: {
    code: 8107,
    status: 400,
    message:
      'Send one credential: an API key or a token, and neither a second one nor a session token or a master key beside it.',
  },
  FunctionsOnly: {
    code: 8108,
    status: 403,
    message:
      'API keys and tokens reach cloud functions and classes, alone or in a batch, and nothing else of Parse Server.',
  },
  OutOfScope: {
    code: 8113,
    status: 403,
    message: 'No scope of this key or token opens {what}, or its person may not do that any more.',
  },
  LeakReportsLimited: {
    code: 8114,
    status: 429,
    message: 'Too many reports came from this address. Try again in {seconds} seconds.',
  },
  ApiKeyAddressNotAllowed: {
    code: 8109,
    status: 403,
    message: 'This API key does not work from this address.',
  },
  ApiKeyOriginNotAllowed: {
    code: 8110,
    status: 403,
    message: 'This API key works from pages of certain origins only, and this is none of them.',
  },
  ApiKeyEnvironmentNotTaken: {
    code: 8111,
    status: 403,
    message: 'This server does not take {environment} keys.',
  },
  ApiKeyLimitReached: {
    code: 8112,
    status: 429,
    message: 'The limit of {limit} of this API key is reached. Try again in {seconds} seconds.',
  },
});
