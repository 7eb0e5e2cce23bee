import {
  date,
  defineClass,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

export const WebhookDelivery = defineClass({
  name: 'WebhookDelivery',
  summary: 'One event on its way to one webhook.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    webhook: pointer('Webhook')(),
    event: pointer('WebhookEvent')(),
    eventType: text('The type of the event, for lists.'),
    state: text('pending, delivered or dead.'),
    dueAt: date.optional('When the next attempt is due; empty once it is delivered or dead.'),
    attempts: number('Attempts made so far.'),
    retriesFrom: number(
      'The number of attempts when it was last retried by hand: the retry schedule counts from there.',
    ),
    deadReason: text.optional('Why it is dead: exhausted, gone, disabled or deleted.'),
    finishedAt: date.optional('When it was delivered or given up.'),
  },
  indexes: {
    byOrganization: ['organization', 'createdAt'],
    byWebhook: ['webhook', 'createdAt'],
    byEvent: ['event'],
    byCreated: ['createdAt'],
  },
  queue: { kind: 'webhook', lane: 'webhook', dueAt: 'dueAt' },
  audited: ['state'],
  read: 'acl',
});
