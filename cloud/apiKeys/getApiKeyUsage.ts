import { z } from 'zod';

import { apiKeyErrors, readTallies, type Tallies } from '../../src/apiKeys/index.js';
import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { apiKeyExample, apiKeyId } from './apiKey.js';

const { ApiKeyNotFound } = apiKeyErrors;
const count = z.number().int();
const tallied = { calls: count, limited: count };
const byFunction = z.array(z.strictObject({ function: z.string(), ...tallied }));

export const getApiKeyUsage = defineFunction({
  name: 'getApiKeyUsage',
  summary:
    'Returns the usage of an API key by day and function, and the remaining calls of its limits.',
  access: { kind: 'permission', permission: 'apiKeys:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    apiKeyId,
    days: z
      .number()
      .int()
      .min(1)
      .max(400)
      .default(30)
      .describe('The number of days to return, 1 to 400, including today. Older usage is deleted.'),
  }),
  result: z.strictObject({
    ...tallied,
    days: z
      .array(z.strictObject({ day: z.iso.date(), ...tallied, functions: byFunction }))
      .describe(
        'The days in UTC, oldest first, without those that have no calls. Counts of other processes appear within seconds.',
      ),
    limits: z
      .array(
        z.strictObject({
          limit: z.string(),
          calls: count,
          remaining: count,
          fullAt: z.iso
            .datetime()
            .describe('When the whole limit is available again, if there is no call until then.'),
        }),
      )
      .describe('The status of each limit.'),
  }),
  errors: { ApiKeyNotFound },
  example: {
    params: { apiKeyId: apiKeyExample.id, days: 7 },
    result: {
      calls: 120,
      limited: 3,
      days: [
        {
          day: '2026-01-02',
          calls: 120,
          limited: 3,
          functions: [{ function: 'publishEvent', calls: 120, limited: 3 }],
        },
      ],
      limits: [
        {
          limit: '100 calls in 60 seconds',
          calls: 100,
          remaining: 80,
          fullAt: '2026-01-02T03:05:00.000Z',
        },
      ],
    },
  },

  async handle({ params, organization, services }) {
    const { admin, callers, usage } = services.apiKeys;
    const row = await admin.get(organization, params.apiKeyId);
    const [rows, limitStatuses] = await Promise.all([
      usage(row, params.days),
      callers.limitStatus(row),
    ]);
    const days = rows.map((each) => ({
      day: each.day.toISOString().slice(0, 10),
      calls: each.calls,
      limited: each.limited,
      functions: listOf(readTallies(each)),
    }));
    return {
      calls: days.reduce((sum, day) => sum + day.calls, 0),
      limited: days.reduce((sum, day) => sum + day.limited, 0),
      days,
      limits: limitStatuses.map(({ description, calls, remaining, fullAtMs }) => ({
        limit: description,
        calls,
        remaining,
        fullAt: new Date(fullAtMs).toISOString(),
      })),
    };
  },
});

function listOf(tallies: Tallies): z.input<typeof byFunction> {
  return Object.entries(tallies)
    .map(([name, tally]) => ({ function: name, ...tally }))
    .sort((one, other) => other.calls - one.calls);
}
