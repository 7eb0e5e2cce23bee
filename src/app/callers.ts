import { type ApiKeys, apiKeyStore, createApiKeys } from '../apiKeys/index.js';
import { createOAuth, type OAuth, oauthStore } from '../oauth/index.js';
import type { Tenancy } from '../organizations/index.js';
import { createMeters } from '../platform/limits/index.js';
import type { ParseMail } from '../platform/parse/index.js';
import type { ScopeRegistry } from '../scopes/index.js';
import {
  createBruteForceProtection,
  createDevices,
  createLoginProtection,
} from '../security/index.js';
import type { Webhooks } from '../webhooks/index.js';
import type { CheckedOptions } from './checkOptions.js';
import type { Platform } from './platform.js';

/** The host's options. */
interface CallersComposition {
  readonly options: CheckedOptions;
  readonly scopes: ScopeRegistry;
  /** Returns the public URL of Parse Server. */
  parseUrl(): string;
}

/** The dependencies of API keys and OAuth apps on other domains. */
export interface CallersDeps {
  readonly tenancy: Tenancy;
  readonly webhooks: Pick<Webhooks, 'publish'>;
  readonly mail: ParseMail;
}

/** Composes API keys, OAuth apps and the brute-force protection. */
export function openCallers(
  composition: CallersComposition,
  platform: Platform,
  deps: CallersDeps,
) {
  const guards = openGuards(composition.options, platform);
  return {
    ...guards,
    apiKeys: openApiKeys(composition, platform, { ...deps, ...guards }),
    oauth: openOAuth(composition, platform, { ...deps, ...guards }),
  };
}

type Guards = ReturnType<typeof openGuards>;

/** Creates the brute-force protection for credentials and codes, and that of log-ins. */
function openGuards(
  { secret, previousSecrets, bruteForce: rules }: CheckedOptions,
  platform: Platform,
) {
  const { clock, log, users } = platform;
  const meters = createMeters(platform);
  const bruteForce = createBruteForceProtection({ meters, clock, log, secret, rules });
  const logins = createLoginProtection({
    bruteForce,
    meters,
    secret,
    limits: rules,
    devices: createDevices([secret, ...previousSecrets]),
    now: () => clock.now(),
    accountOf: (name) => users.accountOf(name),
  });
  return { bruteForce, logins };
}

function openApiKeys(
  { options, scopes }: CallersComposition,
  platform: Platform,
  { tenancy, webhooks: { publish }, mail, bruteForce }: CallersDeps & Guards,
): ApiKeys {
  const { clock, log } = platform;
  return createApiKeys({
    clock,
    log,
    publish,
    bruteForce,
    ...options.apiKeys,
    mailOf: options.apiKeys.mail,
    send: (message) => mail.send(message),
    store: apiKeyStore(platform),
    meters: createMeters(platform),
    secrets: [options.secret, ...options.previousSecrets],
    isGrantable: (scope) => scopes.isGrantable(scope),
    readersOf: (organizationId) => tenancy.readersOf(organizationId),
    membershipOf: (actor, organizationId) => tenancy.membershipOf(actor, organizationId),
  });
}

function openOAuth(
  { options, scopes, parseUrl }: CallersComposition,
  platform: Platform,
  { tenancy, bruteForce, logins }: CallersDeps & Guards,
): OAuth {
  const { clock, log, users } = platform;
  const { branding, pages } = options;
  return createOAuth({
    clock,
    meters: createMeters(platform),
    log,
    scopes,
    people: users,
    bruteForce,
    logins,
    branding,
    pages,
    prefix: options.apiKeys.prefix,
    publicUrl: options.publicUrl,
    parseUrl,
    resources: options.resources,
    store: oauthStore(platform),
    secrets: [options.secret, ...options.previousSecrets],
    organizations: {
      choicesOf: (userId) => tenancy.organizationsOf(userId),
      nameOf: (id) => tenancy.nameOf(id),
    },
    readersOf: (organizationId) => tenancy.readersOf(organizationId),
    membershipOf: (actor, organizationId) => tenancy.membershipOf(actor, organizationId),
  });
}
