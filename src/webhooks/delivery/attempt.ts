import type { Clock } from '../../platform/clock.js';
import type { HttpClient, HttpOutcome } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import type { HeldLane } from '../../platform/lanes/index.js';
import type { Log } from '../../platform/log.js';
import type { Slots } from '../../platform/slots.js';
import type { DeliveryRow, SettledAttempt, WebhookRow, WebhookStore } from '../store.js';
import { dead, type DeadReason } from './delivery.js';
import type { MessageComposer } from './message.js';
import { attemptOutcome,GONE } from './outcome.js';
import { settle } from './settle.js';
import type { ConcurrencyWindow } from './window.js';

export interface AttemptDeps {
  readonly store: WebhookStore;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Places for requests under way in this process, shared by all webhooks. */
  readonly slots: Slots;
  random(): number;
}

/** One webhook being worked. */
export interface Work {
  readonly deps: AttemptDeps;
  readonly lane: HeldLane;
  readonly webhook: WebhookRow;
  readonly window: ConcurrencyWindow;
  readonly composer: MessageComposer;
  /** Role names that may read its attempts. */
  readonly readers: readonly string[];
}

/** How much of an answer's body is kept, in bytes. */
const RESPONSE_BYTES_MAX = 16 * 1024;

/** Ends a delivery without an attempt. */
export async function giveUp(
  { store, clock }: Pick<AttemptDeps, 'store' | 'clock'>,
  row: DeliveryRow,
  reason: DeadReason,
): Promise<void> {
  await store.settle({ change: { ...guardOf(row), set: dead(reason, clock.now()) } });
}

/** What came of a request; `expired` when there was none, because retention has deleted the event. */
export type SendResult = { readonly http: HttpOutcome; readonly startedAt: Date } | 'expired';

/** The first half of an attempt, which the receiver takes part in: load, sign, send. */
export async function send(
  { deps, lane, webhook, window, composer: sender }: Work,
  row: DeliveryRow,
): Promise<SendResult> {
  const event = await deps.store.loadEvent(row.event);
  if (!event) return 'expired';
  const startedAt = deps.clock.now();
  const { headers, body } = sender.compose(event, startedAt);
  const http = await deps.http.request({
    url: webhook.url,
    method: 'POST',
    headers,
    body,
    timeoutMs: webhook.timeoutSeconds * 1000,
    bodyBytesMax: RESPONSE_BYTES_MAX,
    signal: lane.signal,
  });
  if (!isBrokenOff(http)) window.learn(http.kind === 'failure' && http.reason === 'timeout');
  return { http, startedAt };
}

/** Whether the receiver wants nothing more: known before it is settled, so that nothing more is sent meanwhile. */
export function saysGone(result: SendResult): boolean {
  return result !== 'expired' && result.http.kind === 'response' && result.http.status === GONE;
}

/** The second half, between us and the database: settle. */
export async function conclude(work: Work, row: DeliveryRow, result: SendResult): Promise<void> {
  if (result === 'expired') return giveUp(work.deps, row, 'expired');
  // Broken off by ourselves: it says nothing about the receiver. The row stays due and the next holder sends it again.
  if (!isBrokenOff(result.http)) await settleAttempt(work, row, result);
}

function isBrokenOff(http: HttpOutcome): boolean {
  return http.kind === 'failure' && http.reason === 'aborted';
}

async function settleAttempt(
  { deps, webhook, readers }: Work,
  row: DeliveryRow,
  { http, startedAt }: Exclude<SendResult, 'expired'>,
): Promise<void> {
  const now = deps.clock.now();
  const context = { waitsSeconds: webhook.retryWaitsSeconds, now, random: deps.random() };
  const { next, disableWebhook } = settle(row, attemptOutcome(http, now), context);
  const made = {
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
    ...responseFields(http),
  };
  await deps.store.settle({ attempt: made, change: { ...guardOf(row), set: next } });
  if (disableWebhook) await disable(deps, webhook);
  deps.log.debug(
    {
      deliveryId: row.id,
      webhookId: webhook.id,
      attempt: next.attempts,
      status: made.status,
      problem: made.problem,
      durationMs: http.durationMs,
      outcome: made.outcome,
    },
    'delivery.attempted',
  );
}

/** What is kept of the receiver's answer. */
function responseFields(http: HttpOutcome) {
  const durationMs = Math.round(http.durationMs);
  if (http.kind === 'failure') return { durationMs, problem: http.message };
  return {
    durationMs,
    status: http.status,
    responseHeaders: { pairs: http.headers },
    responseBody: http.body.toString('utf8'),
  };
}

/** A delivery changes only as it was read: whoever overslept a hold, and was overtaken, changes nothing. */
function guardOf({ id, attempts }: DeliveryRow): Omit<SettledAttempt['change'], 'set'> {
  return { id, was: { state: 'pending', attempts } };
}

/** 410 Gone. A change by a person at the same moment wins: it is they who know what they want. */
async function disable({ store, log }: AttemptDeps, webhook: WebhookRow): Promise<void> {
  const isChanged = await store.changeWebhook(webhook, {
    status: 'disabled',
    disabledReason: 'The receiver answered 410 Gone.',
  });
  if (isChanged)
    log.warn({ webhookId: webhook.id, organizationId: webhook.organization }, 'webhook.disabled');
}
