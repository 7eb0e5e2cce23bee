import type { Clock } from '../platform/clock.js';
import type { HttpClient, HttpOutcome } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import type { HeldLane, LaneRest, LaneWorker } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import type { Sealer } from '../platform/seal.js';
import { Slots } from '../platform/slots.js';
import { dead, type DeadReason } from './delivery.js';
import { outcomeOf } from './outcome.js';
import { createSender, type Sender } from './sender.js';
import { settle } from './settle.js';
import type { DeliveryRow, Settlement, WebhookRow, WebhookStore } from './store.js';
import { Window } from './window.js';

export interface DeliverDeps {
  readonly store: WebhookStore;
  readonly http: HttpClient;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
  /** Places for requests under way in this process, shared by all webhooks. */
  readonly slots: Slots;
  readersOf(organizationId: string): readonly string[];
  random(): number;
}

/** Rows read at once. */
const PAGE_ROWS = 200;
/** How much of an answer's body is kept, in bytes. */
const ANSWER_BYTES_MAX = 16 * 1024;
/**
 * Attempts begun and not yet settled in this process. The database settles many at once while others are sent; what a
 * crash sends twice is bounded by it.
 */
export const UNSETTLED_MAX = 1_000;

/**
 * Works the lane of one webhook: load → sign → send → settle, until nothing is due. What the receiver does is data and
 * ends in the rows; an exception means that we failed, and the lane comes back.
 */
export function createDeliver(deps: DeliverDeps): LaneWorker {
  const unsettled = new Slots(UNSETTLED_MAX);
  return async function deliver(lane: HeldLane): Promise<LaneRest> {
    const window = new Window(asNumber(lane.state['window']));
    for (;;) {
      const webhook = await deps.store.loadWebhook(lane.key);
      if (webhook?.status === 'paused') return rest(window);
      if (webhook?.status === 'active') await sendDue(workOn(webhook));
      else await giveUpDue(deps, lane, webhook ? 'disabled' : 'deleted');
      const nextDueAt = await deps.store.nextDue(lane.key);
      if (!nextDueAt || nextDueAt > deps.clock.now() || !lane.mayStart(0))
        return rest(window, nextDueAt);
    }

    function workOn(webhook: WebhookRow): Work {
      const sender = createSender(deps.sealer, webhook);
      const readers = deps.readersOf(webhook.organization);
      return { deps, lane, webhook, window, unsettled, sender, readers };
    }
  };
}

/** One webhook being worked. */
interface Work {
  readonly deps: DeliverDeps;
  readonly lane: HeldLane;
  readonly webhook: WebhookRow;
  readonly window: Window;
  readonly unsettled: Slots;
  readonly sender: Sender;
  /** Role names that may read its attempts. */
  readonly readers: readonly string[];
}

/** Sends what is due, until nothing is, somebody changes the webhook, or nothing more may be started. */
async function sendDue(work: Work): Promise<void> {
  const { deps, lane, webhook, window, unsettled } = work;
  const failures: unknown[] = [];
  let isGone = false;
  let underway = 0;
  let whenEnded: (() => void) | undefined;

  const attempt = async (row: DeliveryRow): Promise<void> => {
    underway += 1;
    try {
      if (await deliverOne(work, row)) isGone = true;
    } catch (error) {
      failures.push(error);
    }
    unsettled.release();
    underway -= 1;
    if (underway === 0) whenEnded?.();
  };
  const mayStart = () =>
    !isGone && failures.length === 0 && lane.mayStart(webhook.timeoutSeconds * 1000);

  /** Answers whether all of them were started. */
  async function startAll(rows: readonly DeliveryRow[]): Promise<boolean> {
    for (const row of rows) {
      await window.take();
      await unsettled.take();
      await deps.slots.take();
      if (mayStart()) {
        void attempt(row);
        continue;
      }
      deps.slots.release();
      unsettled.release();
      window.release();
      return false;
    }
    return true;
  }

  for await (const page of duePages(deps.store, lane.key)) {
    if (!(await startAll(page))) break;
    const current = await deps.store.loadWebhook(lane.key);
    if (current?.revision !== webhook.revision) break;
  }
  if (underway > 0) await new Promise<void>((resolve) => (whenEnded = resolve));
  if (failures.length > 0) throw failures[0];
}

/** Due rows of a webhook in order; while a page is worked, the next one is read. */
async function* duePages(store: WebhookStore, key: string): AsyncGenerator<readonly DeliveryRow[]> {
  const load = (after?: { dueAt: Date; id: string }) =>
    store.loadDue({ key, after, limit: PAGE_ROWS });
  let page = await load();
  for (;;) {
    const { dueAt, id = '' } = page.length < PAGE_ROWS ? {} : (page.at(-1) ?? {});
    const next = dueAt && load({ dueAt, id });
    // Whoever stops before the next page does not meet its failure.
    next?.catch(() => undefined);
    yield page;
    if (!next) return;
    page = await next;
  }
}

/** One attempt of one delivery. Answers whether the receiver wants nothing more. */
async function deliverOne(work: Work, row: DeliveryRow): Promise<boolean> {
  const { deps, window } = work;
  let sent: Sent | 'expired';
  try {
    sent = await send(work, row);
  } finally {
    // What follows is the database's part: the receiver can have the next one.
    window.release();
    deps.slots.release();
  }
  if (sent === 'expired') {
    await giveUp(deps, row, 'expired');
    return false;
  }
  // Broken off by ourselves: it says nothing about the receiver. The row stays due and the next holder sends it again.
  if (sent.http.kind === 'failure' && sent.http.reason === 'aborted') return false;
  return settleAttempt(work, row, sent);
}

/** What was sent, and what came of it. */
interface Sent {
  readonly http: HttpOutcome;
  readonly startedAt: Date;
}

/** Answers `expired` when retention has deleted the event. */
async function send(
  { deps, lane, webhook, window, sender }: Work,
  row: DeliveryRow,
): Promise<Sent | 'expired'> {
  const event = await deps.store.loadEvent(row.event);
  if (!event) return 'expired';
  const startedAt = deps.clock.now();
  const { body, headers } = sender.compose(event, startedAt);
  const http = await deps.http.request({
    url: webhook.url,
    method: 'POST',
    headers,
    body,
    timeoutMs: webhook.timeoutSeconds * 1000,
    bodyBytesMax: ANSWER_BYTES_MAX,
    signal: lane.signal,
  });
  const isOurs = http.kind === 'failure' && http.reason === 'aborted';
  if (!isOurs) window.learn(http.kind === 'failure' && http.reason === 'timeout');
  return { http, startedAt };
}

async function settleAttempt(
  { deps, webhook, readers }: Work,
  row: DeliveryRow,
  { http, startedAt }: Sent,
): Promise<boolean> {
  const now = deps.clock.now();
  const context = { waitsSeconds: webhook.retryWaitsSeconds, now, random: deps.random() };
  const { next, disableWebhook } = settle(row, outcomeOf(http, now), context);
  const attempt = {
    id: newId(undefined, startedAt.getTime()),
    organization: row.organization,
    webhook: webhook.id,
    delivery: row.id,
    number: next.attempts,
    url: webhook.url,
    outcome: next.state === 'pending' ? 'retry' : next.state,
    startedAt,
    createdAt: now,
    readers,
    ...answerOf(http),
  };
  await deps.store.settle({ attempt, change: { ...guardOf(row), set: next } });
  if (disableWebhook) await disable(deps, webhook);
  deps.log.debug(
    {
      deliveryId: row.id,
      webhookId: webhook.id,
      attempt: next.attempts,
      status: attempt.status,
      problem: attempt.problem,
      durationMs: http.durationMs,
      outcome: attempt.outcome,
    },
    'delivery.attempted',
  );
  return disableWebhook !== undefined;
}

/** What is kept of the receiver's answer. */
function answerOf(http: HttpOutcome) {
  const durationMs = Math.round(http.durationMs);
  if (http.kind === 'failure') return { durationMs, problem: http.message };
  return {
    durationMs,
    status: http.status,
    responseHeaders: { pairs: http.headers },
    responseBody: http.body.toString('utf8'),
  };
}

async function giveUpDue(deps: DeliverDeps, lane: HeldLane, reason: DeadReason): Promise<void> {
  for await (const page of duePages(deps.store, lane.key)) {
    if (!lane.mayStart(0)) break;
    await Promise.all(page.map((row) => giveUp(deps, row, reason)));
  }
}

async function giveUp(deps: DeliverDeps, row: DeliveryRow, reason: DeadReason): Promise<void> {
  await deps.store.settle({ change: { ...guardOf(row), set: dead(reason, deps.clock.now()) } });
}

/** A delivery changes only as it was read: whoever overslept a hold, and was overtaken, changes nothing. */
function guardOf({ id, attempts }: DeliveryRow): Omit<Settlement['change'], 'set'> {
  return { id, was: { state: 'pending', attempts } };
}

/** 410 Gone. A change by a person at the same moment wins: it is they who know what they want. */
async function disable({ store, log }: DeliverDeps, webhook: WebhookRow): Promise<void> {
  const isChanged = await store.changeWebhook(webhook, {
    status: 'disabled',
    disabledReason: 'The receiver answered 410 Gone.',
  });
  if (isChanged)
    log.warn({ webhookId: webhook.id, organizationId: webhook.organization }, 'webhook.disabled');
}

function rest(window: Window, nextDueAt?: Date): LaneRest {
  return { nextDueAt, state: { window: window.limit } };
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
