import { z } from 'zod';

import {
  defaultMail,
  KEY_ENVIRONMENTS,
  KEY_PREFIX,
  type KeyMail,
  type KeyNotice,
} from '../apiKeys/index.js';
import { type ConnectorSpec, problemsOfConnector } from '../contract/index.js';
import {
  brandingOption,
  type HostPages,
  PAGE_NAMES,
  type PagesBranding as Branding,
} from '../oauth/index.js';
import type { OrganizationResolver } from '../organizations/index.js';
import { DAY_MS } from '../platform/durations.js';
import { parseAllowList } from '../platform/http/index.js';
import { type HostScopes, hostScopes } from '../scopes/index.js';
import { type BruteForceRule, PER_ACCOUNT, PER_ADDRESS } from '../security/index.js';
import { checkHubSecret, ITERATIONS, ITERATIONS_MIN, type Kms } from '../vault/index.js';

/** What a host gives to `createIntegrationHub`. */
export interface HubOptions {
  /**
   * What the hub encrypts with: at least 32 characters, at best random ones. Every process on one database needs the same,
   * and what was stored under another cannot be opened any more.
   */
  readonly secret: string;
  /** What `secret` was before, while it changes: what was sealed under it still opens. See src/vault/README.md. */
  readonly previousSecrets?: readonly string[] | undefined;
  /** Iterations of PBKDF2-HMAC-SHA256 for keys made from now on. Default 600,000, at least 100,000. */
  readonly keyIterations?: number | undefined;
  /** A key service of the host's own, which then keeps the keys instead of `secret`. */
  readonly kms?: Kms | undefined;
  /** The hub as others reach it, up to where `hub.router` is mounted: `https://api.example.com/hub`. */
  readonly publicUrl: string;
  /**
   * Hosts, addresses or CIDR ranges, comma-separated, that may be called although they are private; http:// is fine for
   * them too. For development, and for receivers in the same network. Nothing by default.
   */
  readonly allowedTargets?: string | undefined;
  /** Whether webhooks and connections may be http://, whatever they lead to. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** Whether this process delivers and runs schedules. Default true; with false only the jobs do. */
  readonly loops?: boolean | undefined;
  /** What is logged, as JSON lines on standard output: silent, error, warn, info or debug. Default info. */
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined;
  /** Put before the name of each cloud function, where a host has functions of the same name. Default none. */
  readonly functionPrefix?: string | undefined;
  /**
   * Put before the name of each class of the hub's, where a host has classes of the same name: with `Hub`, webhooks are rows
   * of `HubWebhook`. For an application that has no hub yet: what is stored keeps the names it was stored under. Default none.
   */
  readonly classPrefix?: string | undefined;
  /** Put before the name of each job, where a host has jobs of the same name. Default none. */
  readonly jobPrefix?: string | undefined;
  /** Organizations of the host's own; without it the hub has its own and functions to manage them. */
  readonly organizations?: OrganizationResolver | undefined;
  /** Connectors of the host's own, made with `defineConnector`, beside those that the hub has. */
  readonly connectors?: readonly ConnectorSpec[] | undefined;
  /** OAuth clients that you have registered with services, by the key of the connector. */
  readonly oauthClients?:
    | Readonly<Record<string, { readonly clientId: string; readonly clientSecret: string }>>
    | undefined;
  /**
   * Beginnings of addresses to which a browser may be sent after consenting: `https://app.example.com/settings`. Pages of
   * their origins may begin consents without the browser being asked, and are told how it went.
   */
  readonly returnUrls?: readonly string[] | undefined;
  /** How long history is kept, in days. Default 90 for events and deliveries, 30 for attempts, 365 for the audit trail. */
  readonly retention?:
    | {
        readonly eventDays?: number | undefined;
        readonly attemptDays?: number | undefined;
        readonly auditDays?: number | undefined;
      }
    | undefined;
  /**
   * API keys: the word that new ones begin with (2 to 20 lower-case letters and digits, beginning with a letter; default
   * `hub`), which environments' keys this hub takes (default both), after how many days a key should be rotated (default
   * 90), and the words of mails to keepers, which go out where Parse Server has an e-mail adapter (`undefined`: none).
   */
  readonly apiKeys?:
    | {
        readonly prefix?: string | undefined;
        readonly environments?: readonly ('live' | 'test')[] | undefined;
        readonly rotateAfterDays?: number | undefined;
        readonly mail?: ((notice: KeyNotice) => KeyMail | undefined) | undefined;
      }
    | undefined;
  /**
   * Scopes of your own, beside the hub's permissions, by names such as `posts:read`: what they are in words, which of your
   * classes and functions they open to API keys and OAuth apps, and which roles of an organization have them (default all).
   */
  readonly scopes?: HostScopes | undefined;
  /**
   * The defense against guessing of keys, client secrets, codes and passwords. So many wrong attempts are free; after them one
   * waits, each time twice as long; after so long without a wrong attempt all is forgotten. Defaults: 5 attempts, 1 s,
   * 15 minutes and a day for each account; 30 attempts, 10 s, an hour and an hour for each address. See src/security/README.md.
   */
  readonly bruteForce?:
    | {
        readonly perAccount?: BruteForceRuleOption | undefined;
        readonly perAddress?: BruteForceRuleOption | undefined;
      }
    | undefined;
  /** How the pages look on which people log in and allow apps to act for them. See src/oauth/pages/README.md. */
  readonly branding?: Branding | undefined;
  /** Pages of your own in place of the hub's: functions that answer HTML, or an address. See src/oauth/pages/README.md. */
  readonly pages?: HostPages | undefined;
  /** Deliveries under way at once in this process. Default 200. */
  readonly inFlightMax?: number | undefined;
}

/** One rule of `guessing`; what is left out stays as it is. */
interface BruteForceRuleOption {
  readonly freeAttempts?: number | undefined;
  readonly firstWaitMs?: number | undefined;
  readonly longestWaitMs?: number | undefined;
  readonly forgetAfterMs?: number | undefined;
}

const days = z.number().int().min(1).max(3650);

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

const hubSecret = z.string().superRefine((text, context) => {
  const problem = checkHubSecret(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

/** Of functions and jobs. */
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
  kms: z.custom<Kms>((value) => typeof value === 'object').optional(),
  publicUrl: z
    .url({
      protocol: /^https?$/,
      error:
        'must be the http:// or https:// address of the hub, such as https://api.example.com/hub',
    })
    .transform((text) => text.replace(/\/+$/, '')),
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
  organizations: z.custom<OrganizationResolver>((value) => typeof value === 'object').optional(),
  connectors: z
    .array(z.custom<ConnectorSpec>(isConnector, 'make it with defineConnector'))
    .default([]),
  oauthClients: z
    .record(
      z.string(),
      z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1) }),
    )
    .default({}),
  returnUrls: z.array(z.url({ protocol: /^https?$/ })).default([]),
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
        .custom<(notice: KeyNotice) => KeyMail | undefined>((value) => typeof value === 'function')
        .default(() => defaultMail),
    })
    .prefault({}),
  scopes: hostScopes.default({}),
  bruteForce: z
    .strictObject({
      perAccount: bruteForceRule(PER_ACCOUNT),
      perAddress: bruteForceRule(PER_ADDRESS),
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
  inFlightMax: z.number().int().min(1).max(10_000).default(200),
});

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

function isConnector(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('key' in value)) return false;
  return problemsOfConnector(value as ConnectorSpec).length === 0;
}

export type CheckedOptions = z.output<typeof hubOptions>;

/** Throws an Error that names each wrong option and says what is right; it never repeats a value. */
export function checkOptions(options: HubOptions): CheckedOptions {
  const parsed = hubOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'options'}: ${message}`,
  );
  throw new Error(`createIntegrationHub was given wrong options. ${problems.join('; ')}`);
}
