import { z } from 'zod';

import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { extensionErrors } from '../../src/extensions/index.js';
import { defineFunction } from '../define.js';
import {
  configurationParams,
  connectorKey,
  extension,
  extensionExample,
  showExtension,
} from './extension.js';

const { ExtensionInstalled, DependencyMissing, VersionNotKnown } = extensionErrors;
const { ConnectorNotFound, FieldsNotUsable } = connectorErrors;

export const installExtension = defineFunction({
  name: 'installExtension',
  summary:
    'Installs a connector for an organization, with the settings that its connections to that service begin with.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({ organizationId, connector: connectorKey, ...configurationParams }),
  result: z.strictObject({ extension }),
  errors: {
    ExtensionInstalled,
    DependencyMissing,
    VersionNotKnown,
    ConnectorNotFound,
    FieldsNotUsable,
  },
  example: {
    params: {
      connector: 'slack',
      client: { clientId: '1234567890.1234567890', clientSecret: 'from the service' },
    },
    result: { extension: extensionExample },
  },

  async handle({ params, organization, services }) {
    const made = await services.extensions.install(organization, params.connector, params);
    return { extension: showExtension(services, made) };
  },
});
