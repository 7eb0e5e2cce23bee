import { Organization, Webhook } from '../../schemas/index.js';
import { WINDOW_START } from '../../src/webhooks/delivery/window.js';
import type { Received } from '../support/receiver.js';
import { cases, client, hub, team, useWebhookTeam } from './webhookTeam.js';

describe('the deliveries of several events and webhooks', () => {
  useWebhookTeam();

  const publishMany = (type: string, count: number) =>
    client.publishEvents({
      organizationId: team.organizationId,
      events: Array.from({ length: count }, (_, n) => ({ type, data: { n } })),
    });
  const eventIdsOf = (requests: readonly Received[]) =>
    new Set(requests.map(({ headers }) => headers['webhook-id']));
  const states = (items: readonly { state: string; deadReason?: string | undefined }[]) =>
    items.map(({ state, deadReason }) => deadReason ?? state);

  describe('of a webhook that is paused', () => {
    it('wait until it is active again', async () => {
      const { receiver, publish, update, deliveries } = await cases.setup({ status: 'paused' });
      await publish();
      await publish();
      await hub.app.services.deliverDue();
      hub.clock.advance(3_600_000);
      await hub.app.services.deliverDue();
      expect(states(await deliveries())).toEqual(['pending', 'pending']);
      expect(receiver.requests).toEqual([]);
      await update({ status: 'active' });
      await hub.app.services.deliverDue();
      expect(states(await deliveries())).toEqual(['delivered', 'delivered']);
      expect(receiver.requests).toHaveLength(2);
    });

    it('wait for their retry too, and then continue', async () => {
      const { receiver, publish, update, only } = await cases.setup({ retry: { schedule: [60] } });
      receiver.respond({ status: 500 });
      await publish();
      await hub.app.services.deliverDue();
      await update({ status: 'paused' });
      hub.clock.advance(120_000);
      await hub.app.services.deliverDue();
      expect((await only()).delivery).toMatchObject({ state: 'pending', attempts: 1 });
      await update({ status: 'active' });
      await hub.app.services.deliverDue();
      expect((await only()).delivery).toMatchObject({ state: 'dead', attempts: 2 });
      expect(receiver.requests).toHaveLength(2);
    });

    it('end when it is disabled instead', async () => {
      const { receiver, publish, update, only } = await cases.setup({ status: 'paused' });
      await publish();
      await update({ status: 'disabled' });
      await hub.app.services.deliverDue();
      const { delivery, attempts } = await only();
      expect(delivery).toMatchObject({ state: 'dead', deadReason: 'disabled', attempts: 0 });
      expect(attempts).toEqual([]);
      await update({ status: 'active' });
      await hub.app.services.deliverDue();
      expect((await only()).delivery.state).toBe('dead');
      expect(receiver.requests).toEqual([]);
    });

    it('end when it is deleted, and remain readable', async () => {
      const { organizationId } = team;
      const { receiver, webhookId, publish, only } = await cases.setup({ status: 'paused' });
      const eventId = await publish();
      await client.deleteWebhook({ organizationId, webhookId });
      await hub.app.services.deliverDue();
      const { delivery } = await only();
      expect(delivery).toMatchObject({ webhookId, state: 'dead', deadReason: 'deleted' });
      const { event, deliveries } = await client.getEvent({ organizationId, eventId });
      expect(event).toMatchObject({ id: eventId, deliveries: 1 });
      expect(deliveries).toEqual([delivery]);
      expect(receiver.requests).toEqual([]);
    });
  });

  it('skip a disabled webhook', async () => {
    const { type, publish, deliveries } = await cases.setup({ status: 'disabled' });
    await publish();
    const { results } = await publishMany(type, 1);
    expect(results).toEqual([expect.objectContaining({ deliveries: 0 })]);
    expect(await deliveries()).toEqual([]);
  });

  it('go to each matching webhook once', async () => {
    const { organizationId } = team;
    const patterns = [['a.*'], ['a.b', 'a.*', '*'], ['a.b.c'], ['b.*'], ['*']];
    const made = [];
    for (const events of patterns) made.push(await cases.setup({ events }));
    const { deliveries } = await client.publishEvent({ organizationId, type: 'a.b', data: {} });
    expect(deliveries).toBe(3);
    await hub.app.services.deliverDue();
    expect(made.map(({ receiver }) => receiver.requests.length)).toEqual([1, 1, 0, 0, 1]);
    // A webhook that is created later gets only later events.
    const late = await cases.setup({ events: ['a.b'] });
    await hub.app.services.deliverDue();
    expect(late.receiver.requests).toEqual([]);
  });

  it('go to the webhooks of their organization when many publish at once', async () => {
    const { webhookId } = await cases.setup();
    const [row] = await hub.app.database.loadMany(Webhook, [webhookId]);
    if (!row) throw new Error('The webhook is not there.');
    const ids = Array.from({ length: 40 }, (_, n) => `many${n}`);
    const organizations = ids.map((id) => ({ id, name: id, createdAt: new Date(), readers: [] }));
    await hub.app.database.insertMany(Organization, organizations);
    const webhooksOf = (organization: string, count: number, event: string) =>
      Array.from({ length: count }, (_, n) => ({
        ...row,
        id: `${organization}${event}${n}`,
        organization,
        events: [event],
        readers: [],
      }));
    // The matching webhook comes last.
    for (const [count, event] of [
      [400, 'other'],
      [1, 'wanted'],
    ] as const) {
      const rows = ids.flatMap((id) => webhooksOf(id, count, event));
      await hub.app.database.insertMany(Webhook, rows);
    }
    // In one turn of the event loop, so that they share the statements that load webhooks.
    const { publish } = hub.app.services.webhooks;
    const responses = await Promise.all(
      ids.map((organizationId) => publish({ organizationId, type: 'wanted', data: {} })),
    );
    expect(responses.map(({ deliveries }) => deliveries)).toEqual(Array(40).fill(1));
  });

  it('begin with the oldest, as many at once as a new receiver gets', async () => {
    const { receiver, publish } = await cases.setup();
    let respondAll = () => {};
    const held = new Promise<void>((resolve) => (respondAll = resolve));
    receiver.respond(() => held.then(() => ({ status: 204 })));
    const published: string[] = [];
    for (let n = 0; n < WINDOW_START + 4; n += 1) {
      published.push(await publish({ n }));
      hub.clock.advance(1);
    }
    const delivered = hub.app.services.deliverDue();
    const first = await receiver.received(WINDOW_START);
    expect(eventIdsOf(first)).toEqual(new Set(published.slice(0, WINDOW_START)));
    respondAll();
    await delivered;
    expect(eventIdsOf(receiver.requests)).toEqual(new Set(published));
  });

  it('are all made, three hundred to one webhook', async () => {
    const { organizationId } = team;
    const { type, receiver, webhookId } = await cases.setup();
    receiver.respond((_request, nth) => ({ status: nth % 5 === 0 ? 503 : 200 }));
    const published = await Promise.all([1, 2, 3].map(() => publishMany(type, 100)));
    const ids = published.flatMap(({ results }) =>
      results.map((result) => ('eventId' in result ? result.eventId : result.error.message)),
    );
    await hub.app.services.deliverDue();
    for (let round = 0; round < 5; round += 1) {
      hub.clock.advance(2 * 3_600_000);
      await hub.app.services.deliverDue();
    }
    const accepted = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await client.getWebhookDeliveries({
        organizationId,
        webhookId,
        limit: 100,
        ...(cursor !== undefined && { cursor }),
      });
      for (const { eventId, state } of page.items) if (state === 'delivered') accepted.add(eventId);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(accepted).toEqual(new Set(ids));
    // Each failed attempt was repeated once.
    const failed = Math.floor(receiver.requests.length / 5);
    expect(receiver.requests).toHaveLength(300 + failed);
  });

  it('are all made, one event to fifty webhooks', async () => {
    const { organizationId } = team;
    const receiver = await cases.newReceiver();
    for (let n = 0; n < 50; n += 1) {
      await cases.setup({ url: `${receiver.url}/${n}`, events: ['fan.out'] });
    }
    const { deliveries } = await client.publishEvent({ organizationId, type: 'fan.out', data: {} });
    expect(deliveries).toBe(50);
    await hub.app.services.deliverDue();
    const paths = receiver.requests.map(({ path }) => Number(path.slice(1)));
    expect(paths.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  it('are made to one receiver while another hangs', async () => {
    const hanging = await cases.setup({ timeoutSeconds: 30 });
    const healthy = await cases.setup();
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    hanging.receiver.respond(() => gate.then(() => ({ status: 200 })));
    await publishMany(hanging.type, 100);
    await publishMany(healthy.type, 100);
    const drained = hub.app.services.deliverDue();
    await healthy.receiver.received(100);
    await hanging.receiver.received(1);
    expect(new Set(states(await hanging.deliveries()))).toEqual(new Set(['pending']));
    letGo();
    await drained;
    expect(new Set(states(await healthy.deliveries()))).toEqual(new Set(['delivered']));
    expect(new Set(states(await hanging.deliveries()))).toEqual(new Set(['delivered']));
  });

  it('are listed by webhook, event and state, newest first, a page at a time', async () => {
    const { organizationId } = team;
    const { receiver, webhookId, publish, deliveries } = await cases.setup();
    const published: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      receiver.respond({ status: n === 2 ? 410 : 200 });
      published.push(await publish({ n }));
      hub.clock.advance(1);
      await hub.app.services.deliverDue();
      if (n === 2) await client.updateWebhook({ organizationId, webhookId, status: 'active' });
    }
    const idsOf = async (filter: object) =>
      (await deliveries(filter)).map(({ eventId }) => eventId);
    expect(await idsOf({})).toEqual([...published].reverse());
    expect(await idsOf({ state: 'dead' })).toEqual([published[2]]);
    expect(await idsOf({ eventId: published[3] })).toEqual([published[3]]);
    expect(await idsOf({ eventId: published[3], state: 'dead' })).toEqual([]);
    const first = await client.getWebhookDeliveries({ organizationId, webhookId, limit: 2 });
    const second = await client.getWebhookDeliveries({
      organizationId,
      webhookId,
      limit: 3,
      cursor: first.nextCursor ?? '',
    });
    const paged = [...first.items, ...second.items].map(({ eventId }) => eventId);
    expect(paged).toEqual([...published].reverse());
    expect(second).not.toHaveProperty('nextCursor');
  });
});
