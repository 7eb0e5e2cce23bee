import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { defineFunction } from '../define.js';
import { integration, integrationExample, integrationId, showIntegration } from './integration.js';

const { IntegrationNotFound } = integrationErrors;

export const getIntegration = defineFunction({
  name: 'getIntegration',
  summary: 'Returns one integration.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({ organizationId, integrationId }),
  result: z.strictObject({ integration }),
  errors: { IntegrationNotFound },
  example: {
    params: { integrationId: integrationExample.id },
    result: { integration: integrationExample },
  },

  async handle({ params: { integrationId: id }, organization, services }) {
    return { integration: showIntegration(await services.integrations.get(organization, id)) };
  },
});
