import type { ApiKeyActor, Membership } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { createPeppers, type Secrets } from '../platform/crypto/index.js';
import { DAY_MS } from '../platform/durations.js';
import type { Meters } from '../platform/limits/index.js';
import type { Log } from '../platform/log.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import type { BruteForceProtection } from '../security/index.js';
import { type ApiKeyAdmin, type ApiKeyAdminDeps, createApiKeyAdmin } from './manage/apiKeys.js';
import { type LeakReport, reportLeaks, type RevokedKey } from './manage/leaks.js';
import { remind, type RemindDeps } from './notify/remind.js';
import type { KeyEnvironment } from './secret.js';
import type { ApiKeyRow, ApiKeyStore, ApiKeyUsageRow } from './store.js';
import { type ApiKeyCallers, createApiKeyCallers } from './verify/callers.js';
import { createKeys } from './verify/keys.js';
import { createUsageCounter, startOfDay } from './verify/usage.js';

export { problemOfRange } from '../platform/http/index.js';
export { apiKeyErrors } from './errors.js';
export { defaultMail, type KeyMail, type KeyNotice } from './notify/notify.js';
export {
  checksumOf,
  KEY_ENVIRONMENTS,
  KEY_PREFIX,
  looksLikeKey,
  randomSecretDigits,
} from './secret.js';
import { deleteInBatches } from '../platform/deleteInBatches.js';
export { type ApiKeyRow, apiKeyStore } from './store.js';
export { readLimits } from './verify/callers.js';
export type { AdvertisedLimit } from './verify/limits.js';
export { readTallies, type UsageTallies as Tallies } from './verify/usage.js';

/** API keys; see README.md beside this file. */
export interface ApiKeys {
  readonly admin: ApiKeyAdmin;
  readonly callers: ApiKeyCallers;
  /** What is stored of an organization. */
  readonly ofOrganization: OrganizationRows;
  /** Returns the usage of each day, oldest first, with the counts of this process that are not written yet. Omits days without calls. */
  usage(row: ApiKeyRow, days: number): Promise<readonly ApiKeyUsageRow[]>;
  /** Writes the usage counted so far. */
  flush(): Promise<void>;
  /** Sends reminders for keys that should be rotated, until `signal`; returns the number of keys. */
  remind(options: { readonly signal: AbortSignal }): Promise<number>;
  /** Revokes keys that were reported as leaked. Throws LeakReportsLimited. */
  reportLeaks(report: LeakReport): Promise<readonly RevokedKey[]>;
  /** Deletes usage older than the retention, until `signal`; returns the number of deleted rows (one for each key and day). */
  prune(options: { readonly signal: AbortSignal }): Promise<number>;
}

export interface ApiKeysDeps {
  readonly store: ApiKeyStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
  readonly bruteForce: BruteForceProtection;
  /** The hub's secret, then the previous ones. */
  readonly secrets: Secrets;
  readonly prefix: string;
  readonly environments: readonly KeyEnvironment[];
  readonly isGrantable: ApiKeyAdminDeps['isGrantable'];
  readonly readersOf: ApiKeyAdminDeps['readersOf'];
  readonly membershipOf: ApiKeyAdminDeps['membershipOf'];
  readonly rotateAfterDays: number;
  readonly publish: RemindDeps['publish'];
  readonly send: RemindDeps['send'];
  readonly mailOf: RemindDeps['mailOf'];
}

/** A year and a month, so that a month can be compared with the same month of the previous year. */
const RETENTION_DAYS = 400;

export function createApiKeys(deps: ApiKeysDeps): ApiKeys {
  const { store, clock } = deps;
  const peppers = createPeppers(deps.secrets, 'api key');
  const keys = createKeys({ store, peppers, clock });
  const usage = createUsageCounter(deps);
  const membershipOf = (actor: ApiKeyActor): Promise<Membership> =>
    deps.membershipOf(actor, actor.organizationId);
  const daysBack = (days: number) => new Date(startOfDay(clock.now()).getTime() - days * DAY_MS);
  return {
    admin: createApiKeyAdmin({ ...deps, keys, peppers }),
    ofOrganization: store.ofOrganization,
    callers: createApiKeyCallers({ ...deps, keys, usage, membershipOf }),
    async usage({ id }, days) {
      await usage.flush();
      return store.days(id, daysBack(days - 1));
    },
    flush: () => usage.flush(),
    remind: (options) => remind(deps, options),
    reportLeaks: (report) => reportLeaks({ ...deps, keys }, report),
    prune: (options) =>
      deleteInBatches((limit) => store.pruneDays(daysBack(RETENTION_DAYS), limit), options),
  };
}
