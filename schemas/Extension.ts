import {
  date,
  defineClass,
  json,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

export const Extension = defineClass({
  name: 'Extension',
  summary:
    'A connector that an organization has installed, with the settings that its connections begin with.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    connector: text('The key of its connector.'),
    version: text('The version of the connector that the organization has accepted.'),
    fields: json<Readonly<Record<string, string>>>()(
      'Values of the connector’s fields that new connections begin with.',
    ),
    clientId: text.optional('The id of the organization’s own OAuth client.'),
    sealedClient: text.optional('That client, with its secret, as encrypted JSON.'),
    configuredAt: date.optional('When it was last configured.'),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  unique: { byConnector: ['organization', 'connector'] },
  hidden: ['sealedClient'],
  sealed: ['sealedClient'],
  audited: ['connector', 'version'],
  read: 'acl',
});
