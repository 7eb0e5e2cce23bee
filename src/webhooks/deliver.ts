import type { Clock } from '../platform/clock.js';
import type { HttpClient, HttpOutcome } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import type { HeldLane, LaneRest, LaneWorker } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import type { Sealer } from '../platform/seal.js';
import type { Slots } from '../platform/slots.js';
import { dead, type DeadReason } from './delivery.js';
import { outcomeOf } from './outcome.js';
import { createSender, type Sender } from './sender.js';
import { settle } from './settle.js';
import type { DeliveryRow, EventRow, Settlement, WebhookRow, WebhookStore } from './store.js';
import { Window } from './window.js';

export interface DeliverDeps {
  readonly store: WebhookStore;
  readonly http: HttpClient;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
  /** Places for attempts under way in this process, shared by all webhooks. */
  readonly slots: Slots;
  readersOf(organizationId: string): readonly string[];
  random(): number;
}

/** Rows read at once. */
const PAGE_ROWS = 200;
/** How much of an answer's body is kept, in bytes. */
const ANSWER_BYTES_MAX = 16 * 1024;

/**
 * Works the lane of one webhook: load → sign → send → settle, until nothing is due. What the receiver does is data and
 * ends in the rows; an exception means that we failed, and the lane comes back.
 */
export function createDeliver(deps: DeliverDeps): LaneWorker {
  return async function deliver(lane: HeldLane): Promise<LaneRest> {
    const window = new Window(asNumber(lane.state['window']));
    for (;;) {
      const webhook = await deps.store.loadWebhook(lane.key);
      if (webhook?.status === 'paused') return rest(window);
      if (webhook?.status === 'active') await sendDue({ deps, lane, webhook, window });
      else await giveUpDue(deps, lane, webhook ? 'disabled' : 'deleted');
      const nextDueAt = await deps.store.nextDue(lane.key);
      if (!nextDueAt || nextDueAt > deps.clock.now() || !lane.mayStart(0))
        return rest(window, nextDueAt);
    }
  };
}

/** One webhook being worked. */
interface Work {
  readonly deps: DeliverDeps;
  readonly lane: HeldLane;
  readonly webhook: WebhookRow;
  readonly window: Window;
}

async function sendDue(work: Work): Promise<void> {
  const { deps, lane, webhook, window } = work;
  const sender = createSender(deps.sealer, webhook);
  const underway = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let isGone = false;

  const start = (row: DeliveryRow): void => {
    const attempt = deliverOne(work, sender, row)
      .then((gone) => {
        isGone ||= gone;
      })
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        underway.delete(attempt);
        window.release();
      }) as Promise<void>;
    underway.add(attempt);
  };
  const mayStart = () =>
    !isGone && failures.length === 0 && lane.mayStart(webhook.timeoutSeconds * 1000);

  for await (const row of dueRows(deps.store, lane.key)) {
    await window.take();
    await deps.slots.take();
    if (!mayStart()) {
      deps.slots.release();
      window.release();
      break;
    }
    start(row);
  }
  await Promise.all(underway);
  if (failures.length > 0) throw failures[0];
}

async function* dueRows(store: WebhookStore, webhookId: string): AsyncGenerator<DeliveryRow> {
  let after: { dueAt: Date; id: string } | undefined;
  for (;;) {
    const page = await store.loadDue({ key: webhookId, after, limit: PAGE_ROWS });
    yield* page;
    const last = page.at(-1);
    if (page.length < PAGE_ROWS || !last?.dueAt) return;
    after = { dueAt: last.dueAt, id: last.id };
  }
}

/** One attempt of one delivery. Answers whether the receiver wants nothing more. Gives the slot back once it is sent. */
async function deliverOne(work: Work, sender: Sender, row: DeliveryRow): Promise<boolean> {
  const { deps, lane, webhook, window } = work;
  let event: EventRow | undefined;
  let startedAt: Date;
  let http: HttpOutcome;
  try {
    event = await deps.store.loadEvent(row.event);
    if (!event) return await giveUp(deps, row, 'expired');
    startedAt = deps.clock.now();
    http = await deps.http.request({
      url: webhook.url,
      method: 'POST',
      ...sender.compose(event, startedAt),
      timeoutMs: webhook.timeoutSeconds * 1000,
      bodyBytesMax: ANSWER_BYTES_MAX,
      signal: lane.signal,
    });
  } finally {
    deps.slots.release();
  }
  // Broken off by ourselves: it says nothing about the receiver. The row stays due and the next holder sends it again.
  if (http.kind === 'failure' && http.reason === 'aborted') return false;
  window.learn(http.kind === 'failure' && http.reason === 'timeout');
  return settleAttempt(work, row, { http, startedAt });
}

async function settleAttempt(
  { deps, webhook }: Work,
  row: DeliveryRow,
  { http, startedAt }: { http: HttpOutcome; startedAt: Date },
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
    readers: deps.readersOf(row.organization),
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

/** What is kept of the receiver's answer. Text that PostgreSQL cannot hold (U+0000) is shown as U+FFFD. */
function answerOf(http: HttpOutcome) {
  const durationMs = Math.round(http.durationMs);
  if (http.kind === 'failure') return { durationMs, problem: http.message };
  return {
    durationMs,
    status: http.status,
    responseHeaders: {
      pairs: http.headers.map(([name, value]) => [name, storable(value)] as const),
    },
    responseBody: storable(http.body.toString('utf8')),
  };
}

function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}

async function giveUpDue(deps: DeliverDeps, lane: HeldLane, reason: DeadReason): Promise<void> {
  let underway: Promise<unknown>[] = [];
  for await (const row of dueRows(deps.store, lane.key)) {
    if (!lane.mayStart(0)) break;
    underway.push(giveUp(deps, row, reason));
    if (underway.length < PAGE_ROWS) continue;
    await Promise.all(underway);
    underway = [];
  }
  await Promise.all(underway);
}

async function giveUp(deps: DeliverDeps, row: DeliveryRow, reason: DeadReason): Promise<false> {
  await deps.store.settle({ change: { ...guardOf(row), set: dead(reason, deps.clock.now()) } });
  return false;
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
