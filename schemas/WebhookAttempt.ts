import {
  date,
  defineClass,
  json,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

export const WebhookAttempt = defineClass({
  name: 'WebhookAttempt',
  summary: 'One attempt to deliver, with what the receiver answered.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    webhook: pointer('Webhook')(),
    delivery: pointer('WebhookDelivery')(),
    number: number('1 for the first attempt.'),
    url: text('Where it was sent.'),
    outcome: text('delivered, retry or dead.'),
    status: number.optional('HTTP status of the answer; empty when there was none.'),
    problem: text.optional('Why there was no usable answer, in words.'),
    responseHeaders: json<{ readonly pairs: readonly (readonly [string, string])[] }>().optional(
      'As received.',
    ),
    responseBody: text.optional('Up to 16 KiB, as UTF-8.'),
    startedAt: date('When the request was sent.'),
    durationMs: number('From the request to the end of the answer, in milliseconds.'),
  },
  indexes: { byDelivery: ['delivery', 'createdAt'], byCreated: ['createdAt'] },
  read: 'acl',
});
