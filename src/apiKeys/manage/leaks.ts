import type { Clock } from '../../platform/clock.js';
import { networkOf } from '../../platform/http/index.js';
import { waitSeconds } from '../../platform/http/retryAfter.js';
import {
  forgettableAtMs,
  type Limit,
  type LimitState,
  type Meters,
  take,
} from '../../platform/limits/index.js';
import { apiKeyErrors } from '../errors.js';
import { mailOwner, type NotifyDeps, publishLeak } from '../notify/notify.js';
import type { ApiKeyRow, ApiKeyStore } from '../store.js';
import { isInactive } from '../verify/check.js';
import type { Keys } from '../verify/keys.js';
import { endPrevious, revoke } from './revoke.js';

/** Keys that were found in a public place. */
export interface LeakReport {
  readonly keys: readonly string[];
  /** The address that the report came from. */
  readonly address: string | undefined;
}

/** A key that a report revoked: for the audit log, never part of the response to the reporter. */
export interface RevokedKey {
  readonly apiKeyId: string;
  readonly organizationId: string;
}

export interface LeaksDeps extends NotifyDeps {
  readonly store: ApiKeyStore;
  readonly keys: Keys;
  readonly meters: Meters;
  readonly clock: Clock;
}

/** The number of reports allowed from one IPv4 address or one IPv6 /64. */
const REPORTS: Limit = { strategy: 'slidingWindow', calls: 30, perSeconds: 60 };

/**
 * Revokes the reported keys. For a secret from before the last rotation, only the rest of its grace period ends. Notifies the
 * organization and the owner. Throws LeakReportsLimited.
 */
export async function reportLeaks(
  deps: LeaksDeps,
  { keys, address }: LeakReport,
): Promise<RevokedKey[]> {
  await checkAllowed(deps.meters, networkOf(address));
  const revoked = await Promise.all([...new Set(keys)].map((key) => end(deps, key)));
  return revoked.filter((each) => each !== undefined);
}

async function end(deps: LeaksDeps, key: string): Promise<RevokedKey | undefined> {
  const found = await deps.keys.load(key);
  const now = deps.clock.now();
  if (!found || isInactive(found.row, now) || (found.endsAt && found.endsAt <= now))
    return undefined;
  const { row, acting, endsAt } = found;
  await tryPublishLeak(deps, acting, endsAt ? 'previousKey' : 'key');
  const revoked = endsAt ? await endPrevious(deps, row) : await revoke(deps, row);
  if (!revoked.isOurs) return undefined;
  await mailOwner(deps, acting, 'leaked');
  return { apiKeyId: row.id, organizationId: row.organization };
}

/** Publishes the event. Runs before the key is revoked, so that a crash in between cannot lose it. The key is revoked even if this fails. */
async function tryPublishLeak(
  deps: LeaksDeps,
  row: ApiKeyRow,
  revoked: 'key' | 'previousKey',
): Promise<void> {
  try {
    await publishLeak(deps, row, revoked);
  } catch (error) {
    deps.log.error({ apiKeyId: row.id, err: error }, 'apiKey.leakNotPublished');
  }
}

async function checkAllowed(meters: Meters, network: string): Promise<void> {
  const waitMs = await meters.decide(`leakReports:${network}`, (state, nowMs) => {
    const taken = take(REPORTS, state['reports'] as LimitState | undefined, nowMs);
    if (!taken.allowed) return { state, result: taken.retryAtMs - nowMs };
    return {
      state: { reports: taken.state },
      keepUntilMs: forgettableAtMs(REPORTS, taken.state),
      result: undefined,
    };
  });
  if (waitMs === undefined) return;
  const seconds = waitSeconds(waitMs);
  const detail = { retryAfterSeconds: seconds };
  throw apiKeyErrors.LeakReportsLimited({ seconds }, { detail });
}
