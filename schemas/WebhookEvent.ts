import {
  date,
  defineClass,
  list,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

export const WebhookEvent = defineClass({
  name: 'WebhookEvent',
  summary: 'Something that happened, published by the product, as it is sent to webhooks.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    type: text('Dot-delimited event type.'),
    body: text('The exact bytes that are signed and sent, as text.'),
    webhookIds: list<string>()('The webhooks it was matched to when it was published.'),
    idempotencyKey: text.optional(
      'As the publisher gave it; unique per organization, given up after 24 hours.',
    ),
    fingerprint: text.optional(
      'Hash of type and data, to tell a repeat from another event under the same key.',
    ),
    openSince: date.optional('Set while its deliveries are not all stored yet.'),
  },
  indexes: {
    byOrganization: ['organization', 'createdAt'],
    byOpenSince: ['openSince'],
    byCreated: ['createdAt'],
  },
  unique: { idempotencyKey: ['organization', 'idempotencyKey'] },
  read: 'acl',
});
