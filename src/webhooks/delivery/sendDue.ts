import type { Slots } from '../../platform/slots.js';
import type { DeliveryRow } from '../store.js';
import { conclude, saysGone, send, type SendResult, type Work } from './attempt.js';
import { duePages } from './duePages.js';

/**
 * Sends what is due to one webhook until nothing is, the webhook is changed, or nothing more may be started. `unsettled`
 * has the places of this process for attempts that are not settled yet. Throws the first failure of ours when everything
 * under way has ended.
 */
export async function sendDue(work: Work, unsettled: Slots): Promise<void> {
  const { deps, lane, webhook, window } = work;
  const failures: unknown[] = [];
  let isGone = false;
  let underway = 0;
  let whenEnded: (() => void) | undefined;

  /** Gives the places of the request back as soon as the receiver has answered: it can have the next one. */
  async function sendAndRelease(row: DeliveryRow): Promise<SendResult> {
    try {
      const result = await send(work, row);
      if (saysGone(result)) isGone = true;
      return result;
    } finally {
      window.release();
      deps.slots.release();
    }
  }

  async function run(row: DeliveryRow): Promise<void> {
    underway += 1;
    try {
      await conclude(work, row, await sendAndRelease(row));
    } catch (error) {
      failures.push(error);
    }
    unsettled.release();
    underway -= 1;
    if (underway === 0) whenEnded?.();
  }

  const mayStart = () =>
    !isGone && failures.length === 0 && lane.mayStart(webhook.timeoutSeconds * 1000);

  /** Answers whether all of them were started. */
  async function startAll(rows: readonly DeliveryRow[]): Promise<boolean> {
    for (const row of rows) {
      await window.take();
      await unsettled.take();
      await deps.slots.take();
      if (!mayStart()) {
        deps.slots.release();
        unsettled.release();
        window.release();
        return false;
      }
      void run(row);
    }
    return true;
  }

  /** Paused, turned to another URL, given another secret, deleted: what is sent from now on has to follow it. */
  async function isChanged(): Promise<boolean> {
    const current = await deps.store.loadWebhook(webhook.id);
    return current?.revision !== webhook.revision;
  }

  for await (const page of duePages(deps.store, webhook.id)) {
    if (!(await startAll(page)) || (await isChanged())) break;
  }
  if (underway > 0) await new Promise<void>((resolve) => (whenEnded = resolve));
  if (failures.length > 0) throw failures[0];
}
