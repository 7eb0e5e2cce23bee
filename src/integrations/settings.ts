import { z } from 'zod';

import { FAILURE_KINDS } from '../contract/index.js';
import { problemOfMapping } from './mapping.js';

/** How an integration behaves: what `createIntegration` takes besides names, and what `updateIntegration` changes. */
export type IntegrationSettings = z.output<typeof integrationSettings>;
export type TransformSetting = z.output<typeof transform>;

const calls = z.number().int().min(1).max(10_000_000);
const perSeconds = z.number().int().min(1).max(31_536_000);

const limitRule = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('fixedWindow'), calls, perSeconds }),
  z.strictObject({ strategy: z.literal('slidingWindow'), calls, perSeconds }),
  z.strictObject({
    strategy: z.literal('tokenBucket'),
    calls,
    perSeconds,
    burst: calls.optional().describe('How many may come at once. Default calls.'),
  }),
]);

const jsonPointer = z
  .string()
  .max(500)
  .regex(/^(?:\/.*)?$/s, 'must be a JSON pointer, such as /customer/email');

/** How deep and how large a declared mapping may be, so that looking at it costs little. */
const MAPPING_LENGTH_MAX = 20_000;

const transform = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('map'),
    to: z
      .json()
      .refine((value) => JSON.stringify(value).length <= MAPPING_LENGTH_MAX, {
        error: `is longer than ${String(MAPPING_LENGTH_MAX)} characters`,
        abort: true,
      })
      .superRefine((value, context) => {
        const problem = problemOfMapping(value);
        if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
      })
      .describe(
        'The JSON to make, in which `{"$from": "/pointer"}` stands for what is there in the original.',
      ),
  }),
  z.strictObject({
    kind: z.literal('jsonata'),
    expression: z.string().min(1).max(10_000).describe('See https://docs.jsonata.org.'),
  }),
]);

const errorRule = z.strictObject({
  when: z
    .strictObject({
      kind: z.enum(FAILURE_KINDS).optional(),
      status: z.number().int().min(100).max(599).optional(),
      code: z.string().max(100).optional().describe('The service’s own code.'),
    })
    .refine((when) => Object.keys(when).length > 0, { error: 'must name kind, status or code' })
    .describe('All that is named must hold.'),
  kind: z.enum(FAILURE_KINDS).optional().describe('What it is instead.'),
  retryable: z.boolean().optional().describe('Whether the same call may go through later.'),
  message: z.string().min(1).max(300).optional().describe('What callers read instead.'),
});

export const settingShapes = {
  headers: z
    .record(z.string().max(256), z.string().max(4_096))
    .describe('Headers sent with each call, besides those of the connector.'),
  timeoutMs: z
    .number()
    .int()
    .min(1_000)
    .max(300_000)
    .describe('How long one request may take, 1,000 to 300,000.'),
  retry: z
    .strictObject({
      attempts: z.number().int().min(1).max(10).default(3).describe('Requests in all, 1 to 10.'),
      backoff: z.enum(['exponential', 'linear', 'fixed']).default('exponential'),
      baseMs: z.number().int().min(50).max(60_000).default(500).describe('The first wait.'),
      maxMs: z
        .number()
        .int()
        .min(50)
        .max(120_000)
        .default(30_000)
        .describe('The longest wait; where the service asks for a longer one, the call fails.'),
    })
    .describe(
      'Only what may safely be sent twice is: reads, and writes that the service knows again.',
    ),
  request: transform.describe('Makes the input of the action from the input of the caller.'),
  response: transform.describe('Makes the output for the caller from the output of the action.'),
  errors: z
    .array(errorRule)
    .max(50)
    .describe('What failures mean here; the first that fits counts.'),
  limits: z
    .strictObject({
      rules: z.array(limitRule).max(5).default([]).describe('All of them hold.'),
      whenReached: z
        .enum(['refuse', 'wait', 'queue'])
        .default('refuse')
        .describe(
          'wait: up to waitMsMax. queue: the call is made later, getIntegrationExecutions tells.',
        ),
      waitMsMax: z.number().int().min(100).max(60_000).default(10_000),
    })
    .describe('How often it may be called, besides what the service allows.'),
  quota: z
    .strictObject({
      calls,
      per: z.enum(['day', 'month']),
      each: z
        .enum(['integration', 'caller'])
        .default('integration')
        .describe('Whether all share it, or each caller has as much: a user, or the master key.'),
    })
    .describe('How often it may be called in a calendar day or month, UTC.'),
  cache: z
    .strictObject({
      seconds: z.number().int().min(1).max(86_400),
      actions: z
        .array(z.string().max(100))
        .max(100)
        .optional()
        .describe('Default all that read; free requests never are.'),
    })
    .describe('How long answers are good at most; what the service says of caching is kept to.'),
  actions: z.array(z.string().max(100)).max(500).describe('The only actions allowed. Default all.'),
  allowProxy: z.boolean().describe('Whether proxyRequest may send any request. Default false.'),
  breaker: z
    .strictObject({
      failures: z.number().int().min(1).max(100).default(5),
      openSeconds: z.number().int().min(1).max(3_600).default(30),
    })
    .describe('After so many failures of the service in a row nothing is sent for a while.'),
  data: z
    .strictObject({
      keepBodies: z.enum(['none', 'failures', 'all']).default('none'),
      retentionDays: z.number().int().min(1).max(365).default(30),
      remove: z
        .array(jsonPointer)
        .max(50)
        .default([])
        .describe('Places in input and output that are never kept.'),
    })
    .describe('What is kept of calls, and for how long.'),
} as const;

/** What is stored; everything has its default. */
export const integrationSettings = z.object({
  headers: settingShapes.headers.default({}),
  timeoutMs: settingShapes.timeoutMs.default(30_000),
  retry: settingShapes.retry.prefault({}),
  request: settingShapes.request.optional(),
  response: settingShapes.response.optional(),
  errors: settingShapes.errors.default([]),
  limits: settingShapes.limits.prefault({}),
  quota: settingShapes.quota.optional(),
  cache: settingShapes.cache.optional(),
  actions: settingShapes.actions.optional(),
  allowProxy: settingShapes.allowProxy.default(false),
  breaker: settingShapes.breaker.prefault({}),
  data: settingShapes.data.prefault({}),
});

/** Those of a row. */
export function readSettings(stored: string): IntegrationSettings {
  return integrationSettings.parse(JSON.parse(stored));
}
