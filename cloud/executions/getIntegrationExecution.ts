import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { executionErrors } from '../../src/executions/index.js';
import { defineFunction } from '../define.js';
import { execution, executionExample, showExecution } from './execution.js';

const { ExecutionNotFound } = executionErrors;

export const getIntegrationExecution = defineFunction({
  name: 'getIntegrationExecution',
  summary: 'Returns one execution, with the bodies that its data policy keeps.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({ organizationId, executionId: z.string().min(1).max(64) }),
  result: z.strictObject({
    execution,
    request: z.string().optional().describe('The input as JSON, secrets removed.'),
    response: z.string().optional().describe('The output as JSON, secrets removed.'),
  }),
  errors: { ExecutionNotFound },
  example: {
    params: { executionId: executionExample.id },
    result: { execution: executionExample, request: '{"channel":"C0","text":"Deployed 1.2.3"}' },
  },

  async handle({ params, organization, services }) {
    const row = await services.executions.get(organization, params.executionId);
    const { request, response } = row;
    return {
      execution: showExecution(row),
      ...(request !== undefined && { request }),
      ...(response !== undefined && { response }),
    };
  },
});
