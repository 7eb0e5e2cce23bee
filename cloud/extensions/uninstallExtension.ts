import { z } from 'zod';

import { connectionErrors } from '../../src/connections/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { extensionErrors } from '../../src/extensions/index.js';
import { defineFunction } from '../define.js';
import { connectorKey } from './extension.js';

const { ExtensionNotFound, ExtensionNeeded, ExtensionInUse } = extensionErrors;
const { ConnectorNotFound } = connectorErrors;
const { ConnectionChanged } = connectionErrors;

export const uninstallExtension = defineFunction({
  name: 'uninstallExtension',
  summary: 'Uninstalls a connector of an organization.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({
    organizationId,
    connector: connectorKey,
    force: z
      .boolean()
      .default(false)
      .describe(
        'Whether to disconnect the organization’s connections to that service first. Default: false.',
      ),
  }),
  result: z.strictObject({
    disconnected: z.number().int().describe('How many connections were disconnected.'),
  }),
  errors: {
    ExtensionNotFound,
    ExtensionNeeded,
    ExtensionInUse,
    ConnectorNotFound,
    ConnectionChanged,
  },
  example: { params: { connector: 'slack', force: true }, result: { disconnected: 1 } },

  async handle({ params: { connector, force }, organization, services }) {
    return { disconnected: await services.extensions.uninstall(organization, connector, force) };
  },
});
