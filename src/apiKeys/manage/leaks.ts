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
import { mailOwner, type NotifyDeps,publishLeak } from '../notify/notify.js';
import type { ApiKeyRow, ApiKeyStore } from '../store.js';
import { isInactive } from '../verify/check.js';
import type { Keys } from '../verify/keys.js';
import { endPrevious, revoke } from './revoke.js';

/** Keys that somebody found where they do not belong. */
export interface LeakReport {
  readonly keys: readonly string[];
  /** From where it came. */
  readonly address: string | undefined;
}

/** What a report has ended; for the audit trail, never for whoever reported. */
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

/** So many reports from one address, or one network of addresses of version 6. */
const REPORTS: Limit = { strategy: 'slidingWindow', calls: 30, perSeconds: 60 };

/**
 * Ends what is reported: a key that works is revoked, of one that was rotated since, only what is left of its grace. Tells
 * the organization and the keeper. Throws LeakReportsLimited.
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
  const { row, endsAt } = found;
  await tryPublishLeak(deps, row, endsAt ? 'previousKey' : 'key');
  const revoked = endsAt ? await endPrevious(deps, row) : await revoke(deps, row);
  if (!revoked.isOurs) return undefined;
  await mailOwner(deps, row, 'leaked');
  return { apiKeyId: row.id, organizationId: row.organization };
}

/** Before it is ended, so that it is told even if we end in between; and it is ended, whether it can be told or not. */
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
