import type { ConnectorSpec, TriggerSpec } from '../../src/contract/index.js';

// Twilio's limits, errors and callbacks.

/**
 * How many requests at once is a matter of the account, and signaled by 429; a second call within a second waits at
 * Twilio's: https://www.twilio.com/docs/voice/api/call-resource
 */
export const limits = {
  docs: 'https://www.twilio.com/docs/api/errors/20429',
  budgets: [{ requests: 1, perSeconds: 1, scope: 'connection', actions: ['createCall'] }],
  headers: [{ name: 'Retry-After', kind: 'wait', unit: 'retryAfter' }],
} as const satisfies ConnectorSpec['limits'];

/** https://www.twilio.com/docs/api/errors */
export const failures = {
  code: ['/code'],
  message: ['/message'],
  codes: {
    // The credential is wrong, or not valid for this resource.
    20003: 'authentication',
    20005: 'permission',
    20006: 'permission',
    20008: 'permission',
    10001: 'permission',
    10002: 'permission',
    20404: 'notFound',
    20429: 'rateLimit',
    20500: 'provider',
    20503: 'provider',
    10004: 'rateLimit',
    14107: 'rateLimit',
    22005: 'rateLimit',
    21611: 'rateLimit',
    // Numbers and countries that the account may not call or message.
    21210: 'permission',
    21215: 'permission',
    21219: 'permission',
    21408: 'permission',
    21606: 'permission',
    21608: 'permission',
    21610: 'permission',
    60410: 'permission',
    60605: 'permission',
    // A finished call cannot be changed, and a message cannot be deleted while it is sent.
    21220: 'conflict',
    20009: 'conflict',
    // Also 429, but a code allows only five tries: https://www.twilio.com/docs/api/errors/60202
    60202: 'permission',
    60203: 'permission',
    60212: 'rateLimit',
  },
} as const satisfies ConnectorSpec['failures'];

const MESSAGES = 'https://www.twilio.com/docs/messaging/guides/webhook-request';
const DELIVERY = 'https://www.twilio.com/docs/messaging/guides/track-outbound-message-status';
const CALLS = 'https://www.twilio.com/docs/voice/twiml#request-parameters';

export const triggers: readonly TriggerSpec[] = [
  {
    name: 'messageReceived',
    summary: 'A message to a number of the account arrived.',
    docs: MESSAGES,
    match: { at: '/SmsStatus', is: 'received' },
  },
  {
    name: 'messageDelivered',
    summary: 'A message was delivered.',
    docs: DELIVERY,
    match: { at: '/MessageStatus', is: 'delivered' },
  },
  {
    name: 'messageUndelivered',
    summary: 'A message was sent and not delivered.',
    docs: DELIVERY,
    match: { at: '/MessageStatus', is: 'undelivered' },
  },
  {
    name: 'messageFailed',
    summary: 'A message could not be sent.',
    docs: DELIVERY,
    match: { at: '/MessageStatus', is: 'failed' },
  },
  {
    name: 'callReceived',
    summary: 'A call to a number of the account comes in.',
    docs: CALLS,
    match: [
      { at: '/Direction', is: 'inbound' },
      { at: '/CallStatus', is: 'ringing' },
    ],
  },
  {
    name: 'callCompleted',
    summary: 'An answered call has ended.',
    docs: 'https://www.twilio.com/docs/voice/api/call-resource#statuscallbackevent',
    match: { at: '/CallStatus', is: 'completed' },
  },
];
