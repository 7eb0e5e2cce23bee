import {
  defineClass,
  list,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

export const Integration = defineClass({
  name: 'Integration',
  summary:
    'A named use of a connection: the actions it allows, its limits, and which data of its calls is stored.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    name: text('Shown to people.'),
    description: text.optional(),
    type: text('api, webhook, oauth, database, file_transfer, messaging or ai_service.'),
    protocol: text('rest, graphql, soap, rpc or events.'),
    connector: text('The key of its connector.'),
    connectorVersion: text('The version of the connector that it was created for.'),
    connection: pointer('ServiceConnection').optional(
      'The connection that its calls use. Default: none.',
    ),
    status: text('active, inactive, maintenance or deprecated.'),
    settings: text(
      'As JSON: timeout, retry, transforms, error mapping, limits, cache, quota, allowed actions, data policy.',
    ),
    headerNames: list<string>().optional('Names of its own headers.'),
    sealedHeaders: text.optional(
      'Its own headers as encrypted JSON: their values are often credentials.',
    ),
    accessList: list<string>().optional(
      'Who may use it: role:<name>, user:<id>, apiKey:<id>, oauthApp:<id>. Default: everyone in the organization.',
    ),
    tags: list<string>()(),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  indexes: { byOrganization: ['organization', 'createdAt'], byConnection: ['connection'] },
  hidden: ['settings', 'sealedHeaders'],
  sealed: ['sealedHeaders'],
  audited: [
    'type',
    'protocol',
    'connector',
    'connectorVersion',
    'status',
    'headerNames',
    'accessList',
  ],
  read: 'acl',
});
