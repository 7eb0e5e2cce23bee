import {
  dead,
  type DeadValues,
  delivered,
  type DeliveredValues,
  pending,
  type PendingValues,
} from './delivery.js';
import type { Outcome } from './outcome.js';
import { withJitter } from './retry.js';

/** What is decided after an attempt. */
export interface DeliveryDecision {
  /** The row's next values. */
  readonly next: (PendingValues | DeliveredValues | DeadValues) & { readonly attempts: number };
  /** Present when the receiver answered 410: its webhook is to be disabled, for this reason. */
  readonly disableWebhook?: 'gone';
}

/** What the decision depends on besides the delivery and the outcome. */
export interface SettleContext {
  /** `retryWaitsSeconds` of the webhook. */
  readonly waitsSeconds: readonly number[];
  /** When the attempt ended. */
  readonly now: Date;
  /** From 0 to below 1. */
  readonly random: number;
}

/**
 * Decides what follows an attempt. `attempts` are those made before it; those since `retriesFrom`, when the delivery was
 * last retried by hand, say how far it is in the schedule. After the last wait a failure is final, whatever
 * `Retry-After` says; before it, the longer of the two waits counts.
 */
export function settle(
  delivery: { readonly attempts: number; readonly retriesFrom: number },
  outcome: Outcome,
  { waitsSeconds, now, random }: SettleContext,
): DeliveryDecision {
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
