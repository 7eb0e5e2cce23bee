import { z } from 'zod';

import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connectorDetails, connectorExample, showDetails } from './connector.js';

const { ConnectorNotFound } = connectorErrors;

export const getConnector = defineFunction({
  name: 'getConnector',
  summary:
    'Returns one connector: how its service is connected, and its actions with their schemas.',
  access: { kind: 'permission', permission: 'connections:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    connector: z
      .string()
      .min(1)
      .max(64)
      .describe('The key of the connector, as getConnectors returns it.'),
    actions: z
      .array(z.string().max(200))
      .max(100)
      .optional()
      .describe('The names of the actions to return. Default: all.'),
    schemas: z
      .boolean()
      .default(true)
      .describe(
        'Whether to return the input and output schemas of actions. A connector made from an OpenAPI document can have thousands of actions: list their names first.',
      ),
  }),
  result: z.strictObject({ connector: connectorDetails }),
  errors: { ConnectorNotFound },
  example: {
    params: { connector: 'slack' },
    result: {
      connector: {
        ...connectorExample,
        setup: ['At https://api.slack.com/apps choose Create New App.'],
        fields: [],
        authMethods: [
          {
            name: 'botToken',
            kind: 'bearer',
            consent: false,
            title: 'Bot token',
            credential: [
              { name: 'token', title: 'Bot User OAuth Token', type: 'secret', required: true },
            ],
          },
        ],
        actions: [],
      },
    },
  },

  async handle({ params: { connector, actions, schemas }, services }) {
    const view = { names: actions, hasSchemas: schemas };
    return { connector: showDetails(services.connectors.get(connector), view) };
  },
});
