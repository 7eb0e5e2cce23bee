import type { HeldLane, LaneOutcome, LaneWorker } from '../../platform/lanes/index.js';
import { Slots } from '../../platform/slots.js';
import type { Vault } from '../../vault/index.js';
import { type AttemptDeps, giveUp } from './attempt.js';
import type { DeadReason } from './delivery.js';
import { duePages } from './duePages.js';
import { createMessageComposer } from './message.js';
import { sendDue } from './sendDue.js';
import { ConcurrencyWindow } from './window.js';

export interface DeliverDeps extends AttemptDeps {
  readonly vault: Vault;
  readonly readersOf: (organizationId: string) => readonly string[];
}

/**
 * Attempts under way or not yet settled in this process: what a crash may send twice, and what waits in memory when the
 * database is slow. Many, because the database settles them together while others are sent.
 */
export const UNSETTLED_MAX = 500;

/**
 * Works the lane of one webhook: load → sign → send → settle, until nothing is due. What the receiver does is data and
 * ends in the rows; an exception means that we failed, and the lane comes back.
 */
export function createDeliver(deps: DeliverDeps): LaneWorker {
  const unsettled = new Slots(UNSETTLED_MAX);
  return async function deliver(lane: HeldLane): Promise<LaneOutcome> {
    const window = new ConcurrencyWindow(asNumber(lane.state['window']));
    for (;;) {
      const webhook = await deps.store.loadWebhook(lane.key);
      if (webhook?.status === 'paused') return laneOutcome(window);
      if (webhook?.status === 'active') {
        const composer = await createMessageComposer(deps.vault, webhook);
        const readers = deps.readersOf(webhook.organization);
        await sendDue({ deps, lane, webhook, window, composer, readers }, unsettled);
      } else {
        await giveUpDue(deps, lane, webhook ? 'disabled' : 'deleted');
      }
      const nextDueAt = await deps.store.nextDue(lane.key);
      const isDue = nextDueAt !== undefined && nextDueAt <= deps.clock.now();
      // Too little is left of the hold for another attempt: the next one is not.
      if (!isDue || !lane.mayStart((webhook?.timeoutSeconds ?? 0) * 1000))
        return laneOutcome(window, nextDueAt);
    }
  };
}

async function giveUpDue(deps: DeliverDeps, lane: HeldLane, reason: DeadReason): Promise<void> {
  for await (const page of duePages(deps.store, lane.key)) {
    if (!lane.mayStart(0)) break;
    await Promise.all(page.map((row) => giveUp(deps, row, reason)));
  }
}

function laneOutcome(window: ConcurrencyWindow, nextDueAt?: Date): LaneOutcome {
  return { nextDueAt, state: { window: window.limit } };
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
