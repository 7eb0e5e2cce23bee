import { defineClass, flag, ORGANIZATION_CLASS, pointer, text } from '../src/contract/index.js';

export const WebhookEventType = defineClass({
  name: 'WebhookEventType',
  summary:
    'A type of event that an organization publishes, with an optional JSON Schema and an example.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    name: text('Dot-delimited, such as invoice.paid. Unique per organization.'),
    description: text.optional('Shown to people.'),
    schema: text.optional('JSON Schema of `data`, as JSON text; enforced when publishing.'),
    example: text.optional('An example of `data`, as JSON text, which testWebhook sends.'),
    archived: flag('Whether the type is archived: then its events are refused.'),
  },
  indexes: { byOrganization: ['organization', 'name'] },
  unique: { name: ['organization', 'name'] },
  read: 'acl',
});
