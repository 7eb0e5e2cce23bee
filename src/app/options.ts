import { z } from 'zod';

import {
  defaultMail,
  KEY_ENVIRONMENTS,
  KEY_PREFIX,
  type KeyMail,
  type KeyNotice,
} from '../apiKeys/index.js';
import { type ConnectorSpec, describeIssue, problemsOfConnector } from '../contract/index.js';
import {
  brandingOption,
  type HostPages,
  PAGE_NAMES,
  type PagesBranding as Branding,
} from '../oauth/index.js';
import {
  defaultInvitationMail,
  type InvitationMail,
  type InvitationNotice,
  type OrganizationResolver,
} from '../organizations/index.js';
import { DAY_MS } from '../platform/durations.js';
import { parseAllowList } from '../platform/http/index.js';
import { type HostScopes, hostScopes } from '../scopes/index.js';
import { type BruteForceRule, PER_ACCOUNT, PER_ADDRESS } from '../security/index.js';
import { checkHubSecret, ITERATIONS, ITERATIONS_MIN, type Kms } from '../vault/index.js';

/** The options of `createIntegrationHub`. */
export interface HubOptions {
  /**
   * The secret that encryption keys are derived from: at least 32 characters, ideally random. Every process on one
   * database needs the same one; values encrypted under another cannot be decrypted.
   */
  readonly secret: string;
  /**
   * Previous values of `secret`, while it changes: values encrypted under them can still be decrypted. See
   * src/vault/README.md.
   */
  readonly previousSecrets?: readonly string[] | undefined;
  /** Iterations of PBKDF2-HMAC-SHA256 for new keys. Default 600,000, at least 100,000. */
  readonly keyIterations?: number | undefined;
  /** A key management service of the host's, which then keeps the keys instead of `secret`. */
  readonly kms?: Kms | undefined;
  /** The public URL of the hub, where `hub.router` is mounted: `https://api.example.com/hub`. */
  readonly publicUrl: string;
  /**
   * Private hosts, addresses or CIDR ranges, comma-separated, that may be called, also by http://. For development, and
   * for receivers in the same network. Default none.
   */
  readonly allowedTargets?: string | undefined;
  /** Whether webhooks and connections may use http:// URLs for every target. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** Whether this process delivers and runs schedules. Default true; with false only the jobs do. */
  readonly loops?: boolean | undefined;
  /** The log level of the JSON lines on standard output: silent, error, warn, info or debug. Default info. */
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined;
  /** A prefix for the names of the hub's cloud functions, where a host has functions of the same name. Default none. */
  readonly functionPrefix?: string | undefined;
  /**
   * A prefix for the names of the hub's classes, where a host has classes of the same name: with `Hub`, webhooks are
   * rows of `HubWebhook`. Set it before the first start: existing rows keep their class names. Default none.
   */
  readonly classPrefix?: string | undefined;
  /** A prefix for the names of the hub's jobs, where a host has jobs of the same name. Default none. */
  readonly jobPrefix?: string | undefined;
  /** Organizations of the host's own; without it the hub has its own and functions to manage them. */
  readonly organizations?: OrganizationResolver | undefined;
  /**
   * Invitations to organizations of the hub's own: the page of yours that receives the token as `?invitation=…` (default a
   * page of the hub), and the texts of e-mails, which are sent where Parse Server has an e-mail adapter (`undefined`:
   * none is sent). See src/organizations/README.md.
   */
  readonly invitations?:
    | {
        readonly url?: string | undefined;
        readonly mail?: ((notice: InvitationNotice) => InvitationMail | undefined) | undefined;
      }
    | undefined;
  /** Connectors of the host's own, made with `defineConnector`, in addition to the hub's. */
  readonly connectors?: readonly ConnectorSpec[] | undefined;
  /** OAuth clients that you have registered with services, by the key of the connector. */
  readonly oauthClients?:
    | Readonly<Record<string, { readonly clientId: string; readonly clientSecret: string }>>
    | undefined;
  /**
   * URL prefixes that users may be redirected to after consent: `https://app.example.com/settings`. Pages of their
   * origins may start a consent without a confirmation page, and receive the result by postMessage.
   */
  readonly returnUrls?: readonly string[] | undefined;
  /**
   * How long history is kept, in days. Default 90 for events and deliveries, 30 for attempts, 365 for the audit log.
   */
  readonly retention?:
    | {
        readonly eventDays?: number | undefined;
        readonly attemptDays?: number | undefined;
        readonly auditDays?: number | undefined;
      }
    | undefined;
  /**
   * API keys: the prefix of new ones (2 to 20 lower-case letters and digits, beginning with a letter; default `hub`),
   * the environments whose keys this hub accepts (default both), after how many days a key should be rotated (default
   * 90), and the texts of e-mails to owners, which are sent where Parse Server has an e-mail adapter (`undefined`:
   * none).
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
   * Scopes of your own, in addition to the hub's permissions, by names such as `posts:read`: their descriptions, which
   * of your classes and functions they open to API keys and OAuth apps, and which roles of an organization have them
   * (default all).
   */
  readonly scopes?: HostScopes | undefined;
  /**
   * Brute-force protection for keys, client secrets, codes and passwords: how many failed attempts are free, the first
   * wait after them, which doubles with each further failure, its maximum, and the time without failures after which
   * all is reset. Defaults: 5 attempts, 1 s, 15 minutes and a day for each account; 30 attempts, 10 s, an hour and an
   * hour for each address. See src/security/README.md.
   */
  readonly bruteForce?:
    | {
        readonly perAccount?: BruteForceRuleOption | undefined;
        readonly perAddress?: BruteForceRuleOption | undefined;
      }
    | undefined;
  /** The look of the pages on which users log in and approve apps. See src/oauth/pages/README.md. */
  readonly branding?: Branding | undefined;
  /** Pages of your own in place of the hub's: functions that return HTML, or a URL. See src/oauth/pages/README.md. */
  readonly pages?: HostPages | undefined;
  /** The number of deliveries in flight at once in this process. Default 200. */
  readonly inFlightMax?: number | undefined;
}

/** One rule of `bruteForce`; omitted members keep their defaults. */
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
  kms: z.custom<Kms>((value) => typeof value === 'object').optional(),
  publicUrl: z
    .url({
      protocol: /^https?$/,
      error: 'must be the http:// or https:// URL of the hub, such as https://api.example.com/hub',
    })
    .refine((text) => !/[?#]|\/\/[^/]*@/.test(text), 'must not have a user name, query or fragment')
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

/** Throws an Error that names each invalid option and what it must be; it never repeats a value. */
export function checkOptions(options: HubOptions): CheckedOptions {
  const parsed = hubOptions.safeParse(options);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(describeIssue).join('; ');
  throw new Error(`The options of createIntegrationHub are not valid. ${problems}`);
}
