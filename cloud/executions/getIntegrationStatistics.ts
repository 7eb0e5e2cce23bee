import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { defineFunction } from '../define.js';
import { integrationId } from '../integrations/integration.js';

const { IntegrationNotFound } = integrationErrors;
const count = z.number().int();

export const getIntegrationStatistics = defineFunction({
  name: 'getIntegrationStatistics',
  summary: 'Sums up the latest calls of an integration: how many, how fast, what failed.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    integrationId,
    hours: z.number().int().min(1).max(720).default(24).describe('How far back to look, 1 to 720.'),
  }),
  result: z.strictObject({
    since: z.iso.datetime(),
    partial: z
      .boolean()
      .describe('There were more calls than the 10,000 newest, which are looked at.'),
    calls: count,
    succeeded: count,
    failed: count,
    refused: count,
    queued: count,
    cached: count,
    retries: count.describe('Requests beyond the first of each call.'),
    durationMs: z
      .strictObject({ p50: count, p95: count, p99: count })
      .optional()
      .describe('Of calls that were sent.'),
    waited: count.describe('Calls that a limit made wait.'),
    waitedMs: count.describe('How long it made them wait in all.'),
    failures: z.record(z.string(), count).describe('By their kind.'),
    refusals: z
      .record(z.string(), count)
      .describe('By what kept calls from being sent: LimitReached, QuotaUsedUp, ServicePaused …'),
    actions: z.array(z.strictObject({ action: z.string(), calls: count, failed: count })),
  }),
  errors: { IntegrationNotFound },
  example: {
    params: { integrationId: '0mhc6xwzk3v9q2t8r4ynb1pdh', hours: 24 },
    result: {
      since: '2026-01-01T03:04:05.000Z',
      partial: false,
      calls: 120,
      succeeded: 118,
      failed: 2,
      refused: 0,
      queued: 0,
      cached: 7,
      retries: 3,
      durationMs: { p50: 95, p95: 240, p99: 410 },
      waited: 12,
      waitedMs: 5400,
      failures: { provider: 2 },
      refusals: {},
      actions: [{ action: 'sendMessage', calls: 120, failed: 2 }],
    },
  },

  async handle({ params: { integrationId: id, hours }, organization, services }) {
    const integration = await services.integrations.get(organization, id);
    const { since, isPartial, ...sums } = await services.executions.statistics(integration, hours);
    return {
      ...sums,
      actions: [...sums.actions],
      since: since.toISOString(),
      partial: isPartial,
    };
  },
});
