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
    message: 'Another request changed this API key at the same time. Load it again and retry.',
  },
  ApiKeyNotActive: {
    code: 8103,
    status: 409,
    message: 'The API key is revoked or expired. Create a new one.',
  },
  ApiKeyCountReached: {
    code: 8104,
    status: 422,
    message: 'An organization has at most {max} API keys that are not revoked. Revoke one first.',
  },
  ScopesNotHeld: {
    code: 8105,
    status: 403,
    message: 'An API key cannot have more permissions than its owner, who does not have: {scopes}.',
  },
  OwnerNotFound: {
    code: 8106,
    status: 404,
    message:
      'The ownerId must be the id of a member of the organization. With the master key it is required.',
  },
  CredentialsMixed: {
    code: 8107,
    status: 400,
    message:
      'Send one credential only: an API key or an access token, without another one, a session token or a master key beside it.',
  },
  FunctionsOnly: {
    code: 8108,
    status: 403,
    message:
      'API keys and access tokens can call cloud functions and classes, alone or in a batch, and no other path of Parse Server.',
  },
  OutOfScope: {
    code: 8113,
    status: 403,
    message:
      'The scopes of this key or token do not cover {what}, or its owner may not do that any more.',
  },
  LeakReportsLimited: {
    code: 8114,
    status: 429,
    message: 'Too many leak reports came from this address. Try again in {seconds} seconds.',
  },
  ApiKeyOfAnother: {
    code: 8115,
    status: 403,
    message:
      'This API key acts as another member, so you cannot allow it more ({settings}). Rotate it with rotateApiKey: the new secret acts as you, and you can change it.',
  },
  ApiKeyAddressNotAllowed: {
    code: 8109,
    status: 403,
    message: 'The addresses of this API key do not include the address of this request.',
  },
  ApiKeyOriginNotAllowed: {
    code: 8110,
    status: 403,
    message: 'The origins of this API key do not include the Origin header of this request.',
  },
  ApiKeyEnvironmentNotTaken: {
    code: 8111,
    status: 403,
    message: 'This server does not accept {environment} keys.',
  },
  ApiKeyLimitReached: {
    code: 8112,
    status: 429,
    message: 'The limit of {limit} of this API key is reached. Try again in {seconds} seconds.',
  },
});
