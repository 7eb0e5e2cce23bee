import { defineConnector, path } from '../../src/contract/index.js';
import { createCall, getCall, listCalls, updateCall } from './calls.js';
import { failures, limits, triggers } from './facts.js';
import { deleteMessage, getMessage, listMessages, sendMessage, updateMessage } from './messages.js';
import { listPhoneNumbers, lookupPhoneNumber } from './numbers.js';
import { ACCOUNT, API } from './shapes.js';
import {
  checkVerification,
  createVerifyService,
  getVerification,
  listVerifyServices,
  startVerification,
  updateVerification,
} from './verify.js';

const ACCOUNT_SID = {
  title: 'Account SID',
  pattern: 'AC[0-9a-fA-F]{32}',
  help: 'Account Info on the first page of the Twilio Console',
  example: ACCOUNT,
} as const;

export const twilio = defineConnector({
  key: 'twilio',
  name: 'Twilio',
  category: 'communication',
  description: 'Send SMS and WhatsApp messages, make calls, look up numbers, and verify users.',
  docs: 'https://www.twilio.com/docs/usage/api',
  support: 'official',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'Copy the Account SID from Account Info on the first page of https://console.twilio.com.',
    'Under Account management, API keys & tokens, choose Create API key: Standard, or Restricted with what you need.',
    'Give a restricted key permission to read Phone Numbers (Incoming Phone Numbers) too: that is how the hub tests it.',
    'Copy the SID of the key, which begins with SK, and its secret, which is shown once.',
    'For a subaccount: the SID of the subaccount, and a key of its own or the Auth Token of the main account.',
  ],
  servers: {
    api: 'https://api.twilio.com/2010-04-01/Accounts/{accountSid}',
    lookups: 'https://lookups.twilio.com',
    verify: 'https://verify.twilio.com',
  },
  // In a path it has only the characters of host names, so that it cannot change the path.
  fields: { accountSid: { ...ACCOUNT_SID, type: 'host' } },
  // https://www.twilio.com/docs/usage/requests-to-twilio
  auth: {
    apiKey: {
      kind: 'basic',
      title: 'API key',
      username: {
        title: 'SID of the key',
        type: 'text',
        pattern: 'SK[0-9a-fA-F]{32}',
        help: 'Account management, API keys & tokens in the Twilio Console',
        example: 'SKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      },
      password: { title: 'Secret of the key', type: 'secret', help: 'Shown when it is created' },
    },
    authToken: {
      kind: 'basic',
      title: 'Auth Token',
      // The token of the main account may act for its subaccounts.
      username: { ...ACCOUNT_SID, title: 'Account SID of the token', type: 'text' },
      password: {
        title: 'Auth Token',
        type: 'secret',
        pattern: '[0-9a-f]{32}',
        help: 'Account Info on the first page of the Twilio Console',
      },
    },
  },
  test: {
    // Only main keys may read the account itself: https://www.twilio.com/docs/iam/api-keys/keys-in-console
    request: { method: 'GET', path: path`/IncomingPhoneNumbers.json`, query: { PageSize: 1 } },
    identity: { id: { at: '/uri', matches: '/Accounts/(AC[0-9a-fA-F]{32})/' } },
    example: {
      url: `${API}/IncomingPhoneNumbers.json?PageSize=1`,
      body: {
        start: 0,
        end: 0,
        page: 0,
        page_size: 1,
        incoming_phone_numbers: [],
        next_page_uri: null,
        previous_page_uri: null,
        uri: `/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers.json?PageSize=1&Page=0`,
      },
    },
  },
  actions: [
    sendMessage,
    getMessage,
    listMessages,
    updateMessage,
    deleteMessage,
    createCall,
    getCall,
    listCalls,
    updateCall,
    listPhoneNumbers,
    lookupPhoneNumber,
    createVerifyService,
    listVerifyServices,
    startVerification,
    getVerification,
    updateVerification,
    checkVerification,
  ],
  triggers,
  sync: [
    { name: 'messages', action: 'listMessages', id: '/sid' },
    { name: 'calls', action: 'listCalls', id: '/sid' },
    { name: 'phoneNumbers', action: 'listPhoneNumbers', id: '/sid' },
  ],
  limits,
  failures,
  example: { accountSid: ACCOUNT },
});
