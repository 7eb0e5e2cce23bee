import type { Database } from '../platform/database/index.js';
import { DAY_MS } from '../platform/durations.js';
import { type CloseDeps, closeRun } from './closeRun.js';
import type { Runs } from './runs.js';
import type { ScheduleStore } from './store.js';

export interface ScheduleMaintenanceDeps extends CloseDeps {
  readonly database: Pick<Database, 'hold' | 'release'>;
  readonly store: ScheduleStore;
  readonly runs: Pick<Runs, 'settle'>;
  readonly ownNames: readonly string[];
}

/** What keeps the runs healthy. Each may run in several processes at once. */
export interface ScheduleMaintenance {
  /** Declares failed what runs no more; answers how many. Loops do the same: this is for processes without one. */
  rescue(call: { readonly signal: AbortSignal }): Promise<number>;
  /** Of the hub's own jobs: declares failed what nobody watches, and deletes runs of more than a week ago. */
  prune(call: { readonly signal: AbortSignal }): Promise<void>;
}

const LANES_AT_ONCE = 100;
const HOLD_MS = 60_000;
const HERE_AGAIN_MS = 60_000;
const KEPT_DAYS = 7;

export function createScheduleMaintenance(deps: ScheduleMaintenanceDeps): ScheduleMaintenance {
  const { clock, database, ownNames, runs, store } = deps;
  const daysAgo = (days: number) => new Date(clock.now().getTime() - days * DAY_MS);
  return {
    async rescue({ signal }) {
      let failed = 0;
      while (!signal.aborted) {
        const request = { kinds: ['job'], count: LANES_AT_ONCE, holdMs: HOLD_MS };
        const holds = await database.hold(request);
        if (holds.length === 0) break;
        for (const hold of holds) {
          const outcome = await runs.settle(hold.key);
          if (outcome === 'failed') failed += 1;
          const nextDueAt = new Date(clock.now().getTime() + HERE_AGAIN_MS);
          if (outcome === 'here') await database.release([{ hold, nextDueAt }]);
        }
      }
      return failed;
    },
    async prune({ signal }) {
      // A run that ends at its first step, before it is watched, leaves a row that says it is running.
      for (const { id } of await store.unwatchedRuns(ownNames, daysAgo(1))) {
        if (!signal.aborted) await closeRun(deps, id, 'died');
      }
      await store.pruneRuns(ownNames, daysAgo(KEPT_DAYS));
    },
  };
}
