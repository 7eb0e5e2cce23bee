import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { defineFunction } from '../define.js';
import {
  integration,
  integrationExample,
  integrationId,
  showIntegration,
  statusParam,
} from './integration.js';

const { IntegrationNotFound, IntegrationChanged } = integrationErrors;

export const setIntegrationStatus = defineFunction({
  name: 'setIntegrationStatus',
  summary: 'Sets the status of an integration, which decides whether it may be called.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({ organizationId, integrationId, status: statusParam }),
  result: z.strictObject({ integration }),
  errors: { IntegrationNotFound, IntegrationChanged },
  example: {
    params: { integrationId: integrationExample.id, status: 'maintenance' },
    result: { integration: { ...integrationExample, status: 'maintenance' } },
  },

  async handle({ params: { integrationId: id, status }, organization, services }) {
    const changed = await services.integrations.setStatus(organization, id, status);
    return { integration: showIntegration(changed) };
  },
});
