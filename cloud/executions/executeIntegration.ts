import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { integrationId } from '../integrations/integration.js';
import {
  actionParams,
  callerOf,
  executeErrors,
  executionResult,
  showExecutionResult,
} from './execution.js';

export const executeIntegration = defineFunction({
  name: 'executeIntegration',
  summary:
    'Calls an action of a service through an integration: within its limits, with the credential of its connection, and with retries when they are safe.',
  access: { kind: 'permission', permission: 'integrations:execute' },
  cost: 'outgoing',
  // Each call is recorded as an execution, with its caller and its result.
  audit: 'refusals',
  params: z.strictObject({ organizationId, integrationId, ...actionParams }),
  result: executionResult,
  errors: executeErrors,
  example: {
    params: {
      integrationId: '0mhc6xwzk3v9q2t8r4ynb1pdh',
      action: 'sendMessage',
      input: { channel: 'C0123456789', text: 'Deployed 1.2.3' },
    },
    result: {
      executionId: '0mhc6xwzk3v9q2t8r4ynb1pdj',
      state: 'succeeded',
      output: { channel: 'C0123456789', ts: '1503435956.000247' },
      cached: false,
      attempts: 1,
      durationMs: 187,
    },
  },

  async handle({ params, organization, services, actor, requestId }) {
    const { integrationId: id, action, input, cursor, idempotencyKey } = params;
    const integration = await services.integrations.get(organization, id);
    const request = { integration, action, input, cursor, idempotencyKey };
    return showExecutionResult(
      await services.executions.execute({
        ...request,
        membership: organization,
        caller: callerOf(actor),
        requestId,
      }),
    );
  },
});
