import { WebhookEvent } from '../../schemas/index.js';
import type { Json } from '../support/hub.js';
import { anotherOrganization } from './team.js';
import { cases, client, hub, team, useWebhookTeam } from './webhookTeam.js';

const HOUR = 3_600_000;
const BODY_BYTES_MAX = 256 * 1024;

describe('publishing', () => {
  useWebhookTeam();

  const publish = async (event: Record<string, unknown>): Promise<Json> => {
    const { organizationId, owner } = team;
    const { body } = await hub.call('publishEvent', { organizationId, ...event }, owner);
    return body;
  };
  const twenty = <Result>(work: (i: number) => Promise<Result>) =>
    Promise.all(Array.from({ length: 20 }, (_, i) => work(i)));
  const eventsOf = async (type: string) =>
    (await client.getEvents({ organizationId: team.organizationId, type, limit: 100 })).items;
  const bodyOf = async (eventId: string): Promise<string> =>
    (await client.getEvent({ organizationId: team.organizationId, eventId })).event.body;
  const rowOf = async (id: string) => (await hub.app.database.loadMany(WebhookEvent, [id]))[0];

  describe('with an idempotency key', () => {
    let keys = 0;
    const newKey = () => `key-${++keys}`;

    it('creates one event for twenty calls at once, delivered once', async () => {
      const { type, receiver } = await cases.setup();
      const event = { type, data: { n: 1, m: 2 }, idempotencyKey: newKey() };
      const responses = await twenty(() => publish(event));
      expect(new Set(responses.map(({ result }) => result?.eventId)).size).toBe(1);
      expect(new Set(responses.map(({ result }) => result?.deliveries))).toEqual(new Set([1]));
      await hub.app.services.deliverDue();
      expect(receiver.requests).toHaveLength(1);
      expect(await eventsOf(type)).toEqual([
        expect.objectContaining({ idempotencyKey: event.idempotencyKey, deliveries: 1 }),
      ]);
    });

    it('returns the first result, whatever the order of the data and of webhooks created since', async () => {
      const { type } = await cases.setup();
      const idempotencyKey = newKey();
      const first = await publish({ type, data: { a: 1, b: { c: 2, d: 3 } }, idempotencyKey });
      await cases.setup({ events: [type] });
      const again = await publish({ type, data: { b: { d: 3, c: 2 }, a: 1 }, idempotencyKey });
      expect(again).toEqual(first);
      expect(again.result.deliveries).toBe(1);
    });

    it.each([
      ['other data', { data: { n: 2 } }],
      ['another type', { type: 'another.type' }],
      ['additional data', { data: { n: 1, m: 1 } }],
    ])('refuses %s with the same key, also at once', async (_what, other) => {
      const event = { type: 'keyed.once', data: { n: 1 }, idempotencyKey: newKey() };
      await publish(event);
      expect((await publish({ ...event, ...other })).code).toBe(7203);
      const race = { ...event, idempotencyKey: newKey() };
      const responses = await twenty((i) => publish(i % 2 === 0 ? race : { ...race, ...other }));
      expect(responses.filter(({ result }) => result)).toHaveLength(10);
      expect(responses.filter(({ code }) => code === 7203)).toHaveLength(10);
    });

    it('creates one new event after a day, also for twenty calls at once', async () => {
      const event = { type: 'keyed.daily', data: { n: 1 }, idempotencyKey: newKey() };
      const first = await publish(event);
      hub.clock.advance(24 * HOUR - 60_000);
      expect(await publish(event)).toEqual(first);
      hub.clock.advance(60_000);
      const responses = await twenty(() => publish({ ...event, data: { n: 2 } }));
      const ids = new Set(responses.map(({ result }) => result?.eventId as string));
      expect(ids.size).toBe(1);
      expect([...ids]).not.toContain(first.result.eventId);
      expect(await rowOf(first.result.eventId)).not.toHaveProperty('idempotencyKey');
      expect(await eventsOf(event.type)).toHaveLength(2);
    });

    it('keeps the keys of two organizations apart', async () => {
      const organizationId = await anotherOrganization(hub, team);
      const event = { type: 'keyed.apart', data: { n: 1 }, idempotencyKey: newKey() };
      const here = await publish(event);
      const there = await publish({ ...event, organizationId, data: { n: 2 } });
      expect(there.result.eventId).toEqual(expect.any(String));
      expect(there.result.eventId).not.toBe(here.result.eventId);
    });

    it.each(['ü€🚧', '$ne', 'a.b', ' ', '"\'\\', '{"$gt":""}', '\ud800', 'x'.repeat(200)])(
      'accepts %j as a key',
      async (idempotencyKey) => {
        const event = { type: 'keyed.oddly', data: {}, idempotencyKey };
        const first = await publish(event);
        expect(first.result.eventId).toEqual(expect.any(String));
        expect(await publish(event)).toEqual(first);
      },
    );

    it.each(['', 'x'.repeat(201), 'a\0b', 7])('does not accept %j as a key', async (key) => {
      expect((await publish({ type: 'a.b', data: {}, idempotencyKey: key })).code).toBe(7001);
    });
  });

  it('creates an event for each call without a key', async () => {
    const responses = await twenty(() => publish({ type: 'keyless.sent', data: { n: 1 } }));
    expect(new Set(responses.map(({ result }) => result?.eventId)).size).toBe(20);
  });

  describe('data', () => {
    it.each<[string, string]>([
      ['no members', '{}'],
      [
        'names and values that are difficult for PostgreSQL and MongoDB',
        '{"a\\u0000b":"\\u0000","$set":1,"a.b":{"$ne":null},"":0}',
      ],
      ['every kind of value', '{"a":[1,-0.5,1e300,true,false,null,"",[],{}],"z":9007199254740991}'],
      ['names of JavaScript', '{"constructor":1,"toJSON":"x","toPointer":2,"length":-1,"then":3}'],
      ['text in several languages', '{"ünïcödé":"日本語 🚧 \u202e\u2028"}'],
      [
        'names of Parse',
        '{"className":"X","objectId":"y","ACL":{"*":{"read":true}},"_method":"GET"}',
      ],
      ['a geo point of Parse', '{"at":{"__type":"GeoPoint","latitude":1,"longitude":2}}'],
      ['a pointer of Parse', '{"order":{"__type":"Pointer","className":"Order","objectId":"x1"}}'],
      ['a file of Parse', '{"f":{"__type":"File","name":"a.txt"}}'],
      ['an unknown type', '{"x":{"__type":"Whatever","y":[{"__op":"Increment","amount":1}]}}'],
    ])('with %s is stored and sent unchanged', async (_what, json) => {
      const { type, receiver } = await cases.setup();
      const { result } = await publish({ type, data: JSON.parse(json) });
      await hub.app.services.deliverDue();
      const body = await bodyOf(result.eventId);
      expect(body).toMatch(/^\{"type":"[a-z0-9.]+","timestamp":"[^"]+","data":\{.*\}\}$/s);
      expect((await receiver.next()).body.toString()).toBe(body);
      expect(JSON.parse(body).data).toEqual(JSON.parse(json));
    });

    it('has dates of Parse as ISO text', async () => {
      const paidAt = new Date('2026-01-02T03:04:05.678Z');
      const { eventId } = await client.publishEvent({
        organizationId: team.organizationId,
        type: 'dated.sent',
        data: { paidAt, list: [{ paidAt }] },
      });
      expect(JSON.parse(await bodyOf(eventId)).data).toEqual({
        paidAt: paidAt.toISOString(),
        list: [{ paidAt: paidAt.toISOString() }],
      });
    });

    it.each(['x', 'ü', '🚧'])('may have 256 KiB of %s and not a byte more', async (character) => {
      const type = 'large.sent';
      const timestamp = new Date(0).toISOString();
      const overhead = Buffer.byteLength(
        JSON.stringify({ type, timestamp, data: { a: '', b: '' } }),
      );
      const bytes = Buffer.byteLength(character);
      const count = Math.floor((BODY_BYTES_MAX - overhead) / bytes);
      const rest = 'x'.repeat(BODY_BYTES_MAX - overhead - count * bytes);
      const data = { a: character.repeat(count), b: rest };
      const { result } = await publish({ type, data });
      expect(Buffer.byteLength(await bodyOf(result.eventId))).toBe(BODY_BYTES_MAX);
      const refused = await publish({ type, data: { ...data, b: `${rest}x` } });
      expect(refused).toEqual({
        code: 7202,
        error: expect.stringContaining('has 262145 bytes; at most 262144 are allowed'),
      });
    });

    it.each([
      [63, undefined],
      [64, 7209],
      [500, 7209],
      // No function accepts data nested this deep.
      [601, 7001],
    ])('nested %p deep returns %p', async (depth, code) => {
      const data = JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as object;
      expect((await publish({ type: 'deep.sent', data })).code).toBe(code);
    });

    it.each([
      ['missing', undefined],
      ['null', null],
      ['a text', 'text'],
      ['a list', [1]],
      ['a date of Parse', { __type: 'Date', iso: '2026-01-01T00:00:00.000Z' }],
      ['a pointer of Parse', { __type: 'Pointer', className: 'A', objectId: 'b' }],
    ])('that is %s is refused', async (_what, data) => {
      const body = await publish({ type: 'a.b', data });
      expect(body).toEqual({ code: 7001, error: expect.stringMatching(/^data: /) });
    });
  });

  describe('a type', () => {
    it.each(['a', 'A_1.b', 'a.b.c.d.e.f.g.h.i.j', 'x'.repeat(128), '1.2'])(
      'may be %j',
      async (type) => {
        expect((await publish({ type, data: {} })).result).toEqual({
          eventId: expect.any(String),
          deliveries: 0,
        });
      },
    );

    it.each([
      ...['', ' ', '.', 'a.', '.a', 'a..b', 'a.*', '*', 'a-b', 'a b', 'ü', 'a.b\n', '$a', 'a\0'],
      ...['a.b.c.d.e.f.g.h.i.j.k', 'x'.repeat(129)],
    ])('may not be %j', async (type) => {
      const body = await publish({ type, data: {} });
      expect(body).toEqual({ code: 7001, error: expect.stringMatching(/^type: .*\.$/) });
    });
  });

  describe('several at once', () => {
    const publishAll = async (events: readonly unknown[]): Promise<Json> => {
      const { organizationId, owner } = team;
      return (await hub.call('publishEvents', { organizationId, events }, owner)).body;
    };

    it('accepts or refuses each separately, with results in their order', async () => {
      const { organizationId } = team;
      await client.createEventType({ organizationId, name: 'batch.archived' });
      await client.archiveEventType({ organizationId, name: 'batch.archived' });
      const schema = { required: ['id'] };
      await client.createEventType({ organizationId, name: 'batch.checked', schema });
      await publish({ type: 'batch.keyed', data: { n: 1 }, idempotencyKey: 'batch' });
      const { type, receiver } = await cases.setup();
      const deep = JSON.parse(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`) as object;
      const { result } = await publishAll([
        { type, data: { n: 0 } },
        { type: 'batch.archived', data: {} },
        { type: 'batch.checked', data: {} },
        { type: 'batch.checked', data: { id: 1 } },
        { type: 'batch.keyed', data: { n: 2 }, idempotencyKey: 'batch' },
        { type: 'batch.large', data: { text: 'x'.repeat(BODY_BYTES_MAX) } },
        { type: 'batch.deep', data: deep },
        { type, data: { n: 1 }, idempotencyKey: 'twice' },
        { type, data: { n: 1 }, idempotencyKey: 'twice' },
      ]);
      const taken = (deliveries: number) => ({ eventId: expect.any(String), deliveries });
      const refused = (code: number) => ({
        error: { code, message: expect.stringMatching(/\.$/) },
      });
      expect(result.results).toEqual([
        ...[taken(1), refused(7206), refused(7207), taken(0), refused(7203), refused(7202)],
        ...[refused(7209), taken(1), taken(1)],
      ]);
      expect(result.results[7]).toEqual(result.results[8]);
      await hub.app.services.deliverDue();
      expect(receiver.requests).toHaveLength(2);
      for (const name of ['batch.archived', 'batch.large', 'batch.deep']) {
        expect(await eventsOf(name)).toEqual([]);
      }
    });

    it('refuses the call when one event is malformed, and publishes none', async () => {
      const good = { type: 'batch.none', data: {} };
      const body = await publishAll([good, { type: 'no good', data: {} }, { type: 'a', dta: {} }]);
      expect(body.code).toBe(7001);
      expect(body.error).toMatch(/events\.1\.type: /);
      expect(body.error).toMatch(/events\.2\.data: .*"dta"/s);
      expect(await eventsOf('batch.none')).toEqual([]);
    });

    it.each([0, 101])('refuses %p', async (count) => {
      const body = await publishAll(Array(count).fill({ type: 'a.b', data: {} }));
      expect(body).toEqual({ code: 7001, error: expect.stringMatching(/^events: .*\.$/) });
    });
  });

  it('makes events readable at once, newest first, by type, a page at a time', async () => {
    const { organizationId } = team;
    const published: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { result } = await publish({ type: 'listed.sent', data: { n } });
      published.unshift(result.eventId);
      hub.clock.advance(1);
    }
    await publish({ type: 'listed.other', data: {} });
    const first = await client.getEvents({ organizationId, type: 'listed.sent', limit: 3 });
    const cursor = first.nextCursor ?? '';
    const rest = await client.getEvents({ organizationId, type: 'listed.sent', limit: 3, cursor });
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual(published);
    expect(rest).not.toHaveProperty('nextCursor');
    const all = await client.getEvents({ organizationId, limit: 1 });
    expect(all.items).toEqual([expect.objectContaining({ type: 'listed.other' })]);
  });
});
