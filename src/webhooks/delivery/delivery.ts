import { createHash } from 'node:crypto';

/** The state of a delivery. Its lane determines which process works on it. */
export type DeliveryState = 'pending' | 'delivered' | 'dead';

/**
 * Why a delivery is dead: every attempt failed; the receiver responded 410 Gone; its webhook was disabled or deleted; its
 * event was deleted by retention while the webhook was paused.
 */
export type DeadReason = 'exhausted' | 'gone' | 'disabled' | 'deleted' | 'expired';

/** Every legal move; any other is a bug. A failed delivery stays pending; one that is retried by hand is pending again. */
const MOVES = {
  pending: ['pending', 'delivered', 'dead'],
  delivered: ['pending'],
  dead: ['pending'],
} as const satisfies Record<DeliveryState, readonly DeliveryState[]>;

/** Returns whether `MOVES` has this move. */
export function mayMove(from: DeliveryState, to: DeliveryState): boolean {
  const targets: readonly DeliveryState[] = MOVES[from];
  return targets.includes(to);
}

/** The values of a row in each state. `undefined` empties a field, so that a row keeps no value of another state. */
export interface PendingValues {
  readonly state: 'pending';
  readonly dueAt: Date;
  readonly finishedAt: undefined;
  readonly deadReason: undefined;
}
export interface DeliveredValues {
  readonly state: 'delivered';
  readonly dueAt: undefined;
  readonly finishedAt: Date;
  readonly deadReason: undefined;
}
export interface DeadValues {
  readonly state: 'dead';
  readonly dueAt: undefined;
  readonly finishedAt: Date;
  readonly deadReason: DeadReason;
}

/** Returns a delivery that waits for its next attempt. */
export function pending(dueAt: Date): PendingValues {
  return { state: 'pending', dueAt, finishedAt: undefined, deadReason: undefined };
}

/** Returns a delivery that the receiver accepted. */
export function delivered(finishedAt: Date): DeliveredValues {
  return { state: 'delivered', dueAt: undefined, finishedAt, deadReason: undefined };
}

/** Returns a delivery that is given up, also without an attempt: its webhook was disabled or deleted. */
export function dead(deadReason: DeadReason, finishedAt: Date): DeadValues {
  return { state: 'dead', dueAt: undefined, finishedAt, deadReason };
}

/** Returns a delivery, finished or pending, that is retried by hand: due at once, and its schedule starts anew. */
export function manualRetry(
  { attempts }: { readonly attempts: number },
  now: Date,
): PendingValues & { readonly retriesFrom: number } {
  return { ...pending(now), retriesFrom: attempts };
}

const EVENT_PART_LENGTH = 12;
const HASH_PART_LENGTH = 24;

/**
 * Returns the id of an event's delivery to a webhook: equal for equal arguments, at most 36 characters of `[A-Za-z0-9]`.
 * When a crash interrupts a publication, all deliveries of the event are inserted again; their ids show which exist already.
 *
 * It begins like the event's id, so that the deliveries of one event, and of events published together, are neighbors
 * in the index. 24 base62 digits of a hash (142 bits) make it unique.
 */
export function deliveryId(eventId: string, webhookId: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([eventId, webhookId]))
    .digest('base64');
  return (
    alphanumeric(eventId).slice(0, EVENT_PART_LENGTH) +
    alphanumeric(hash).slice(0, HASH_PART_LENGTH)
  );
}

function alphanumeric(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '');
}
