import { z } from 'zod';

import { accessControlErrors } from '../../src/accessControl/index.js';
import { connectionErrors } from '../../src/connections/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { connectionId } from '../connections/connection.js';
import { defineFunction } from '../define.js';
import { integration, integrationExample, integrationId, showIntegration } from './integration.js';

const { IntegrationNotFound, IntegrationChanged, ConnectionNotFitting } = integrationErrors;
const { ConnectionAccessDenied } = accessControlErrors;
const { ConnectionNotFound } = connectionErrors;
const { ConnectorNotFound } = connectorErrors;

export const connectIntegration = defineFunction({
  name: 'connectIntegration',
  summary: 'Sets the connection that the calls of an integration use.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({ organizationId, integrationId, connectionId }),
  result: z.strictObject({ integration }),
  errors: {
    ConnectorNotFound,
    IntegrationNotFound,
    IntegrationChanged,
    ConnectionNotFound,
    ConnectionAccessDenied,
    ConnectionNotFitting,
  },
  example: {
    params: {
      integrationId: integrationExample.id,
      connectionId: '0mhc6xwzk3v9q2t8r4ynb1pde',
    },
    result: { integration: integrationExample },
  },

  async handle({ params: { integrationId: id, connectionId: other }, organization, services }) {
    const changed = await services.integrations.connect(organization, id, other);
    return { integration: showIntegration(changed) };
  },
});
