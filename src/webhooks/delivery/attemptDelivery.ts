import type { Clock } from '../../platform/clock.js';
import type { HttpClient, HttpOutcome } from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import type { Log } from '../../platform/log.js';
import type { DeliveryRow, EventRow, NewAttempt, WebhookRow, WebhookStore } from '../store.js';
import { giveUpDelivery } from './giveUpDelivery.js';
import type { MessageComposer } from './message.js';
import { attemptOutcome, isBrokenOff, settle, type Settlement } from './settle.js';

export interface AttemptDeps {
  readonly store: WebhookStore;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  random(): number;
}

/** The webhook that attempts are made to, as it was when its lane was last read. */
interface Recipient {
  readonly webhook: WebhookRow;
  readonly composer: MessageComposer;
  /** Names of the roles that may read the recorded attempts. */
  readonly readers: readonly string[];
  /** Breaks requests off when the lane is lost. */
  readonly signal: AbortSignal;
}

interface Attempt {
  readonly row: DeliveryRow;
  /** Called once the request has ended, before the attempt is recorded; without outcome when there was no request. */
  onRequestEnd(http?: HttpOutcome): void;
}

/** How much of the body of a response is kept, in bytes. */
const RESPONSE_BYTES_MAX = 16 * 1024;

/**
 * Makes one attempt of a delivery: loads its event, composes and signs the message, sends it, settles the delivery and
 * records the attempt. A delivery whose event was deleted by retention is given up as `expired`, without a request. An
 * attempt that the hub broke off is not recorded: it says nothing about the receiver, and the next holder makes it again.
 */
export async function attemptDelivery(
  deps: AttemptDeps,
  recipient: Recipient,
  { row, onRequestEnd }: Attempt,
): Promise<void> {
  const { store, clock, log } = deps;
  const event = await store.loadEvent(row.event);
  if (!event) {
    onRequestEnd();
    return giveUpDelivery(deps, row, 'expired');
  }
  const startedAt = clock.now();
  const http = await send(deps, recipient, { event, startedAt });
  onRequestEnd(http);
  if (isBrokenOff(http)) return;

  const now = clock.now();
  const { webhook } = recipient;
  const context = { waitsSeconds: webhook.retryWaitsSeconds, now, random: deps.random() };
  const { next, disableWebhook } = settle(row, attemptOutcome(http, now), context);
  const attempt = attemptRow(recipient, { row, http, next, startedAt, now });
  await store.recordDelivery({ row, next, attempt });
  if (disableWebhook) await disableGone(deps, webhook);
  log.debug(attemptLine(attempt), 'delivery.attempted');
}

/** Sends the message. Never throws for what a receiver does: the outcome reports it. */
function send(
  { http }: AttemptDeps,
  { webhook, composer, signal }: Recipient,
  { event, startedAt }: { readonly event: EventRow; readonly startedAt: Date },
): Promise<HttpOutcome> {
  const { headers, body } = composer.compose(event, startedAt);
  return http.request({
    url: webhook.url,
    method: 'POST',
    headers,
    body,
    timeoutMs: webhook.timeoutSeconds * 1000,
    bodyBytesMax: RESPONSE_BYTES_MAX,
    signal,
  });
}

function attemptRow(
  { webhook, readers }: Recipient,
  {
    row,
    http,
    next,
    startedAt,
    now,
  }: {
    readonly row: DeliveryRow;
    readonly http: HttpOutcome;
    readonly next: Settlement['next'];
    readonly startedAt: Date;
    readonly now: Date;
  },
): NewAttempt {
  return {
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
}

/** Returns the stored part of the response, or the reason why there is none. */
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

function attemptLine(attempt: NewAttempt) {
  return {
    deliveryId: attempt.delivery,
    webhookId: attempt.webhook,
    attempt: attempt.number,
    status: attempt.status,
    problem: attempt.problem,
    durationMs: attempt.durationMs,
    outcome: attempt.outcome,
  };
}

/** Disables a webhook whose receiver responded 410 Gone. A change that a person made meanwhile wins. */
async function disableGone({ store, log }: AttemptDeps, webhook: WebhookRow): Promise<void> {
  const isChanged = await store.changeWebhook(webhook, {
    status: 'disabled',
    disabledReason: 'The receiver responded 410 Gone.',
  });
  if (isChanged) {
    log.warn({ webhookId: webhook.id, organizationId: webhook.organization }, 'webhook.disabled');
  }
}
