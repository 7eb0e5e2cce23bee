import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { integrationErrors } from '../../src/integrations/index.js';
import { defineFunction } from '../define.js';
import { integrationId } from '../integrations/integration.js';

const { IntegrationNotFound } = integrationErrors;
const count = z.number().int();

export const getIntegrationStatistics = defineFunction({
  name: 'getIntegrationStatistics',
  summary: 'Returns counts, durations and failures of an integration’s latest calls.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    integrationId,
    hours: z
      .number()
      .int()
      .min(1)
      .max(720)
      .default(24)
      .describe('The number of hours to look back, 1 to 720.'),
  }),
  result: z.strictObject({
    since: z.iso.datetime(),
    partial: z
      .boolean()
      .describe(
        'Whether there were more than 10,000 calls: then only the newest 10,000 are counted.',
      ),
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
      .describe('Durations of calls that were sent.'),
    waited: count.describe('Calls that waited for a limit.'),
    waitedMs: count.describe('How many milliseconds they waited in total.'),
    failures: z.record(z.string(), count).describe('Failed calls by the kind of failure.'),
    refusals: z
      .record(z.string(), count)
      .describe(
        'Calls that were not sent, by the name of the error: LimitReached, QuotaUsedUp, ServicePaused …',
      ),
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
