import { defineErrors } from '../contract/index.js';

/** 7700 to 7799. */
export const connectionErrors = defineErrors({
  ConnectionNotFound: {
    code: 7701,
    status: 404,
    message: 'There is no connection with this connectionId in the organization.',
  },
  ConnectionChanged: {
    code: 7702,
    status: 409,
    message: 'Another request changed this connection at the same time. Load it again and retry.',
  },
  ConnectionNotUsable: {
    code: 7703,
    status: 409,
    message: 'The connection cannot be used now. Its state is {state}: {problem}.',
  },
  ConsentNeeded: {
    code: 7704,
    status: 422,
    message: 'This auth method needs a person’s consent. Call startConnection.',
  },
  ConsentNotNeeded: {
    code: 7705,
    status: 422,
    message: 'This auth method needs no consent. Call createConnection with the credential.',
  },
  ClientMissing: {
    code: 7706,
    status: 422,
    message:
      'There is no OAuth client for {connector}. Pass client with clientId and clientSecret, or have the operator add one to oauthClients.',
  },
  OAuthStateNotValid: {
    code: 7707,
    status: 409,
    message:
      'This consent can no longer be finished: it was finished already, a newer one replaced it, or it took longer than {minutes} minutes. Start again.',
  },
  ConsentRefused: {
    code: 7708,
    status: 422,
    message: 'The service {connector} refused the consent: {problem}.',
  },
  ReturnUrlNotAllowed: {
    code: 7709,
    status: 422,
    message:
      'The returnUrl is not allowed. It must begin with one of the URL prefixes in the operator’s returnUrls option.',
  },
  CredentialRefused: {
    code: 7710,
    status: 422,
    message: 'The service {connector} refused the credential: {problem}.',
  },
  ServiceUnreachable: {
    code: 7711,
    status: 502,
    message: 'The service {connector} sent no usable response: {problem}.',
  },
  BrowserNotKnown: {
    code: 7713,
    status: 403,
    message:
      'The consent was started in another browser, so nothing was connected. Start again from your app, in this browser, with cookies allowed.',
  },
});
