import { WebhookAttempt, WebhookDelivery, WebhookEvent } from '../../schemas/index.js';
import { deliveriesOf } from '../../src/webhooks/publish/publish.js';
import { type Json, master } from '../support/hub.js';
import type { WebhookCase } from './webhookCases.js';
import { cases, client, hub, team, useWebhookTeam } from './webhookTeam.js';

const DAY = 24 * 3_600_000;

describe('maintenance', () => {
  useWebhookTeam();

  const messages: string[] = [];
  const call = (signal = new AbortController().signal) => ({
    signal,
    progress: (message: string) => messages.push(message),
  });
  const rescue = () => hub.app.services.webhooks.maintenance.rescue(call());
  const prune = (signal?: AbortSignal) => hub.app.services.webhooks.maintenance.prune(call(signal));

  let left = 0;
  /** Stores an event without its deliveries, as a crash leaves it. `openForMs` is undefined for a completed publish. */
  async function halfPublished(webhooks: readonly WebhookCase[], openForMs: number | undefined) {
    const now = hub.clock.now();
    const { organizationId } = team;
    const webhookIds = webhooks.map(({ webhookId }) => webhookId);
    const event = {
      id: `left${++left}`,
      organization: organizationId,
      type: 'left.behind',
      body: `{"type":"left.behind","data":{"n":${left}}}`,
      webhookIds,
      createdAt: now,
      readers: [`org_${organizationId}_owner`],
    };
    const openSince = openForMs === undefined ? undefined : new Date(now.getTime() - openForMs);
    const row = { ...event, ...(openSince && { openSince }) };
    await hub.app.database.insertMany(WebhookEvent, [row]);
    return { event, deliveries: deliveriesOf(event, webhookIds) };
  }
  const openSinceOf = async (id: string) =>
    (await hub.app.database.loadMany(WebhookEvent, [id]))[0]?.openSince;

  describe('after a crash', () => {
    it('completes an event whose deliveries are missing', async () => {
      const webhooks = [await cases.setup(), await cases.setup()];
      const { event } = await halfPublished(webhooks, 60_000);
      await hub.app.services.deliverDue();
      expect(webhooks.map(({ receiver }) => receiver.requests.length)).toEqual([0, 0]);
      expect(await rescue()).toMatchObject({ events: 1 });
      await hub.app.services.deliverDue();
      for (const { receiver, only } of webhooks) {
        expect((await receiver.next()).body.toString()).toBe(event.body);
        const { delivery } = await only();
        expect(delivery).toMatchObject({ eventId: event.id, state: 'delivered', attempts: 1 });
      }
      expect(await openSinceOf(event.id)).toBeUndefined();
      expect(await rescue()).toEqual({ events: 0, lanes: 0 });
      expect(messages).toContain('1 half-published events completed');
    });

    it('adds only what is missing', async () => {
      const webhooks = [await cases.setup(), await cases.setup()];
      const { event, deliveries } = await halfPublished(webhooks, 60_000);
      await hub.app.database.insertMany(WebhookDelivery, deliveries.slice(0, 1));
      await hub.app.database.wake([{ kind: 'webhook', key: deliveries[0]?.webhook ?? '' }]);
      await hub.app.services.deliverDue();
      await rescue();
      await hub.app.services.deliverDue();
      const { organizationId } = team;
      const found = await client.getEvent({ organizationId, eventId: event.id });
      expect(found.deliveries.map(({ state, attempts }) => [state, attempts])).toEqual([
        ['delivered', 1],
        ['delivered', 1],
      ]);
      expect(webhooks.map(({ receiver }) => receiver.requests.length)).toEqual([1, 1]);
    });

    it('completes an event once when called twenty times at once', async () => {
      const webhook = await cases.setup();
      const { event } = await halfPublished([webhook], 60_000);
      await Promise.all(Array.from({ length: 20 }, () => rescue()));
      await Promise.all([hub.app.services.deliverDue(), rescue()]);
      await hub.app.services.deliverDue();
      expect(webhook.receiver.requests).toHaveLength(1);
      expect(await openSinceOf(event.id)).toBeUndefined();
    });

    it('does not touch an event that is just being published', async () => {
      const webhook = await cases.setup();
      const { event } = await halfPublished([webhook], 0);
      expect(await rescue()).toMatchObject({ events: 0 });
      expect(await openSinceOf(event.id)).toBeDefined();
      expect(await webhook.deliveries()).toEqual([]);
      hub.clock.advance(60_000);
      expect(await rescue()).toMatchObject({ events: 1 });
    });

    it('lets those who may read the event read its deliveries', async () => {
      const webhook = await cases.setup();
      const { event } = await halfPublished([webhook], 60_000);
      await rescue();
      const { id } = (await webhook.only()).delivery;
      for (const as of [team.owner, team.viewer]) {
        const { status, body } = await hub.rest('GET', `/classes/WebhookDelivery/${id}`, as);
        expect([status, body.event?.objectId]).toEqual([200, event.id]);
      }
      const { status } = await hub.rest('GET', `/classes/WebhookDelivery/${id}`, team.outsider);
      expect(status).toBe(404);
    });

    it('wakes a lane whose wake was lost', async () => {
      const webhook = await cases.setup();
      const { deliveries } = await halfPublished([webhook], undefined);
      await hub.app.database.insertMany(WebhookDelivery, deliveries);
      await hub.app.services.deliverDue();
      expect((await rescue()).lanes).toBe(0);
      hub.clock.advance(31_000);
      expect((await rescue()).lanes).toBe(1);
      await hub.app.services.deliverDue();
      expect(webhook.receiver.requests).toHaveLength(1);
      expect((await webhook.only()).delivery.state).toBe('delivered');
    });
  });

  describe('of history', () => {
    const all = async (className: string): Promise<Json[]> => {
      const { body } = await hub.rest('GET', `/classes/${className}?limit=1000`, master);
      return body.results;
    };
    const counts = async () => ({
      events: (await all(WebhookEvent.name)).length,
      deliveries: (await all(WebhookDelivery.name)).length,
      attempts: (await all(WebhookAttempt.name)).length,
    });

    it('deletes attempts after 30 days, events and deliveries after 90, and nothing newer', async () => {
      hub.clock.advance(100 * DAY);
      await hub.app.services.deliverDue();
      await prune();
      expect(await counts()).toEqual({ events: 0, deliveries: 0, attempts: 0 });
      const { publish } = await cases.setup();
      const failing = await cases.setup({ retry: { schedule: [] } });
      failing.receiver.respond({ status: 500 });
      await publish();
      await failing.publish();
      await hub.app.services.deliverDue();
      const none = { events: 0, deliveries: 0, attempts: 0 };
      hub.clock.advance(30 * DAY - 60_000);
      expect(await prune()).toEqual(none);
      hub.clock.advance(60_000);
      expect(await prune()).toEqual({ ...none, attempts: 2 });
      hub.clock.advance(60 * DAY - 60_000);
      expect(await prune()).toEqual(none);
      expect(await counts()).toEqual({ events: 2, deliveries: 2, attempts: 0 });
      hub.clock.advance(60_000);
      expect(await prune()).toEqual({ events: 2, deliveries: 2, attempts: 0 });
      expect(await counts()).toEqual(none);
    });

    it('keeps a pending delivery, and gives it up when its event is gone', async () => {
      const { receiver, publish, update, only } = await cases.setup({ status: 'paused' });
      await publish();
      hub.clock.advance(91 * DAY);
      expect(await prune()).toEqual({ events: 1, deliveries: 0, attempts: 0 });
      expect((await only()).delivery.state).toBe('pending');
      await update({ status: 'active' });
      await hub.app.services.deliverDue();
      expect((await only()).delivery).toMatchObject({ state: 'dead', deadReason: 'expired' });
      expect(receiver.requests).toEqual([]);
    });

    it('deletes once when called twice at once, and does not begin when the process stops', async () => {
      const { type } = await cases.setup();
      const { organizationId } = team;
      const events = Array.from({ length: 30 }, () => ({ type, data: {} }));
      await client.publishEvents({ organizationId, events });
      await hub.app.services.deliverDue();
      hub.clock.advance(91 * DAY);
      expect(await prune(AbortSignal.abort())).toEqual({ events: 0, deliveries: 0, attempts: 0 });
      const both = await Promise.all([prune(), prune()]);
      const sum = (what: 'events' | 'attempts') => both[0][what] + both[1][what];
      expect([sum('events'), sum('attempts')]).toEqual([30, 30]);
    });
  });
});
