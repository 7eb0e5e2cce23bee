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

/** Repairs and retention of runs. Each function may run in several processes at once. */
export interface ScheduleMaintenance {
  /** Marks abandoned runs as failed and returns how many. Loops do the same; this is for processes without one. */
  rescue(call: { readonly signal: AbortSignal }): Promise<number>;
  /** For the hub's own jobs only: marks untracked runs as failed, and deletes runs that began more than a week ago. */
  prune(call: { readonly signal: AbortSignal }): Promise<void>;
}

const LANES_AT_ONCE = 100;
const HOLD_MS = 60_000;
/** When to check a run again that continues in this process. */
const RECHECK_MS = 60_000;
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
          const nextDueAt = new Date(clock.now().getTime() + RECHECK_MS);
          if (outcome === 'here') await database.release([{ hold, nextDueAt }]);
        }
      }
      return failed;
    },
    async prune({ signal }) {
      // A process that dies before it tracks a run leaves a row with the status "running".
      for (const { id } of await store.untrackedRuns(ownNames, daysAgo(1))) {
        if (!signal.aborted) await closeRun(deps, id, 'died');
      }
      await store.pruneRuns(ownNames, daysAgo(KEPT_DAYS));
    },
  };
}
