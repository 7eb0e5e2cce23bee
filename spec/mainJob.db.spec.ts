import { Webhook } from 'standardwebhooks';

import { startHub, type TestHub } from './support/hub.js';
import { type Receiver, startReceiver } from './support/receiver.js';

describe('the main job', () => {
  let hub: TestHub;
  let receiver: Receiver;
  beforeAll(async () => {
    hub = await startHub();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await hub.stop();
  });

  it('delivers a signed event, and retries after a failure', async () => {
    const user = await hub.signUp();
    const client = hub.as(user);
    const { organization } = await client.createOrganization({ name: 'Acme' });
    const { webhook, secret } = await client.createWebhook({
      organizationId: organization.id,
      name: 'orders',
      url: receiver.url,
      events: ['order.*'],
      retry: { schedule: [60] },
    });
    receiver.respond((_request, nth) => ({ status: nth === 1 ? 503 : 200 }));

    const { eventId, deliveries } = await client.publishEvent({
      type: 'order.paid',
      data: { total: '12 €' },
    });
    expect(deliveries).toBe(1);
    await hub.drain();
    expect(receiver.requests).toHaveLength(1);
    hub.clock.advance(61_000);
    await hub.drain();

    expect(receiver.requests).toHaveLength(2);
    for (const { body, headers } of receiver.requests) {
      const verified = new Webhook(secret).verify(body, headers as Record<string, string>);
      expect(verified).toEqual({
        type: 'order.paid',
        timestamp: expect.any(String),
        data: { total: '12 €' },
      });
      expect(headers['webhook-id']).toBe(eventId);
    }
    const page = await client.getWebhookDeliveries({ webhookId: webhook.id });
    expect(page.items).toEqual([
      expect.objectContaining({ eventId, state: 'delivered', attempts: 2 }),
    ]);
  });
});
