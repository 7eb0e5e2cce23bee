import type { Clock } from '../../platform/clock.js';
import type { DeliveryRow, WebhookStore } from '../store.js';
import { dead, type DeadReason } from './delivery.js';

/** Ends a delivery as dead without an attempt. */
export async function giveUpDelivery(
  { store, clock }: { readonly store: WebhookStore; readonly clock: Clock },
  row: DeliveryRow,
  reason: DeadReason,
): Promise<void> {
  await store.recordDelivery({ row, next: dead(reason, clock.now()) });
}
