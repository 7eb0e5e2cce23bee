import { z } from 'zod';

import { accessControl, accessControlErrors } from '../../src/accessControl/index.js';
import { connectionErrors } from '../../src/connections/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { targetErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { connectorKey } from '../extensions/extension.js';
import {
  integration,
  integrationExample,
  namingParams,
  protocolParam,
  settingParams,
  showIntegration,
  typeParam,
} from './integration.js';

const { ConnectionNotFitting, SettingsNotUsable, IntegrationLimitReached } = integrationErrors;
const { ConnectorNotFound } = connectorErrors;
const { ConnectionAccessDenied, AccessControlNotUsable } = accessControlErrors;
const { ConnectionNotFound } = connectionErrors;
const { HeaderNotAllowed } = targetErrors;

export const createIntegration = defineFunction({
  name: 'createIntegration',
  summary:
    'Creates an integration: a named use of a connection, with the actions it allows, its limits, and which data of its calls is stored.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({
    organizationId,
    ...namingParams,
    connector: connectorKey,
    connectionId: z.string().min(1).max(64).optional(),
    type: typeParam.optional(),
    protocol: protocolParam.optional(),
    accessControl: accessControl.optional(),
    ...settingParams,
  }),
  result: z.strictObject({ integration }),
  errors: {
    ConnectorNotFound,
    ConnectionNotFound,
    ConnectionAccessDenied,
    ConnectionNotFitting,
    AccessControlNotUsable,
    SettingsNotUsable,
    HeaderNotAllowed,
    IntegrationLimitReached,
  },
  example: {
    params: {
      name: 'Deploy messages',
      connector: 'slack',
      connectionId: '0mhc6xwzk3v9q2t8r4ynb1pde',
      actions: ['sendMessage'],
      limits: {
        rules: [{ strategy: 'tokenBucket', calls: 60, perSeconds: 60 }],
        whenReached: 'wait',
      },
      tags: ['deploys'],
    },
    result: { integration: integrationExample },
  },

  async handle({ params: { organizationId: _organization, ...request }, organization, services }) {
    const made = await services.integrations.create(organization, request);
    return { integration: showIntegration(made) };
  },
});
