import type { HttpOutcome, HttpResponse } from '../../platform/http/outcome.js';
import { retryAfterMs } from '../../platform/http/retryAfter.js';
import {
  dead,
  type DeadValues,
  delivered,
  type DeliveredValues,
  pending,
  type PendingValues,
} from './delivery.js';
import { withJitter } from './retry.js';

/** The result of an attempt for its delivery. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** 410: the receiver accepts nothing more. */
  | { readonly kind: 'gone' }
  /** To be attempted again by the schedule, but not sooner than the receiver requested; 0 when it requested nothing. */
  | { readonly kind: 'retry'; readonly retryAfterMs: number };

/** The decision after an attempt. */
export interface Settlement {
  /** The row's next values. */
  readonly next: (PendingValues | DeliveredValues | DeadValues) & { readonly attempts: number };
  /** Present when the receiver responded 410: its webhook is to be disabled, for this reason. */
  readonly disableWebhook?: 'gone';
}

/** The facts that the decision depends on besides the delivery and the outcome. */
interface SettleContext {
  /** `retryWaitsSeconds` of the webhook. */
  readonly waitsSeconds: readonly number[];
  /** When the attempt ended. */
  readonly now: Date;
  /** From 0 to below 1. */
  readonly random: number;
}

/** https://www.rfc-editor.org/rfc/rfc9110#status.410 */
const GONE = 410;

/** Returns whether the receiver accepts nothing more: it responded 410. */
export function isGone(http: HttpOutcome): boolean {
  return http.kind === 'response' && http.status === GONE;
}

/**
 * Returns whether the hub ended the request itself, which says nothing about the receiver. Such an attempt is not
 * settled.
 */
export function isBrokenOff(http: HttpOutcome): boolean {
  return http.kind === 'failure' && http.reason === 'aborted';
}

/**
 * Returns what a request that was not broken off means: 2xx is delivered, 410 is gone, everything else is attempted again.
 * Redirects are never followed. A 4xx more often comes from a receiver that is being deployed than from one that means it.
 * `Retry-After` counts on 429 and 503.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (status codes)
 */
export function attemptOutcome(http: HttpOutcome, now: Date): Outcome {
  if (http.kind === 'failure') return { kind: 'retry', retryAfterMs: 0 };
  const { status, headers } = http;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (isGone(http)) return { kind: 'gone' };
  const requestedMs = status === 429 || status === 503 ? longestRetryAfterMs(headers, now) : 0;
  return { kind: 'retry', retryAfterMs: requestedMs };
}

/**
 * Decides what follows an attempt. `attempts` counts those made before it. Those made since `retriesFrom`, when the
 * delivery was last retried by hand, are its position in the schedule. After the last wait a failure is final, whatever
 * `Retry-After` says; before it, the longer of the two waits counts.
 */
export function settle(
  delivery: { readonly attempts: number; readonly retriesFrom: number },
  outcome: Outcome,
  { waitsSeconds, now, random }: SettleContext,
): Settlement {
  const attempts = delivery.attempts + 1;
  switch (outcome.kind) {
    case 'delivered':
      return { next: { ...delivered(now), attempts } };
    case 'gone':
      return { next: { ...dead('gone', now), attempts }, disableWebhook: 'gone' };
    case 'retry': {
      const waitSeconds = waitsSeconds[delivery.attempts - delivery.retriesFrom];
      if (waitSeconds === undefined) return { next: { ...dead('exhausted', now), attempts } };
      const waitMs = Math.max(withJitter(waitSeconds * 1000, random), outcome.retryAfterMs);
      return { next: { ...pending(new Date(now.getTime() + waitMs)), attempts } };
    }
  }
}

// A proxy may add a second one: waiting for the longer satisfies both.
function longestRetryAfterMs(headers: HttpResponse['headers'], now: Date): number {
  return headers
    .filter(([name]) => name.toLowerCase() === 'retry-after')
    .map(([, value]) => retryAfterMs(value, now) ?? 0)
    .reduce((longest, waitMs) => Math.max(longest, waitMs), 0);
}
