import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { integrationId } from '../integrations/integration.js';
import { execution, executionExample, showExecution } from './execution.js';

export const getIntegrationExecutions = defineFunction({
  name: 'getIntegrationExecutions',
  summary: 'Lists the executions of an organization’s integrations, newest first.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    integrationId: integrationId.optional(),
    state: execution.shape.state.optional(),
    action: z.string().min(1).max(100).optional().describe('Only executions of this action.'),
    ...pageParams,
  }),
  result: pageOf(execution),
  errors: {},
  example: { params: { state: 'failed' }, result: { items: [executionExample] } },

  async handle({ params, organization, services }) {
    const { integrationId: integration, state, action } = params;
    const filter = { integration, state, action };
    const page = await services.executions.list(organization, filter, params);
    return { ...page, items: page.items.map(showExecution) };
  },
});
