import type { Client } from '../../cloud/manifest.js';
import type { TestHub } from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import type { Team } from './team.js';

type Delivery = Awaited<ReturnType<Client['getWebhookDeliveries']>>['items'][number];
type DeliveryWithAttempts = Awaited<ReturnType<Client['getWebhookDelivery']>>;

/** A webhook with a separate receiver and event type, and calls that the owner makes for it. */
export interface WebhookCase {
  readonly type: string;
  readonly receiver: Receiver;
  readonly webhookId: string;
  readonly secret: string;
  update(change: object): ReturnType<Client['updateWebhook']>;
  /** Returns the id of the event. */
  publish(data?: Record<string, unknown>): Promise<string>;
  /** Newest first. */
  deliveries(filter?: object): Promise<readonly Delivery[]>;
  /** The only delivery, with its attempts. */
  only(): Promise<DeliveryWithAttempts>;
  /** Retries the only delivery. */
  retry(): ReturnType<Client['retryWebhookDelivery']>;
}

export interface WebhookCases {
  setup(settings?: Record<string, unknown>): Promise<WebhookCase>;
  newReceiver(): Promise<Receiver>;
  /** Closes the receivers and deletes the webhooks, so that the next case sees nothing of this one. */
  end(): Promise<void>;
}

export function webhookCases(hub: TestHub, { organizationId, owner }: Team): WebhookCases {
  const client = hub.as(owner);
  const receivers: Receiver[] = [];
  const webhookIds: string[] = [];
  let made = 0;

  async function newReceiver(): Promise<Receiver> {
    const receiver = await startReceiver();
    receivers.push(receiver);
    return receiver;
  }

  return {
    newReceiver,
    async setup(settings = {}) {
      const type = `case.no${++made}`;
      const receiver = await newReceiver();
      const given = { name: type, url: receiver.url, events: [type], ...settings };
      const { webhook, secret } = await client.createWebhook({ organizationId, ...given });
      const { id: webhookId } = webhook;
      webhookIds.push(webhookId);

      const deliveries: WebhookCase['deliveries'] = async (filter = {}) => {
        const all = { organizationId, webhookId, limit: 100, ...filter };
        return (await client.getWebhookDeliveries(all)).items;
      };
      const only: WebhookCase['only'] = async () => {
        const [delivery, ...others] = await deliveries();
        if (!delivery || others.length > 0) throw new Error('There is not exactly one delivery.');
        return client.getWebhookDelivery({ organizationId, deliveryId: delivery.id });
      };
      return {
        type,
        receiver,
        webhookId,
        secret,
        deliveries,
        only,
        update: (change) => client.updateWebhook({ organizationId, webhookId, ...change }),
        publish: async (data = {}) =>
          (await client.publishEvent({ organizationId, type, data })).eventId,
        retry: async () =>
          client.retryWebhookDelivery({ organizationId, deliveryId: (await only()).delivery.id }),
      };
    },
    async end() {
      await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
      for (const webhookId of webhookIds.splice(0)) {
        // Some are deleted already.
        await hub.call('deleteWebhook', { organizationId, webhookId }, owner);
      }
      await hub.app.services.deliverDue();
    },
  };
}
