import { z } from 'zod';

import { accessControl, accessControlErrors } from '../../src/accessControl/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { targetErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import {
  integration,
  integrationExample,
  integrationId,
  namingParams,
  settingChangeParams,
  showIntegration,
} from './integration.js';

const { IntegrationNotFound, IntegrationChanged, SettingsNotUsable } = integrationErrors;
const { HeaderNotAllowed } = targetErrors;
const { ConnectorNotFound } = connectorErrors;
const { AccessControlNotUsable } = accessControlErrors;

export const updateIntegration = defineFunction({
  name: 'updateIntegration',
  summary:
    'Changes an integration. Parameters that are absent stay as they are; null resets a setting to its default.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({
    organizationId,
    integrationId,
    ...namingParams,
    name: namingParams.name.optional(),
    connectorVersion: z
      .string()
      .max(20)
      .optional()
      .describe('Accepts this version of the connector, which must be its current one.'),
    accessControl: accessControl.optional(),
    ...settingChangeParams,
  }),
  result: z.strictObject({ integration }),
  errors: {
    ConnectorNotFound,
    IntegrationNotFound,
    IntegrationChanged,
    AccessControlNotUsable,
    SettingsNotUsable,
    HeaderNotAllowed,
  },
  example: {
    params: { integrationId: integrationExample.id, timeoutMs: 30_000, quota: null },
    result: { integration: integrationExample },
  },

  async handle({
    params: { organizationId: _organization, integrationId: id, ...update },
    organization,
    services,
  }) {
    const changed = await services.integrations.update(organization, id, update);
    return { integration: showIntegration(changed) };
  },
});
