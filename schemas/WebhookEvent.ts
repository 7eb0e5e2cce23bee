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
  summary: 'A published event, as it is sent to webhooks.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    type: text('Dot-delimited event type.'),
    body: text('The exact bytes that are signed and sent, as text.'),
    webhookIds: list<string>()('The webhooks that it matched when it was published.'),
    idempotencyKey: text.optional(
      'The publisher’s key; unique per organization, removed after 24 hours.',
    ),
    fingerprint: text.optional(
      'Hash of type and data, to distinguish a repeat from another event with the same key.',
    ),
    openSince: date.optional('Set until all its deliveries are stored.'),
  },
  indexes: {
    byOrganization: ['organization', 'createdAt'],
    byOpenSince: ['openSince'],
    byCreated: ['createdAt'],
  },
  unique: { idempotencyKey: ['organization', 'idempotencyKey'] },
  read: 'acl',
});
