import { z } from 'zod';

import { accessControlErrors } from '../../src/accessControl/index.js';
import { connectionErrors } from '../../src/connections/index.js';
import { connectorErrors } from '../../src/connectors/index.js';
import type { Actor } from '../../src/contract/index.js';
import {
  executionErrors,
  type ExecutionResult,
  type ExecutionRow,
} from '../../src/executions/index.js';
import { integrationErrors } from '../../src/integrations/index.js';

const { IntegrationNotFound, IntegrationNotActive, NotConnected } = integrationErrors;
const { ConnectorNotFound, FieldMissing } = connectorErrors;
const { IntegrationAccessDenied, ConnectionAccessDenied } = accessControlErrors;
const { ConnectionNotUsable } = connectionErrors;
const { ConnectorOutdated, LimitReached, QuotaUsedUp, ServicePaused, QueueFull } = executionErrors;
const { ServiceLimited, ServiceRefused, ServiceUnauthorized, ServiceForbidden } = executionErrors;
const { ServiceFoundNothing, ServiceConflict, ServiceFailed, ServiceNotReached } = executionErrors;
const { ActionNotFound, ActionNotAllowed, InputNotValid, KeyNotUsable } = executionErrors;
const { TransformFailed, ProxyNotAllowed, PathNotAllowed, ScopesMissing } = executionErrors;

/** Errors of every function that uses an integration with its connection. */
export const readyErrors = {
  IntegrationNotFound,
  IntegrationNotActive,
  NotConnected,
  ConnectorNotFound,
  ConnectorOutdated,
};

/** Errors of every request through an integration. */
const sendErrors = {
  ...readyErrors,
  IntegrationAccessDenied,
  ConnectionAccessDenied,
  ConnectionNotUsable,
  FieldMissing,
  LimitReached,
  QuotaUsedUp,
  ServicePaused,
  ServiceFailed,
  ServiceNotReached,
};

export const executeErrors = {
  ...sendErrors,
  QueueFull,
  ServiceLimited,
  ServiceUnauthorized,
  ActionNotFound,
  ActionNotAllowed,
  ScopesMissing,
  InputNotValid,
  KeyNotUsable,
  TransformFailed,
  ServiceRefused,
  ServiceForbidden,
  ServiceFoundNothing,
  ServiceConflict,
};
export const proxyErrors = { ...sendErrors, ProxyNotAllowed, PathNotAllowed };

export const actionParams = {
  action: z.string().min(1).max(100).describe('The name of an action: getConnector lists them.'),
  input: z
    .record(z.string().max(200), z.json())
    .optional()
    .describe('The input of the action, or of the integration’s request transform.'),
  cursor: z
    .string()
    .max(8_192)
    .optional()
    .describe('`nextCursor` of the previous page, with the same input. Default: the first page.'),
  idempotencyKey: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/)
    .optional()
    .describe('Makes repeating a write safe: the service performs it once for each key.'),
};

/** The result of a call. */
export const executionResult = z.strictObject({
  executionId: z.string(),
  state: z
    .enum(['succeeded', 'queued'])
    .describe(
      'queued: the call is made as soon as a limit allows it; getIntegrationExecution shows its result.',
    ),
  output: z.json().optional().describe('The output of the action, after the response transform.'),
  nextCursor: z.string().optional().describe('Pass it as cursor to get the next page.'),
  cached: z.boolean(),
  attempts: z.number().int().describe('Requests that were sent.'),
  durationMs: z.number().int(),
  warning: z
    .string()
    .optional()
    .describe('Set when the response differs from the service’s documentation.'),
});

export function showExecutionResult(result: ExecutionResult): z.input<typeof executionResult> {
  const { executionId, state, output, nextCursor, isCached, attempts, durationMs, warning } =
    result;
  return {
    executionId,
    state,
    attempts,
    durationMs,
    cached: isCached,
    ...(output !== undefined && { output: output as z.input<typeof executionResult>['output'] }),
    ...(nextCursor !== undefined && { nextCursor }),
    ...(warning !== undefined && { warning }),
  };
}

/** The caller as executions store it. */
export function callerOf(actor: Actor): string {
  if (actor.kind === 'master') return 'master';
  if (actor.kind === 'user') return `user:${actor.userId}`;
  return actor.kind === 'apiKey' ? `apiKey:${actor.apiKeyId}` : `oauthToken:${actor.appId}`;
}

/** An execution as lists return it. */
export const execution = z.strictObject({
  id: z.string(),
  integrationId: z.string(),
  connectionId: z.string().optional(),
  action: z.string(),
  state: z
    .enum(['queued', 'succeeded', 'failed', 'refused'])
    .describe('refused: nothing was sent.'),
  failure: z.string().optional().describe('The kind of failure, such as rateLimit or provider.'),
  code: z.string().optional().describe('The service’s own code of the failure.'),
  problem: z.string().optional().describe('The reason of the failure.'),
  status: z.number().int().optional().describe('The HTTP status of the last response.'),
  attempts: z.number().int(),
  cached: z.boolean(),
  durationMs: z.number().int(),
  waitedMs: z.number().int().describe('How many milliseconds it waited for limits.'),
  caller: z.string().describe('master, user:<id>, apiKey:<id> or oauthToken:<id of the app>.'),
  requestId: z.string(),
  createdAt: z.iso.datetime(),
});

export function showExecution(row: ExecutionRow): z.input<typeof execution> {
  const { id, integration, connection, action, failure, code, problem, status } = row;
  const { attempts, isCached, durationMs, waitedMs, caller, requestId, createdAt } = row;
  return {
    id,
    action,
    attempts,
    durationMs,
    waitedMs,
    caller,
    requestId,
    integrationId: integration,
    state: row.state as z.input<typeof execution>['state'],
    cached: isCached,
    ...(connection !== undefined && { connectionId: connection }),
    ...(failure !== undefined && { failure }),
    ...(code !== undefined && { code }),
    ...(problem !== undefined && { problem }),
    ...(status !== undefined && { status }),
    createdAt: createdAt.toISOString(),
  };
}

export const executionExample: z.input<typeof execution> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pdj',
  integrationId: '0mhc6xwzk3v9q2t8r4ynb1pdh',
  connectionId: '0mhc6xwzk3v9q2t8r4ynb1pde',
  action: 'sendMessage',
  state: 'failed',
  failure: 'notFound',
  code: 'channel_not_found',
  problem: 'channel_not_found',
  status: 200,
  attempts: 1,
  cached: false,
  durationMs: 187,
  waitedMs: 0,
  caller: 'user:a1b2c3d4e5',
  requestId: 'req_0mhc6xwzk3v9q2t8r4ynb1pdk',
  createdAt: '2026-01-02T03:04:05.000Z',
};
