import { z } from 'zod';

import {
  type ApiKeyRow,
  KEY_ENVIRONMENTS,
  problemOfRange,
  readLimits,
} from '../../src/apiKeys/index.js';
import { displayName, KEY_SCOPES, parseUrl } from '../../src/contract/index.js';
import { HOST_SCOPES_MAX, SCOPE_NAME } from '../../src/scopes/index.js';

export const apiKeyId = z.string().min(1).max(64);

/** The key itself, in the response that shows it. */
export const shownKey = z
  .string()
  .describe('The API key. It is shown only this once and cannot be read again.');

export const environmentParam = z
  .enum(KEY_ENVIRONMENTS)
  .describe(
    'live or test; it is part of the key. A server may accept the keys of one environment only.',
  );

const METADATA_LENGTH_MAX = 4_000;
const calls = z.number().int().min(1).max(10_000_000);
const perSeconds = z.number().int().min(1).max(31_536_000);

const limitRule = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('fixedWindow'), calls, perSeconds }),
  z.strictObject({ strategy: z.literal('slidingWindow'), calls, perSeconds }),
  z.strictObject({
    strategy: z.literal('tokenBucket'),
    calls,
    perSeconds,
    burst: calls
      .optional()
      .describe('The number of calls that may arrive at once. Default: calls.'),
  }),
]);

const range = z.string().superRefine((text, context) => {
  const problem = problemOfRange(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

const origin = z.string().refine((text) => parseUrl(text)?.origin === text, {
  error: 'must be an origin such as https://app.example.com, without a path or trailing slash',
});

export const scopeName = z.string().regex(SCOPE_NAME, 'must be noun:verb, such as webhooks:read');

const scopes = z
  .array(scopeName)
  .min(1)
  .max(KEY_SCOPES.length + HOST_SCOPES_MAX)
  .describe(
    'The scopes of the key, limited by the permissions of its owner: permissions except members:write, apiKeys:write and oauthApps:write, and scopes of the host.',
  );

/** The settings of a key, without its secret. */
export const settingParams = {
  name: displayName.describe('Shown to people.'),
  scopes,
  expiresAt: z.iso
    .datetime()
    .nullable()
    .describe('When the key expires. null: it does not expire.'),
  addresses: z
    .array(range)
    .max(50)
    .describe('IPv4 and IPv6 addresses and CIDR ranges that the key works from. Empty: all.'),
  origins: z
    .array(origin)
    .max(50)
    .describe(
      'Origins of web pages that the key works from. Empty: all. Only browsers enforce this: other programs can send any origin.',
    ),
  metadata: z
    .record(z.string().max(100), z.json())
    .refine((value) => JSON.stringify(value).length <= METADATA_LENGTH_MAX, {
      error: `is longer than ${String(METADATA_LENGTH_MAX)} characters of JSON`,
    })
    .describe('Data of your own, as JSON. Members can read it.'),
  limits: z
    .strictObject({
      rules: z.array(limitRule).max(5).default([]).describe('The limits. Every one applies.'),
      monthlyCalls: z
        .number()
        .int()
        .min(1)
        .max(1_000_000_000)
        .optional()
        .describe('The number of calls in a calendar month, UTC.'),
    })
    .describe('Limits on the number of calls. Each call of a batch counts as one.'),
};

export const apiKey = z.strictObject({
  id: z.string(),
  name: z.string(),
  start: z.string().describe('The first characters of the key.'),
  environment: z.enum(KEY_ENVIRONMENTS),
  status: z.enum(['active', 'revoked', 'expired']),
  scopes: z.array(z.string()),
  ownerId: z
    .string()
    .describe('The member who issued the current secret; it acts with their permissions.'),
  expiresAt: z.iso.datetime().optional(),
  revokedAt: z.iso.datetime().optional(),
  rotatedAt: z.iso.datetime().optional(),
  previousKeyUntil: z.iso.datetime().optional().describe('Until when the previous secret works.'),
  previousKeyOwnerId: z
    .string()
    .optional()
    .describe('The member who issued the previous secret; it acts with their permissions.'),
  addresses: z.array(z.string()),
  origins: z.array(z.string()),
  metadata: z.record(z.string(), z.json()),
  limits: settingParams.limits,
  lastUsed: z
    .strictObject({
      at: z.iso.datetime(),
      address: z.string().optional(),
      agent: z.string().optional(),
    })
    .optional()
    .describe('The last call with the key, recorded with a delay of some seconds.'),
  createdAt: z.iso.datetime(),
});

export function showApiKey(row: ApiKeyRow, now: Date): z.input<typeof apiKey> {
  const { id, name, start, scopes, addresses, origins, owner, previousUntil } = row;
  const { expiresAt, revokedAt, rotatedAt, createdAt } = row;
  const isGrace = row.status === 'active' && previousUntil !== undefined && previousUntil > now;
  return {
    id,
    name,
    start,
    ownerId: owner,
    status: statusOf(row, now),
    environment: row.environment as 'live' | 'test',
    scopes: [...scopes],
    addresses: [...addresses],
    origins: [...origins],
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    ...(revokedAt && { revokedAt: revokedAt.toISOString() }),
    ...(rotatedAt && { rotatedAt: rotatedAt.toISOString() }),
    ...(isGrace && {
      previousKeyUntil: previousUntil.toISOString(),
      previousKeyOwnerId: row.previousOwner ?? owner,
    }),
    metadata: JSON.parse(row.metadata) as z.input<typeof apiKey>['metadata'],
    limits: readLimits(row) as z.input<typeof settingParams.limits>,
    ...lastUsedOf(row),
    createdAt: createdAt.toISOString(),
  };
}

function statusOf({ status, expiresAt }: ApiKeyRow, now: Date): 'active' | 'revoked' | 'expired' {
  if (status === 'revoked') return 'revoked';
  return expiresAt !== undefined && expiresAt <= now ? 'expired' : 'active';
}

function lastUsedOf({ lastUsedAt, lastUsedFrom, lastUsedBy }: ApiKeyRow) {
  if (!lastUsedAt) return {};
  return {
    lastUsed: {
      at: lastUsedAt.toISOString(),
      ...(lastUsedFrom !== undefined && { address: lastUsedFrom }),
      ...(lastUsedBy !== undefined && { agent: lastUsedBy }),
    },
  };
}

/** Converts an `expiresAt` parameter for the domain: absent stays absent, `null` becomes `undefined` (no expiry). */
export function endFrom(expiresAt: string | null | undefined): {
  readonly expiresAt?: Date | undefined;
} {
  if (expiresAt === undefined) return {};
  return { expiresAt: expiresAt === null ? undefined : new Date(expiresAt) };
}

export const apiKeyExample: z.input<typeof apiKey> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pdk',
  name: 'Warehouse',
  start: 'hub_live_4fTq',
  environment: 'live',
  status: 'active',
  scopes: ['events:publish'],
  ownerId: 'u8Qe0ZbKdA',
  expiresAt: '2027-01-02T03:04:05.000Z',
  addresses: ['192.0.2.0/24'],
  origins: [],
  metadata: { site: 'Hamburg' },
  limits: {
    rules: [{ strategy: 'slidingWindow', calls: 100, perSeconds: 60 }],
    monthlyCalls: 100_000,
  },
  createdAt: '2026-01-02T03:04:05.000Z',
};

/** Has the format of a key, but a wrong checksum. */
export const KEY_EXAMPLE = 'hub_live_4fTqExampleExampleExampleExampleExampleExam000000';
