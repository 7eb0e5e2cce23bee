import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { defineFunction } from '../define.js';
import { integrationId } from '../integrations/integration.js';
import { actionParams, callerOf } from './execution.js';

const { IntegrationNotFound } = integrationErrors;

export const explainExecution = defineFunction({
  name: 'explainExecution',
  summary:
    'Shows step by step what executeIntegration would do, and the request that it would send. It sends nothing.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({ organizationId, integrationId, ...actionParams }),
  result: z.strictObject({
    wouldSend: z.boolean().describe('Whether the request would be sent now.'),
    steps: z.array(
      z.strictObject({
        step: z.enum([
          'plan',
          'scopes',
          'limits',
          'cache',
          'connection',
          'request',
          'retry',
          'response',
        ]),
        ok: z.boolean(),
        message: z.string(),
      }),
    ),
    input: z
      .json()
      .optional()
      .describe('The input as the action takes it, after the request transform.'),
    request: z
      .strictObject({
        method: z.string(),
        url: z.string(),
        headers: z.record(z.string(), z.string()),
        body: z.string().optional(),
      })
      .optional()
      .describe('The request, with [name] instead of each secret.'),
  }),
  errors: { IntegrationNotFound },
  example: {
    params: {
      integrationId: '0mhc6xwzk3v9q2t8r4ynb1pdh',
      action: 'sendMessage',
      input: { channel: 'C0123456789', text: 'Deployed 1.2.3' },
    },
    result: {
      wouldSend: true,
      steps: [
        { step: 'plan', ok: true, message: 'Slack: Sends a message to a channel.' },
        { step: 'limits', ok: true, message: '60 calls in 60 seconds, 60 left.' },
      ],
      input: { channel: 'C0123456789', text: 'Deployed 1.2.3' },
      request: {
        method: 'POST',
        url: 'https://slack.com/api/chat.postMessage',
        headers: { authorization: 'Bearer [token]', 'content-type': 'application/json' },
        body: '{"channel":"C0123456789","text":"Deployed 1.2.3"}',
      },
    },
  },

  async handle({ params, organization, services, actor, requestId }) {
    const { integrationId: id, action, input, cursor, idempotencyKey } = params;
    const integration = await services.integrations.get(organization, id);
    const request = { integration, action, input, cursor, idempotencyKey };
    const { wouldSend, steps, ...shown } = await services.executions.explain({
      ...request,
      membership: organization,
      caller: callerOf(actor),
      requestId,
    });
    type Input = z.core.util.JSONType;
    return {
      wouldSend,
      steps: [...steps],
      ...(shown.input !== undefined && { input: shown.input as Input }),
      ...(shown.request && { request: shown.request }),
    };
  },
});
