import type { Clock } from '../platform/clock.js';
import { deleteInBatches } from '../platform/deleteInBatches.js';
import { DAY_MS } from '../platform/durations.js';
import { deliveriesOf } from './publish/publish.js';
import type { WebhookStore } from './store.js';

/** Lanes are polled every second. A delivery that is due for this long belongs to a lane whose wake was lost. */
const OVERDUE_MS = 30_000;
/** Publishing takes milliseconds. An event that is open this long was left by a crash; completing it twice is harmless. */
const HALF_PUBLISHED_MS = 10_000;
const BATCH_ROWS = 500;

interface Retention {
  readonly eventDays: number;
  readonly attemptDays: number;
}

export interface WebhookMaintenanceDeps {
  readonly store: WebhookStore;
  readonly clock: Clock;
  readonly retention: Retention;
  readersOf(organizationId: string): readonly string[];
  wakeLoop(): void;
}

interface MaintenanceCall {
  readonly signal: AbortSignal;
  progress(message: string): void;
}

/** Repairs and retention. Each function may run in several processes at once. */
export interface WebhookMaintenance {
  /** Completes half-published events and wakes lanes whose wake was lost. */
  rescue(progress: MaintenanceCall): Promise<{ events: number; lanes: number }>;
  /** Deletes what is older than the retention. */
  prune(
    progress: MaintenanceCall,
  ): Promise<{ events: number; deliveries: number; attempts: number }>;
}

export function createWebhookMaintenance(deps: WebhookMaintenanceDeps): WebhookMaintenance {
  return {
    async rescue({ signal, progress }) {
      const events = await completeEvents(deps, signal);
      progress(`${events} half-published events completed`);
      const lanes = await wakeSleeping(deps, signal);
      return { events, lanes };
    },
    async prune(call) {
      const attempts = await pruneClass(deps, 'attempts', call);
      const deliveries = await pruneClass(deps, 'deliveries', call);
      const events = await pruneClass(deps, 'events', call);
      return { events, deliveries, attempts };
    },
  };
}

async function completeEvents(
  { store, clock, readersOf, wakeLoop }: WebhookMaintenanceDeps,
  signal: AbortSignal,
): Promise<number> {
  let completed = 0;
  while (!signal.aborted) {
    const before = new Date(clock.now().getTime() - HALF_PUBLISHED_MS);
    const events = await store.halfPublished(before, BATCH_ROWS);
    for (const event of events) {
      const readers = readersOf(event.organization);
      await store.completeEvent(event, deliveriesOf({ ...event, readers }, event.webhookIds));
    }
    completed += events.length;
    if (events.length > 0) wakeLoop();
    if (events.length < BATCH_ROWS) break;
  }
  return completed;
}

async function wakeSleeping(
  { store, wakeLoop }: WebhookMaintenanceDeps,
  signal: AbortSignal,
): Promise<number> {
  let woken = 0;
  while (!signal.aborted) {
    const lanes = await store.sleepingLanes(OVERDUE_MS, BATCH_ROWS);
    await store.wakeLanes(lanes);
    woken += lanes.length;
    if (lanes.length > 0) wakeLoop();
    // A woken lane no longer sleeps, so the next reading finds others.
    if (lanes.length < BATCH_ROWS) break;
  }
  return woken;
}

async function pruneClass(
  { store, clock, retention }: WebhookMaintenanceDeps,
  what: 'events' | 'deliveries' | 'attempts',
  { signal, progress }: MaintenanceCall,
): Promise<number> {
  const days = what === 'attempts' ? retention.attemptDays : retention.eventDays;
  const before = new Date(clock.now().getTime() - days * DAY_MS);
  return deleteInBatches((limit) => store.prune(what, { before, limit }), {
    signal,
    progress: (deleted) => {
      progress(`${deleted} ${what} deleted`);
    },
  });
}
