import type { HeldLane, LaneOutcome, LaneWorker } from '../../platform/lanes/index.js';
import { Slots } from '../../platform/slots.js';
import type { Vault } from '../../vault/index.js';
import type { DeliveryRow, WebhookRow, WebhookStore } from '../store.js';
import { attemptDelivery, type AttemptDeps } from './attemptDelivery.js';
import type { DeadReason } from './delivery.js';
import { giveUpDelivery } from './giveUpDelivery.js';
import { LaneAttempts } from './laneAttempts.js';
import { createMessageComposer } from './message.js';
import { ConcurrencyWindow } from './window.js';

export interface DeliverDeps extends AttemptDeps {
  readonly vault: Vault;
  /** Requests under way in this process, shared by all webhooks. */
  readonly slots: Slots;
  readonly readersOf: (organizationId: string) => readonly string[];
}

/**
 * Attempts of this process that are under way or not recorded yet: as many may be sent twice after a crash, and wait in
 * memory while the database is slow. Many, because the database records them together while others are sent.
 */
export const UNSETTLED_MAX = 500;

/** Due deliveries that are read at once. Two pages are in memory for each lane that this process holds. */
const PAGE_ROWS = 100;

/**
 * Returns the worker of lanes of kind `webhook`: it attempts the deliveries of one webhook until none is due. Everything
 * that the receiver does is recorded as data. The worker throws only when the hub itself failed; the lane then becomes due
 * again.
 */
export function createDeliverLane(deps: DeliverDeps): LaneWorker {
  const unsettled = new Slots(UNSETTLED_MAX);
  return async function deliverLane(lane) {
    const window = new ConcurrencyWindow(asNumber(lane.state['window']));
    for (;;) {
      const webhook = await deps.store.loadWebhook(lane.key);
      if (webhook?.status === 'paused') return laneOutcome(window);
      if (webhook?.status === 'active') {
        const attempts = new LaneAttempts({ window, unsettled, requests: deps.slots });
        await attemptDue(deps, { lane, webhook, attempts });
      } else {
        await giveUpDue(deps, lane, webhook ? 'disabled' : 'deleted');
      }
      const nextDueAt = await deps.store.nextDue(lane.key);
      const isDue = nextDueAt !== undefined && nextDueAt <= deps.clock.now();
      // When the hold is too short for another attempt, the next holder makes it.
      if (!isDue || !lane.mayStart(timeoutMs(webhook))) return laneOutcome(window, nextDueAt);
    }
  };
}

/** One pass over the due deliveries of an active webhook, with one state of its row. */
interface Pass {
  readonly lane: HeldLane;
  readonly webhook: WebhookRow;
  readonly attempts: LaneAttempts;
}

/**
 * Attempts what is due until nothing is, the webhook is changed, or no further attempt may start. Returns when every
 * attempt has been recorded; throws the first failure of the hub.
 */
async function attemptDue(deps: DeliverDeps, { lane, webhook, attempts }: Pass): Promise<void> {
  const composer = await createMessageComposer(deps.vault, webhook);
  const readers = deps.readersOf(webhook.organization);
  const recipient = { webhook, composer, readers, signal: lane.signal };
  const mayStart = () => lane.mayStart(timeoutMs(webhook));
  try {
    for await (const page of duePages(deps.store, webhook.id)) {
      for (const row of page) {
        const isStarted = await attempts.start(mayStart, (onRequestEnd) =>
          attemptDelivery(deps, recipient, { row, onRequestEnd }),
        );
        if (!isStarted) return;
      }
      if (await isChanged(deps.store, webhook)) return;
    }
  } finally {
    await attempts.end();
  }
}

/**
 * Returns whether the webhook was paused, changed or deleted since it was read: later attempts must follow the change.
 */
async function isChanged(store: WebhookStore, { id, revision }: WebhookRow): Promise<boolean> {
  const current = await store.loadWebhook(id);
  return current?.revision !== revision;
}

async function giveUpDue(deps: DeliverDeps, lane: HeldLane, reason: DeadReason): Promise<void> {
  for await (const page of duePages(deps.store, lane.key)) {
    if (!lane.mayStart(0)) break;
    await Promise.all(page.map((row) => giveUpDelivery(deps, row, reason)));
  }
}

/** Yields the due deliveries of a webhook in order. The next page is read while the caller works on the current one. */
async function* duePages(
  store: WebhookStore,
  webhookId: string,
): AsyncGenerator<readonly DeliveryRow[]> {
  const load = (after?: { dueAt: Date; id: string }) =>
    store.loadDue({ key: webhookId, after, limit: PAGE_ROWS });
  let page = await load();
  for (;;) {
    const { dueAt, id = '' } = page.length < PAGE_ROWS ? {} : (page.at(-1) ?? {});
    const next = dueAt && load({ dueAt, id });
    // Its failure does not matter to a caller that stops before the next page.
    next?.catch(() => undefined);
    yield page;
    if (!next) return;
    page = await next;
  }
}

function laneOutcome(window: ConcurrencyWindow, nextDueAt?: Date): LaneOutcome {
  return { nextDueAt, state: { window: window.limit } };
}

function timeoutMs(webhook: WebhookRow | undefined): number {
  return (webhook?.timeoutSeconds ?? 0) * 1000;
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
