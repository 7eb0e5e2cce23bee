import { z } from 'zod';

import {
  defaultMail,
  KEY_ENVIRONMENTS,
  KEY_PREFIX,
  type KeyMail,
  type KeyNotice,
} from '../apiKeys/index.js';
import { type ConnectorSpec, describeIssue, problemsOfConnector } from '../contract/index.js';
import { brandingOption, type HostPages, PAGE_NAMES } from '../oauth/index.js';
import {
  defaultInvitationMail,
  type InvitationMail,
  type InvitationNotice,
  type OrganizationResolver,
} from '../organizations/index.js';
import { DAY_MS } from '../platform/durations.js';
import { parseAllowList, type TrustedProxies, trustOf } from '../platform/http/index.js';
import { hostScopes } from '../scopes/index.js';
import { type BruteForceRule, PER_ACCOUNT, PER_ADDRESS } from '../security/index.js';
import {
  checkHubSecret,
  type HostVaultClass,
  ITERATIONS,
  ITERATIONS_MIN,
  type Kms,
} from '../vault/index.js';
import type { HubOptions } from './options.js';

const count = z.number().int().min(1).max(100_000);

/** Returns the option for calls of one cost, with these defaults. */
function callsInFlight(all: number, perOrganization: number, perCaller: number) {
  const limits = z.strictObject({
    inFlightMax: count.default(all),
    inFlightPerOrganizationMax: count.default(perOrganization),
    inFlightPerCallerMax: count.default(perCaller),
  });
  return limits.prefault({});
}

const days = z.number().int().min(1).max(3650);

const TRUST_RULE =
  'must be the number of proxies, or their addresses, CIDR ranges, loopback, linklocal or uniquelocal';

function isTrust(proxies: TrustedProxies): boolean {
  try {
    trustOf(proxies);
    return true;
  } catch {
    return false;
  }
}

const perHour = z.number().int().min(1).max(1_000_000);

function bruteForceRule({
  freeAttempts,
  firstWaitMs,
  longestWaitMs,
  forgetAfterMs,
}: BruteForceRule) {
  const ms = z
    .number()
    .int()
    .min(1)
    .max(30 * DAY_MS);
  const rule = z.strictObject({
    freeAttempts: z.number().int().min(1).max(10_000).default(freeAttempts),
    firstWaitMs: ms.default(firstWaitMs),
    longestWaitMs: ms.default(longestWaitMs),
    forgetAfterMs: ms.default(forgetAfterMs),
  });
  return rule.prefault({});
}

const hubSecret = z.string({ error: checkHubSecret('') }).superRefine((text, context) => {
  const problem = checkHubSecret(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** For functions and jobs. */
const namePrefix = z
  .string()
  .regex(
    /^([a-zA-Z][A-Za-z0-9_]{0,30})?$/,
    'must be up to 31 letters, digits and underscores, beginning with a letter',
  )
  .default('');

const hubOptions = z.strictObject({
  secret: hubSecret,
  previousSecrets: z.array(hubSecret).max(5).default([]),
  keyIterations: z.number().int().min(ITERATIONS_MIN).max(10_000_000).default(ITERATIONS),
  kms: z
    .custom<Kms>(
      (value) => hasFunctions(value, ['current', 'generate', 'unwrap']),
      'must be an object with the functions current, generate and unwrap',
    )
    .optional(),
  publicUrl: z
    .url({
      protocol: /^https?$/,
      error: 'must be the http:// or https:// URL of the hub, such as https://api.example.com/hub',
    })
    .refine((text) => !/[?#]|\/\/[^/]*@/.test(text), 'must not have a user name, query or fragment')
    .transform((text) => text.replace(/\/+$/, '')),
  trustProxy: z
    .union(
      [
        z.boolean(),
        z.number().int().min(0).max(99),
        z.string().refine(isTrust),
        z.array(z.string()).refine(isTrust),
      ],
      TRUST_RULE,
    )
    .optional(),
  allowedTargets: z
    .string()
    .default('')
    .transform((text, context) => {
      try {
        return parseAllowList(text);
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as Error).message });
        return z.NEVER;
      }
    }),
  allowHttp: z.boolean().default(false),
  loops: z.boolean().default(true),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  functionPrefix: namePrefix,
  classPrefix: z
    .string()
    .regex(
      /^([A-Za-z][A-Za-z0-9_]{0,14})?$/,
      'must be up to 15 letters, digits and underscores, beginning with a letter',
    )
    .default(''),
  jobPrefix: namePrefix,
  organizations: z
    .custom<OrganizationResolver>(
      (value) =>
        hasFunctions(value, ['membershipsOf', 'exists', 'readersOf']) &&
        typeof (value as Partial<OrganizationResolver>).className === 'string',
      'must be an object with className and the functions membershipsOf, exists and readersOf',
    )
    .optional(),
  invitations: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }).optional(),
      mail: z
        .custom<(notice: InvitationNotice) => InvitationMail | undefined>(
          isFunction,
          'must be a function',
        )
        .default(() => defaultInvitationMail),
    })
    .prefault({}),
  connectors: z
    .array(z.custom<ConnectorSpec>(isConnector, 'make it with defineConnector'))
    .default([]),
  oauthClients: z
    .record(
      z.string(),
      z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1) }),
    )
    .default({}),
  returnUrls: z
    .array(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' }))
    .default([]),
  retention: z
    .strictObject({
      eventDays: days.default(90),
      attemptDays: days.default(30),
      auditDays: days.default(365),
    })
    .default({ eventDays: 90, attemptDays: 30, auditDays: 365 }),
  apiKeys: z
    .strictObject({
      prefix: z
        .string()
        .regex(KEY_PREFIX, 'must be 2 to 20 lower-case letters and digits, beginning with a letter')
        .default('hub'),
      environments: z
        .array(z.enum(KEY_ENVIRONMENTS))
        .min(1)
        .default([...KEY_ENVIRONMENTS]),
      rotateAfterDays: days.default(90),
      mail: z
        .custom<(notice: KeyNotice) => KeyMail | undefined>(isFunction, 'must be a function')
        .default(() => defaultMail),
    })
    .prefault({}),
  scopes: hostScopes.default({}),
  bruteForce: z
    .strictObject({
      perAccount: bruteForceRule(PER_ACCOUNT),
      perAddress: bruteForceRule(PER_ADDRESS),
      signUpsPerHour: perHour.default(300),
      emailsPerHour: perHour.default(10),
    })
    .prefault({}),
  branding: brandingOption.default({}),
  pages: z
    .strictObject(
      Object.fromEntries(
        PAGE_NAMES.map((name) => [name, z.custom(isFunction, 'must be a function').optional()]),
      ),
    )
    .transform((pages) => pages as HostPages)
    .default({}),
  vault: z
    .strictObject({
      classes: z
        .array(
          z.strictObject({
            className: z
              .string()
              .regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be the name of a Parse class'),
            fields: z
              .array(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'must be the name of a field'))
              .min(1),
            contextOf: z.custom<HostVaultClass['contextOf']>(isFunction, 'must be a function'),
          }),
        )
        .default([]),
    })
    .prefault({}),
  resources: z
    .array(
      z.strictObject({
        identifier: z
          .url({ protocol: /^https?$/, error: 'must be the http:// or https:// URL of a service' })
          .refine((text) => !text.includes('#'), 'must not have a fragment'),
        name: z.string().trim().min(1).max(100).optional(),
        scopes: z.array(z.string()).min(1),
        tokenFormat: z.enum(['jwt', 'opaque']).default('jwt'),
      }),
    )
    .max(100)
    .default([]),
  foreignBearers: z.enum(['refuse', 'pass']).default('refuse'),
  inFlightMax: z.number().int().min(1).max(10_000).default(200),
  requestLimits: z
    .union([
      z.literal(false),
      z.strictObject({
        bytesMax: z
          .number()
          .int()
          .min(1_000)
          .default(20 * 1024 * 1024),
        depthMax: z.number().int().min(10).max(10_000).default(1_000),
        keysMax: z.number().int().min(100).default(500_000),
        batchKeysMax: z.number().int().min(100).default(1_000_000),
        hostRequests: z.boolean().default(false),
      }),
    ])
    .prefault({}),
  gate: z
    .strictObject({
      ordinary: callsInFlight(200, 64, 48),
      costly: callsInFlight(4, 1, 1),
      outgoing: callsInFlight(500, 200, 100),
      waitingMax: count.default(5_000),
      waitingPerOrganizationMax: count.default(1_000),
      waitingPerCallerMax: count.default(500),
      waitMs: z.number().int().min(100).max(60_000).default(30_000),
    })
    .prefault({}),
});

function hasFunctions(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return names.every((name) => isFunction((value as Readonly<Record<string, unknown>>)[name]));
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isConnector(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('key' in value)) return false;
  return problemsOfConnector(value as ConnectorSpec).length === 0;
}

export type CheckedOptions = z.output<typeof hubOptions>;

/** Throws an Error that names each invalid option and what it must be; it never repeats a value. */
export function checkOptions(options: HubOptions): CheckedOptions {
  if (typeof (options as unknown) !== 'object')
    throw new Error('createIntegrationHub needs an object with the options secret and publicUrl.');
  const parsed = hubOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(describeIssue).join('; ');
  throw new Error(`The options of createIntegrationHub are not valid. ${problems}`);
}
