import { z } from 'zod';

import { FAILURE_KINDS } from '../contract/index.js';
import { problemOfMapping } from './mapping.js';

/** The settings of an integration, which `createIntegration` and `updateIntegration` take. */
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
    burst: calls.optional().describe('How many calls may come at once. Default: calls.'),
  }),
]);

const jsonPointer = z
  .string()
  .max(500)
  .regex(/^(?:\/.*)?$/s, 'must be a JSON pointer, such as /customer/email');

/** Characters of JSON that a mapping may have, so that checking one is cheap. */
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
        'The JSON to make, in which `{"$from": "/pointer"}` is replaced by the value at that JSON pointer.',
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
    .describe('The failure must match all of them.'),
  kind: z.enum(FAILURE_KINDS).optional().describe('The kind that it becomes.'),
  retryable: z.boolean().optional().describe('Whether the same request may succeed later.'),
  message: z.string().min(1).max(300).optional().describe('The message for callers.'),
});

export const settingShapes = {
  headers: z
    .record(z.string().max(256), z.string().max(4_096))
    .describe(
      'Headers sent with each request, besides those of the connector. Replaces all of them. Values are encrypted and never shown again.',
    ),
  timeoutMs: z
    .number()
    .int()
    .min(1_000)
    .max(300_000)
    .describe('The time limit of one request, 1,000 to 300,000.'),
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
        .describe('The longest wait. If the service requests a longer one, the call fails.'),
    })
    .describe(
      'Only requests that are safe to repeat are retried: reads, and writes with an idempotency key.',
    ),
  request: transform.describe('Makes the action’s input from the caller’s input.'),
  response: transform.describe('Makes the caller’s output from the action’s output.'),
  errors: z
    .array(errorRule)
    .max(50)
    .describe('Changes what failures mean to callers. The first rule that matches counts.'),
  limits: z
    .strictObject({
      rules: z.array(limitRule).max(5).default([]).describe('All of them apply.'),
      whenReached: z
        .enum(['refuse', 'wait', 'queue'])
        .default('refuse')
        .describe(
          'refuse: the call fails. wait: it waits up to waitMsMax. queue: it is made later; getIntegrationExecution shows its result.',
        ),
      waitMsMax: z.number().int().min(100).max(60_000).default(10_000),
    })
    .describe('How often it may be called, in addition to the limits of the service.'),
  quota: z
    .strictObject({
      calls,
      per: z.enum(['day', 'month']),
      each: z
        .enum(['integration', 'caller'])
        .default('integration')
        .describe(
          'integration: all callers share the quota. caller: each user, API key, OAuth app and the master key has its own.',
        ),
    })
    .describe('How often it may be called in a calendar day or month, UTC.'),
  cache: z
    .strictObject({
      seconds: z.number().int().min(1).max(86_400),
      actions: z
        .array(z.string().max(100))
        .max(100)
        .optional()
        .describe('The actions to cache. Default: all that read. proxyRequest is never cached.'),
    })
    .describe(
      'How long responses may be cached; Cache-Control and Expires of the service are respected.',
    ),
  actions: z
    .array(z.string().max(100))
    .max(500)
    .describe('The only actions allowed. Default: all.'),
  allowProxy: z.boolean().describe('Whether proxyRequest may send any request. Default: false.'),
  breaker: z
    .strictObject({
      failures: z.number().int().min(1).max(100).default(5),
      openSeconds: z.number().int().min(1).max(3_600).default(30),
    })
    .describe(
      'The circuit breaker: after this many failures of the service in a row no request is sent for openSeconds.',
    ),
  data: z
    .strictObject({
      keepBodies: z.enum(['none', 'failures', 'all']).default('none'),
      retentionDays: z.number().int().min(1).max(365).default(30),
      remove: z
        .array(jsonPointer)
        .max(50)
        .default([])
        .describe('JSON pointers to values of input and output that are never stored.'),
    })
    .describe('The stored data of calls, and how long it is kept.'),
} as const;

/** Parses stored or new settings, and fills in the defaults. */
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

/**
 * Parses the settings of a row. `headers` is empty, except in rows from before header values were encrypted: see
 * headers.ts.
 */
export function readSettings(stored: string): IntegrationSettings {
  return integrationSettings.parse(JSON.parse(stored));
}
