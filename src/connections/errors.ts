import { defineErrors } from '../contract/index.js';

/** 7700 to 7799. */
export const connectionErrors = defineErrors({
  ConnectionNotFound: {
    code: 7701,
    status: 404,
    message: 'There is no such connection in this organization.',
  },
  ConnectionChanged: {
    code: 7702,
    status: 409,
    message: 'Somebody else changed the connection at the same moment. Read it and try again.',
  },
  ConnectionNotUsable: {
    code: 7703,
    status: 409,
    message: 'The connection cannot be used now, its state is {state}: {problem}.',
  },
  ConsentNeeded: {
    code: 7704,
    status: 422,
    message: 'This way to connect needs a person’s consent: call startConnection.',
  },
  ConsentNotNeeded: {
    code: 7705,
    status: 422,
    message: 'This way to connect needs no consent: call createConnection with the credential.',
  },
  ClientMissing: {
    code: 7706,
    status: 422,
    message:
      'There is no OAuth client for {connector}: pass clientId and clientSecret, or have the operator set one up.',
  },
  AttemptNotValid: {
    code: 7707,
    status: 409,
    message:
      'This attempt to connect is over: it was finished, replaced by another, or took longer than {minutes} minutes. Start again.',
  },
  ConsentRefused: {
    code: 7708,
    status: 422,
    message: 'Consent was refused by {connector}: {problem}.',
  },
  ReturnUrlNotAllowed: {
    code: 7709,
    status: 422,
    message: 'The returnUrl must begin with one of the addresses that the operator allows.',
  },
  CredentialRefused: {
    code: 7710,
    status: 422,
    message: 'The credential was refused by {connector}: {problem}.',
  },
  ServiceUnreachable: {
    code: 7711,
    status: 502,
    message: 'No usable answer came from {connector}: {problem}.',
  },
  BrowserNotKnown: {
    code: 7713,
    status: 403,
    message:
      'This browser did not begin this attempt to connect, so nothing was connected. Begin in your app, in this browser, with cookies allowed.',
  },
});
