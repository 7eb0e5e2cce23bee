import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { defineFunction } from '../define.js';
import { integration, integrationExample, integrationId, showIntegration } from './integration.js';

const { IntegrationNotFound, IntegrationChanged } = integrationErrors;
const { connectionId: _connection, ...disconnectedExample } = integrationExample;

export const disconnectIntegration = defineFunction({
  name: 'disconnectIntegration',
  summary: 'Removes the connection from an integration. The connection itself stays.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({ organizationId, integrationId }),
  result: z.strictObject({ integration }),
  errors: { IntegrationNotFound, IntegrationChanged },
  example: {
    params: { integrationId: integrationExample.id },
    result: { integration: disconnectedExample },
  },

  async handle({ params: { integrationId: id }, organization, services }) {
    const changed = await services.integrations.connect(organization, id, undefined);
    return { integration: showIntegration(changed) };
  },
});
