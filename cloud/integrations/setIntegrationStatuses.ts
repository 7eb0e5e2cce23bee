import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { eachByItself, idsParam, refusal } from '../batch.js';
import { defineFunction } from '../define.js';
import { integration, integrationExample, showIntegration, statusParam } from './integration.js';

export const setIntegrationStatuses = defineFunction({
  name: 'setIntegrationStatuses',
  summary:
    'Sets the status of up to 100 integrations. Each is changed by itself, with the errors of setIntegrationStatus.',
  access: { kind: 'permission', permission: 'integrations:write' },
  params: z.strictObject({
    organizationId,
    integrationIds: idsParam('integrations', 100),
    status: statusParam,
  }),
  result: z.strictObject({
    results: z
      .array(z.union([z.strictObject({ integration }), z.strictObject({ error: refusal })]))
      .describe('One result for each id, in the same order.'),
  }),
  errors: {},
  example: {
    params: { integrationIds: [integrationExample.id], status: 'maintenance' },
    result: { results: [{ integration: { ...integrationExample, status: 'maintenance' } }] },
  },

  async handle({ params: { integrationIds, status }, organization, services }) {
    const results = await eachByItself(integrationIds, async (id) => ({
      integration: showIntegration(await services.integrations.setStatus(organization, id, status)),
    }));
    return { results };
  },
});
