import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { integrationId } from '../integrations/integration.js';
import { callerOf, readyErrors } from './execution.js';

export const checkRateLimit = defineFunction({
  name: 'checkRateLimit',
  summary: 'Returns the status of all limits of an integration. It does not count as a call.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({ organizationId, integrationId }),
  result: z.strictObject({
    limits: z.array(
      z.strictObject({
        name: z.string(),
        scope: z
          .enum(['caller', 'integration', 'connection', 'app'])
          .describe(
            'Who shares the limit. caller: you alone. integration: all callers of the integration. connection: all integrations of its connection. app: the whole hub.',
          ),
        description: z.string().describe('For example: 100 calls in 60 seconds.'),
        actions: z.array(z.string()).optional().describe('The only actions that it applies to.'),
        calls: z.number().int(),
        remaining: z.number().int(),
        fullAt: z.iso
          .datetime()
          .describe('When all of it is available again, if there is no call until then.'),
      }),
    ),
    pausedUntil: z.iso.datetime().optional().describe('The service requested no calls until then.'),
    serviceRemaining: z
      .strictObject({ calls: z.number().int(), until: z.iso.datetime() })
      .optional()
      .describe(
        'The number of remaining requests that the service reported, when only few remain.',
      ),
    breaker: z
      .enum(['closed', 'open', 'halfOpen'])
      .describe(
        'open: the service failed too often in a row, and no request is sent. halfOpen: one request is tried.',
      ),
  }),
  errors: readyErrors,
  example: {
    params: { integrationId: '0mhc6xwzk3v9q2t8r4ynb1pdh' },
    result: {
      limits: [
        {
          name: 'quota',
          scope: 'integration',
          description: '1000 calls a day',
          calls: 1000,
          remaining: 880,
          fullAt: '2026-01-03T00:00:00.000Z',
        },
      ],
      breaker: 'closed',
    },
  },

  async handle({ params, organization, services, actor }) {
    const integration = await services.integrations.get(organization, params.integrationId);
    const {
      limits,
      pausedUntil,
      serviceRemaining: left,
      breaker,
    } = await services.executions.limitStatus(integration, callerOf(actor));
    return {
      limits: limits.map(({ fullAt, actions, ...limit }) => ({
        ...limit,
        fullAt: fullAt.toISOString(),
        ...(actions && { actions: [...actions] }),
      })),
      ...(pausedUntil && { pausedUntil: pausedUntil.toISOString() }),
      ...(left && { serviceRemaining: { calls: left.calls, until: left.until.toISOString() } }),
      breaker,
    };
  },
});
