import { z } from 'zod';

import { accessControl, accessControlOf } from '../../src/accessControl/index.js';
import { displayName } from '../../src/contract/index.js';
import {
  headerNamesOf,
  INTEGRATION_STATUSES,
  INTEGRATION_TYPES,
  type IntegrationRow,
  PROTOCOLS,
  readSettings,
  settingShapes,
} from '../../src/integrations/index.js';

export const integrationId = z.string().min(1).max(64);

export const namingParams = {
  name: displayName.describe('Shown to people.'),
  description: z.string().max(1_000).optional().describe('The purpose of the integration.'),
  tags: z
    .array(z.string().trim().min(1).max(50))
    .max(20)
    .optional()
    .describe('Tags to find it by.'),
};

const { headers, timeoutMs, retry, request, response, errors, limits } = settingShapes;
const { quota, cache, actions, allowProxy, breaker, data } = settingShapes;

/** The settings of a new integration. Those that are absent get their default. */
export const settingParams = {
  headers: headers.optional(),
  timeoutMs: timeoutMs.optional(),
  retry: retry.optional(),
  request: request.optional(),
  response: response.optional(),
  errors: errors.optional(),
  limits: limits.optional(),
  quota: quota.optional(),
  cache: cache.optional(),
  actions: actions.optional(),
  allowProxy: allowProxy.optional(),
  breaker: breaker.optional(),
  data: data.optional(),
};

/** The same for an update: `null` resets a setting to its default. */
export const settingChangeParams = {
  headers: orDefault(headers),
  timeoutMs: orDefault(timeoutMs),
  retry: orDefault(retry),
  request: orDefault(request),
  response: orDefault(response),
  errors: orDefault(errors),
  limits: orDefault(limits),
  quota: orDefault(quota),
  cache: orDefault(cache),
  actions: orDefault(actions),
  allowProxy: orDefault(allowProxy),
  breaker: orDefault(breaker),
  data: orDefault(data),
};

function orDefault<Shape extends z.ZodType>(shape: Shape) {
  const { description = '' } = shape;
  return shape.nullable().optional().describe(`${description} null: resets it to the default.`);
}

export const typeParam = z
  .enum(INTEGRATION_TYPES)
  .describe('The kind of integration. Default: by the category of the connector.');
export const protocolParam = z
  .enum(PROTOCOLS)
  .describe('The protocol of the service. Default: rest.');
export const statusParam = z
  .enum(INTEGRATION_STATUSES)
  .describe(
    'inactive and maintenance: calls are refused. deprecated: calls still work, but will not for long.',
  );

/** An integration as functions return it: with the names of its own headers, without their values. */
export const integration = z.strictObject({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  type: z.enum(INTEGRATION_TYPES),
  protocol: z.enum(PROTOCOLS),
  connector: z.string(),
  connectorVersion: z.string(),
  connectionId: z.string().optional(),
  status: z.enum(INTEGRATION_STATUSES),
  settings: z.strictObject({
    headers: z.array(z.string()).describe('Their names.'),
    timeoutMs,
    retry,
    request: request.optional(),
    response: response.optional(),
    errors,
    limits,
    quota: quota.optional(),
    cache: cache.optional(),
    actions: actions.optional(),
    allowProxy,
    breaker,
    data,
  }),
  accessControl,
  tags: z.array(z.string()),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export function showIntegration(row: IntegrationRow): z.input<typeof integration> {
  const { id, name, description, connector, connectorVersion, connection, tags } = row;
  const settings = readSettings(row.settings);
  return {
    id,
    name,
    connector,
    connectorVersion,
    tags: [...tags],
    type: row.type as (typeof INTEGRATION_TYPES)[number],
    protocol: row.protocol as (typeof PROTOCOLS)[number],
    status: row.status as (typeof INTEGRATION_STATUSES)[number],
    ...(description !== undefined && { description }),
    ...(connection !== undefined && { connectionId: connection }),
    settings: { ...settings, headers: [...headerNamesOf(row)] },
    accessControl: accessControlOf(row.accessList),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

export const integrationExample: z.input<typeof integration> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pdh',
  name: 'Deploy messages',
  type: 'messaging',
  protocol: 'rest',
  connector: 'slack',
  connectorVersion: '1.0.0',
  connectionId: '0mhc6xwzk3v9q2t8r4ynb1pde',
  status: 'active',
  settings: {
    headers: [],
    timeoutMs: 30_000,
    retry: { attempts: 3, backoff: 'exponential', baseMs: 500, maxMs: 30_000 },
    errors: [],
    limits: {
      rules: [{ strategy: 'tokenBucket', calls: 60, perSeconds: 60 }],
      whenReached: 'wait',
      waitMsMax: 10_000,
    },
    actions: ['sendMessage'],
    allowProxy: false,
    breaker: { failures: 5, openSeconds: 30 },
    data: { keepBodies: 'none', retentionDays: 30, remove: [] },
  },
  accessControl: { kind: 'organization' },
  tags: ['deploys'],
  createdAt: '2026-01-02T03:04:05.000Z',
  updatedAt: '2026-01-02T03:04:05.000Z',
};
