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

const { ExtensionNotFound, ExtensionChanged, VersionNotKnown } = extensionErrors;
const { ConnectorNotFound, FieldsNotUsable } = connectorErrors;

export const configureExtension = defineFunction({
  name: 'configureExtension',
  summary:
    'Changes the settings that new connections of an installed connector begin with. Existing connections stay as they are.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({
    organizationId,
    connector: connectorKey,
    ...configurationParams,
    client: configurationParams.client
      .unwrap()
      .nullable()
      .optional()
      .describe('As for installExtension. null removes it.'),
  }),
  result: z.strictObject({ extension }),
  errors: {
    ExtensionNotFound,
    ExtensionChanged,
    VersionNotKnown,
    ConnectorNotFound,
    FieldsNotUsable,
  },
  example: {
    params: { connector: 'slack', version: '1.0.0' },
    result: { extension: extensionExample },
  },

  async handle({ params, organization, services }) {
    const changed = await services.extensions.configure(organization, params.connector, params);
    return { extension: showExtension(services, changed) };
  },
});
