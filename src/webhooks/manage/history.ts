import type { Membership, Page, PageRequest } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { manualRetry } from '../delivery/delivery.js';
import { eventErrors, webhookErrors } from '../errors.js';
import type { AttemptRow, DeliveryRow, EventRow, WebhookStore } from '../store.js';

/**
 * A delivery that is due may have an attempt under way, and only the holder of its lane may change it then. One that is due
 * later than this has none, and will have none by the time the change is stored.
 */
const SOON_MS = 2_000;

interface EventWithDeliveries {
  readonly event: EventRow;
  readonly deliveries: readonly DeliveryRow[];
}

interface DeliveryWithAttempts {
  readonly delivery: DeliveryRow;
  readonly attempts: readonly AttemptRow[];
}

interface DeliveryFilter {
  readonly webhookId?: string | undefined;
  readonly eventId?: string | undefined;
  readonly state?: 'pending' | 'delivered' | 'dead' | undefined;
}

/** Events, deliveries and attempts, and retrying a delivery by hand. */
export interface WebhookHistory {
  listEvents(
    membership: Membership,
    request: PageRequest & { type?: string | undefined },
  ): Promise<Page<EventRow>>;
  getEvent(membership: Membership, eventId: string): Promise<EventWithDeliveries>;
  listDeliveries(
    membership: Membership,
    filter: DeliveryFilter,
    request: PageRequest,
  ): Promise<Page<DeliveryRow>>;
  getDelivery(membership: Membership, deliveryId: string): Promise<DeliveryWithAttempts>;
  /**
   * Makes a delivery due at once and starts its schedule anew. Throws DeliveryPending while an attempt may be under way,
   * WebhookNotActive, and DeliveryChanged when an attempt ended meanwhile.
   */
  retry(membership: Membership, deliveryId: string): Promise<DeliveryRow>;
}

export interface HistoryDeps {
  readonly store: WebhookStore;
  readonly clock: Clock;
  wakeLoop(): void;
}

export function createHistory({ store, clock, wakeLoop }: HistoryDeps): WebhookHistory {
  async function getDelivery(
    { organizationId }: Membership,
    deliveryId: string,
  ): Promise<DeliveryRow> {
    const delivery = await store.findDelivery(organizationId, deliveryId);
    if (!delivery) throw webhookErrors.DeliveryNotFound();
    return delivery;
  }

  async function checkActive({ organizationId }: Membership, webhookId: string): Promise<void> {
    const webhook = await store.findWebhook(organizationId, webhookId);
    if (!webhook) throw webhookErrors.WebhookNotFound();
    if (webhook.status !== 'active')
      throw webhookErrors.WebhookNotActive({ status: webhook.status });
  }

  return {
    listEvents: ({ organizationId }, request) => store.pageEvents(organizationId, request),
    async getEvent({ organizationId }, eventId) {
      const event = await store.findEvent(organizationId, eventId);
      if (!event) throw eventErrors.EventNotFound();
      return { event, deliveries: await store.deliveriesOf(event) };
    },
    listDeliveries: ({ organizationId }, { webhookId, eventId, state }, request) =>
      store.pageDeliveries(
        {
          organization: organizationId,
          ...(webhookId !== undefined && { webhook: webhookId }),
          ...(eventId !== undefined && { event: eventId }),
          ...(state !== undefined && { state }),
        },
        request,
      ),
    async getDelivery(membership, deliveryId) {
      const delivery = await getDelivery(membership, deliveryId);
      return { delivery, attempts: await store.attemptsOf(delivery) };
    },
    async retry(membership, deliveryId) {
      const delivery = await getDelivery(membership, deliveryId);
      const now = clock.now();
      if (delivery.dueAt && delivery.dueAt.getTime() < now.getTime() + SOON_MS) {
        throw webhookErrors.DeliveryPending();
      }
      await checkActive(membership, delivery.webhook);
      const set = manualRetry(delivery, now);
      const isChanged = await store.changeDelivery({
        id: delivery.id,
        was: { state: delivery.state, attempts: delivery.attempts },
        set,
      });
      if (!isChanged) throw webhookErrors.DeliveryChanged();
      await store.wakeLanes([{ kind: 'webhook', key: delivery.webhook }]);
      wakeLoop();
      return { ...delivery, ...set };
    },
  };
}
