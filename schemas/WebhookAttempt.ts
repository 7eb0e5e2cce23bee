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
  summary: 'One attempt to deliver, with the response of the receiver.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    webhook: pointer('Webhook')(),
    delivery: pointer('WebhookDelivery')(),
    number: number('1 for the first attempt.'),
    url: text('The URL that it was sent to.'),
    outcome: text('delivered, retry or dead.'),
    status: number.optional('HTTP status of the response; empty when there was none.'),
    problem: text.optional('The message why there was no usable response.'),
    responseHeaders: json<{ readonly pairs: readonly (readonly [string, string])[] }>().optional(
      'The headers of the response, as received.',
    ),
    responseBody: text.optional('The body of the response, up to 16 KiB, as UTF-8.'),
    startedAt: date('When the request was sent.'),
    durationMs: number('From the request to the end of the response, in milliseconds.'),
  },
  indexes: { byDelivery: ['delivery', 'createdAt'], byCreated: ['createdAt'] },
  read: 'acl',
});
