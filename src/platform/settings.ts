import ipaddr from 'ipaddr.js';
import { z } from 'zod';

import { parseUrl } from '../contract/index.js';
import { brandSettings } from './brandSettings.js';
import { parseAllowList, type TrustedProxies, trustOf } from './http/index.js';
import type { Setting } from './setting.js';

const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `be a whole number from ${String(min)} to ${String(max)}`)
    .transform(Number)
    .refine(
      (value) => value >= min && value <= max,
      `be a whole number from ${String(min)} to ${String(max)}`,
    );

const yesOrNo = z
  .enum(['true', 'false', '1', '0'], 'be true or false')
  .transform((value) => value === 'true' || value === '1');

const secretText = (lengthMin: number) =>
  z
    .string()
    .min(lengthMin, `have at least ${String(lengthMin)} characters`)
    .refine((value) => value.trim() === value, 'neither begin nor end with a space');

const DATABASE_RULE = 'be a mongodb://, mongodb+srv://, postgres:// or postgresql:// address';

// A MongoDB address may list several hosts, which URL does not read: only its beginning is checked here.
const databaseUri = z.string().refine((value) => {
  if (/^mongodb(\+srv)?:\/\/[^\s/]+/.test(value)) return true;
  return /^postgres(ql)?:\/\/[^\s/]/.test(value) && parseUrl(value) !== undefined;
}, DATABASE_RULE);

const PUBLIC_URL_RULE =
  'be the http:// or https:// address of the hub as others reach it, without user, query or fragment';

const publicUrl = z
  .string()
  .refine((value) => {
    const url = /^https?:\/\/[^?#]+$/.test(value) ? parseUrl(value) : undefined;
    return url?.username === '' && url.password === '';
  }, PUBLIC_URL_RULE)
  .transform((value) => value.replace(/\/+$/, ''));

const hubUrl = publicUrl.refine(
  (value) => new URL(value).pathname.endsWith('/hub'),
  'end with /hub, which is where this server has the hub',
);

const TARGETS_RULE =
  'be host names, addresses or CIDR ranges that begin with their first address, separated by commas, without http:// or port';

const targets = z.string().refine((value) => {
  try {
    parseAllowList(value);
    return true;
  } catch {
    return false;
  }
}, TARGETS_RULE);

const ranges = z
  .string()
  .transform((value) => value.split(',').map((entry) => entry.trim()))
  .refine(
    (entries) => entries.every((entry) => ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry)),
    'be addresses or CIDR ranges, separated by commas',
  );

const PROXIES_RULE =
  'be the number of proxies, true, false, or addresses, CIDR ranges, loopback, linklocal or uniquelocal, separated by commas';

const trustedProxies = z.string().transform((value, context): TrustedProxies => {
  if (/^\d{1,2}$/.test(value)) return Number(value);
  if (value === 'true' || value === 'false') return value === 'true';
  try {
    trustOf(value);
    return value;
  } catch {
    context.addIssue({ code: 'custom', message: PROXIES_RULE });
    return z.NEVER;
  }
});

const CLIENTS_RULE =
  'be a JSON object with a member for each connector, in which clientId and clientSecret are text';

const oauthClients = z.string().transform((value, context) => {
  const client = z.strictObject({ clientId: z.string().min(1), clientSecret: z.string().min(1) });
  try {
    return z.record(z.string(), client).parse(JSON.parse(value));
  } catch {
    // Details of the problem are omitted: they would contain a part of the value.
    context.addIssue({ code: 'custom', message: CLIENTS_RULE });
    return z.NEVER;
  }
});

const RETURN_URLS_RULE =
  'be http:// or https:// addresses without user, query, fragment or *, separated by commas';

const returnUrls = z
  .string()
  .transform((value) => value.split(',').map((entry) => entry.trim()))
  .refine(
    (entries) =>
      entries.every((entry) => publicUrl.safeParse(entry).success && !entry.includes('*')),
    RETURN_URLS_RULE,
  );

const namePrefix = (lengthMax: number) =>
  z
    .string()
    .regex(
      new RegExp(`^[a-zA-Z][A-Za-z0-9_]{0,${lengthMax - 1}}$`),
      `begin with a letter and have up to ${lengthMax} letters, digits or underscores`,
    );

/** The targets that a development server allows by itself: its own machine. */
export const LOOPBACK_TARGETS = '127.0.0.1,::1,localhost';

/** All settings, in the order of the README's table. Their names are public. */
export const settings = {
  PORT: {
    schema: whole(1, 65_535),
    summary: 'The port of Parse Server, the hub and Parse Dashboard.',
    example: '8080',
    default: '1337',
  },
  BIND_ADDRESS: {
    schema: z.string().refine((value) => ipaddr.isValid(value), 'be an IP address'),
    summary:
      'The IP address to listen on; 0.0.0.0 for requests from other machines, also in a container.',
    example: '0.0.0.0',
    default: '127.0.0.1',
  },
  PUBLIC_URL: {
    schema: hubUrl,
    summary:
      'The public URL of the hub, including /hub. On localhost the server is a development server.',
    example: 'https://api.example.com/hub',
    default: 'http://localhost:$PORT/hub',
  },
  TRUST_PROXY: {
    schema: trustedProxies,
    summary:
      'The proxies whose X-Forwarded-For is believed: their number, or their addresses, CIDR ranges, loopback, linklocal or uniquelocal, separated by commas.',
    example: '10.0.0.0/8',
    default: 'loopback',
  },
  DATABASE_URI: {
    schema: databaseUri,
    summary: 'The URI of a PostgreSQL or MongoDB database.',
    example: 'postgres://user:password@db.example.com:5432/app',
    absent: 'an embedded PostgreSQL, kept in DATA_DIR',
    secret: true,
  },
  DATA_DIR: {
    schema: z.string(),
    summary: 'The folder of the embedded database and of generated secrets.',
    example: '/var/lib/hub',
    default: '.data',
  },
  APP_ID: {
    schema: z
      .string()
      .regex(/^[\w.-]{1,64}$/, 'be 1 to 64 letters, digits, dots, dashes or underscores'),
    summary: "Parse's application id, which clients send. Not a secret.",
    example: 'my-app',
    default: 'hub',
  },
  MASTER_KEY: {
    schema: secretText(16),
    summary: "Parse's master key, at least 16 characters.",
    example: '"$(openssl rand -hex 32)"',
    absent: 'generated on the first start, kept in DATA_DIR/secrets.json',
    secret: true,
  },
  MASTER_KEY_IPS: {
    schema: ranges,
    summary:
      'IP addresses and CIDR ranges that may use the master key. Dashboard uses it from the browser.',
    example: '127.0.0.1,::1,10.8.0.0/24',
    default: '127.0.0.1,::1',
  },
  HUB_SECRET: {
    schema: secretText(32),
    summary:
      'The secret that encryption keys are derived from, at least 32 characters, the same in every process.',
    example: '"$(openssl rand -hex 32)"',
    absent: 'generated on the first start, kept in DATA_DIR/secrets.json',
    secret: true,
  },
  HUB_PREVIOUS_SECRET: {
    schema: secretText(32),
    summary:
      'The previous HUB_SECRET while it changes: values encrypted under it can still be decrypted.',
    example: '"$(cat old-hub-secret)"',
    absent: 'none',
    secret: true,
  },
  HUB_KEY_ITERATIONS: {
    schema: whole(100_000, 10_000_000),
    summary: 'PBKDF2 iterations for new encryption keys.',
    example: '1000000',
    default: '600000',
  },
  DASHBOARD_USER: {
    schema: z.string().regex(/^\S{1,64}$/, 'be 1 to 64 characters without spaces'),
    summary: 'The user name for Parse Dashboard.',
    example: 'admin',
    default: 'admin',
  },
  DASHBOARD_PASSWORD: {
    schema: secretText(12),
    summary: "Dashboard's password, at least 12 characters.",
    example: '"$(openssl rand -base64 18)"',
    absent: 'generated on the first start, kept in DATA_DIR/secrets.json',
    secret: true,
  },
  LOG_LEVEL: {
    schema: z.enum(
      ['silent', 'error', 'warn', 'info', 'debug'],
      'be one of silent, error, warn, info, debug',
    ),
    summary: 'The log level: silent, error, warn, info or debug. With info, each call is a line.',
    example: 'info',
    default: 'warn',
  },
  HUB_ALLOWED_TARGETS: {
    schema: targets,
    summary:
      'Private host names, addresses or CIDR ranges that webhooks and connections may call, separated by commas.',
    example: '10.1.0.0/16,receiver.internal',
    absent: 'none; on a development server 127.0.0.1',
  },
  HUB_ALLOW_HTTP: {
    schema: yesOrNo,
    summary: 'Whether webhooks and connections may use http:// URLs.',
    example: 'true',
    default: 'false',
  },
  HUB_OAUTH_CLIENTS: {
    schema: oauthClients,
    summary:
      'OAuth clients that you have registered with services, as JSON by the key of the connector: `{"slack":{"clientId":"…","clientSecret":"…"}}`.',
    example: '"$(cat oauth-clients.json)"',
    absent: 'none: organizations bring their own',
    secret: true,
  },
  HUB_RETURN_URLS: {
    schema: returnUrls,
    summary:
      'URL prefixes that users may be redirected to after consent, separated by commas. Their origins also receive the result by postMessage.',
    example: 'https://app.example.com/settings,http://localhost:3000',
    absent: 'none: the hub shows the result on a page',
  },
  ...brandSettings,
  HUB_INVITATION_URL: {
    schema: z.url({ protocol: /^https?$/, error: 'be an http:// or https:// address' }),
    summary:
      'The page of yours that invitations to organizations link to, with the token in the query parameter invitation.',
    example: 'https://app.example.com/join',
    absent: 'a page of the hub',
  },
  HUB_CONNECTORS_DIR: {
    schema: z.string(),
    summary:
      'A folder of connectors of your own: OpenAPI documents as JSON (the key is the file’s name in camelCase), and JavaScript or TypeScript files that export what defineConnector made.',
    example: '/etc/hub/connectors',
    absent: '`connectors/` in the working directory, when it exists',
  },
  HUB_LOOPS: {
    schema: yesOrNo,
    summary:
      'Whether this process delivers and runs schedules; with false, other processes or the jobs do.',
    example: 'false',
    default: 'true',
  },
  HUB_IN_FLIGHT: {
    schema: whole(1, 10_000),
    summary: 'How many deliveries this process has in flight at once.',
    example: '500',
    default: '200',
  },
  HUB_EVENT_RETENTION_DAYS: {
    schema: whole(1, 3650),
    summary: 'How many days events and finished deliveries are kept.',
    example: '30',
    default: '90',
  },
  HUB_ATTEMPT_RETENTION_DAYS: {
    schema: whole(1, 3650),
    summary: 'How many days delivery attempts, with their responses, are kept.',
    example: '7',
    default: '30',
  },
  HUB_AUDIT_RETENTION_DAYS: {
    schema: whole(1, 3650),
    summary: 'How many days entries of the audit log are kept.',
    example: '730',
    default: '365',
  },
  HUB_FUNCTION_PREFIX: {
    schema: namePrefix(31),
    summary: "A prefix for the names of the hub's cloud functions.",
    example: 'hub_',
    absent: 'no prefix',
  },
  HUB_CLASS_PREFIX: {
    schema: namePrefix(15),
    summary:
      "A prefix for the names of the hub's classes. Set it before the first start: existing rows keep their class names.",
    example: 'Hub',
    absent: 'no prefix',
  },
  HUB_JOB_PREFIX: {
    schema: namePrefix(31),
    summary: "A prefix for the names of the hub's jobs.",
    example: 'hub_',
    absent: 'no prefix',
  },
} satisfies Record<string, Setting<unknown>>;

type SettingName = keyof typeof settings;

/**
 * The result of `parseSettings`: values by the names of the variables; `undefined` where nothing is set and there is no
 * default.
 */
export type Settings = {
  readonly [Name in SettingName]:
    | z.output<(typeof settings)[Name]['schema']>
    | ((typeof settings)[Name] extends { readonly default: string } ? never : undefined);
};

export type ParsedSettings =
  | { readonly ok: true; readonly settings: Settings }
  /** `problems`: one sentence per invalid variable, without secret values. */
  | { readonly ok: false; readonly problems: readonly string[] };

type Environment = Readonly<Record<string, string | undefined>>;

const names = Object.keys(settings) as SettingName[];

/**
 * Reads all settings, or returns what is wrong with each invalid one. An empty variable counts as not set. A variable
 * that begins with HUB_ and is not a setting is refused, because a mistyped name would otherwise be ignored silently.
 */
export function parseSettings(environment: Environment): ParsedSettings {
  const problems = unknownNames(environment).map(didYouMean);
  const values: Record<string, unknown> = {};
  for (const name of names) {
    const raw = textOf(name, environment);
    if (raw === undefined) continue;
    const result = settings[name].schema.safeParse(raw);
    if (result.success) values[name] = result.data;
    // A default is invalid only where it repeats another variable, which then has a message of its own.
    else if (isSet(name, environment))
      problems.push(sentence(name, raw, result.error.issues[0]?.message ?? 'be different'));
  }
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, settings: valuesAsSettings(values) };
}

// Each value was parsed by the schema of its own name, which a loop over names cannot express as a type.
function valuesAsSettings(values: Record<string, unknown>): Settings {
  return values as unknown as Settings;
}

function isSet(name: SettingName, environment: Environment): boolean {
  return environment[name] !== undefined && environment[name] !== '';
}

function textOf(name: SettingName, environment: Environment): string | undefined {
  if (isSet(name, environment)) return environment[name];
  const spec: Setting<unknown> = settings[name];
  return spec.default?.replace(
    /\$(\w+)/g,
    (_, other: string) => textOf(other as SettingName, environment) ?? '',
  );
}

function sentence(name: SettingName, raw: string, rule: string): string {
  const spec: Setting<unknown> = settings[name];
  const shown = spec.secret === true ? '' : `, not ${shorten(raw)}`;
  return `${name} must ${rule}${shown}; for example ${name}=${spec.example}`;
}

/** Shortens a value for a terminal: no control characters, no password inside an address, a limited length. */
function shorten(raw: string): string {
  const masked = raw.replace(/\/\/[^/?#]*@/, '//***@');
  return JSON.stringify(masked.length > 80 ? `${masked.slice(0, 80)}…` : masked);
}

function unknownNames(environment: Environment): string[] {
  return Object.keys(environment).filter((name) => /^HUB_/i.test(name) && !(name in settings));
}

function didYouMean(name: string): string {
  const near = names
    .map((known) => ({ known, distance: editDistance(name.toUpperCase(), known) }))
    .filter(({ distance }) => distance <= 4)
    .sort((a, b) => a.distance - b.distance)[0];
  const advice =
    near === undefined
      ? `the hub's settings are ${names.filter((known) => known.startsWith('HUB_')).join(', ')}`
      : `did you mean ${near.known}?`;
  return `${name} is not a setting: ${advice}`;
}

/** Returns Levenshtein's distance: how many characters to insert, remove or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
