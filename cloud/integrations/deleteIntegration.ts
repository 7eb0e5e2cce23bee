import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { defineFunction } from '../define.js';
import { integrationExample, integrationId } from './integration.js';

const { IntegrationNotFound } = integrationErrors;

export const deleteIntegration = defineFunction({
  name: 'deleteIntegration',
  summary:
    'Deletes an integration. Its connection stays; its executions stay for the retention of its data policy.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({ organizationId, integrationId }),
  result: z.strictObject({}),
  errors: { IntegrationNotFound },
  example: { params: { integrationId: integrationExample.id }, result: {} },

  async handle({ params: { integrationId: id }, organization, services }) {
    await services.integrations.remove(organization, id);
    return {};
  },
});
