import { WebhookEventType } from '../../schemas/index.js';
import { cpuMsOf } from '../support/cpu.js';
import type { Json } from '../support/hub.js';
import { anotherOrganization } from './team.js';
import { cases, client, hub, team, useWebhookTeam } from './webhookTeam.js';

const ORDER = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['order.id'],
  properties: {
    'order.id': { $ref: '#/$defs/id' },
    paidAt: { type: 'string', format: 'date-time' },
  },
  $defs: { id: { type: 'string', pattern: '^o_[0-9]+$' } },
};

describe('event types', () => {
  useWebhookTeam();

  async function responseOf(name: string, params: object): Promise<Json> {
    const { organizationId, owner } = team;
    return (await hub.call(name, { organizationId, ...params }, owner)).body;
  }
  let made = 0;
  const newName = () => `type.no${++made}`;
  const create = (params: object) => responseOf('createEventType', { name: newName(), ...params });
  async function created(params: object = {}): Promise<Json> {
    const { result, error } = await create(params);
    if (error) throw new Error(error);
    return result.eventType;
  }
  const publish = (type: string, data: unknown) => responseOf('publishEvent', { type, data });
  const read = async (name: string) => {
    const { items } = await client.getEventTypes({
      organizationId: team.organizationId,
      limit: 100,
    });
    return items.find((item) => item.name === name);
  };

  it('keep their description, schema and example unchanged', async () => {
    const example = { 'order.id': 'o_17', $note: { 'a.b': null, ü: [1.5] } };
    const given = { description: 'An order was paid.', schema: ORDER, example };
    const eventType = await created(given);
    expect(eventType).toEqual({
      name: expect.stringMatching(/^type\.no/),
      ...given,
      archived: false,
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(await read(eventType.name)).toEqual(eventType);
    expect(await read((await created()).name)).toEqual({
      name: expect.any(String),
      archived: false,
      createdAt: expect.any(String),
    });
  });

  it('validate published data', async () => {
    const { name } = await created({ schema: ORDER });
    const paidAt = '2026-01-02T03:04:05Z';
    expect((await publish(name, { 'order.id': 'o_1', paidAt })).result).toBeDefined();
    // A date as the SDK sends it becomes the text that receivers get.
    const date = { __type: 'Date', iso: '2026-01-02T03:04:05.000Z' };
    expect((await publish(name, { 'order.id': 'o_1', paidAt: date })).result).toBeDefined();
    const refused = await publish(name, { 'order.id': 'canary', paidAt: 'soon' });
    expect(refused).toEqual({
      code: 7207,
      error: `The data does not match the JSON Schema of ${name}: data/order.id must match pattern "^o_[0-9]+$"; data/paidAt must match format "date-time".`,
    });
    const { items } = await client.getEvents({
      organizationId: team.organizationId,
      type: name,
    });
    expect(items).toHaveLength(2);
  });

  it('are not required to publish, and belong to their organization', async () => {
    expect((await publish('never.declared', { any: 'thing' })).result).toBeDefined();
    const { name } = await created({ schema: ORDER });
    const organizationId = await anotherOrganization(hub, team);
    const there = { organizationId, type: name, data: { other: true } };
    expect((await client.publishEvent(there)).eventId).toBeDefined();
    await client.createEventType({ organizationId, name, schema: { required: ['other'] } });
    expect((await client.publishEvent(there)).eventId).toBeDefined();
    expect((await publish(name, { other: true })).code).toBe(7207);
  });

  it('change only in the given fields, and null removes a field', async () => {
    const example = { 'order.id': 'o_17' };
    const before = await created({ description: 'First.', schema: ORDER, example });
    const { name } = before;
    const update = async (change: object) =>
      (await responseOf('updateEventType', { name, ...change })).result?.eventType;
    expect(await update({})).toEqual(before);
    expect(await update({ description: 'Second.' })).toEqual({ ...before, description: 'Second.' });
    const { description: _gone, ...undescribed } = before;
    expect(await update({ description: null })).toEqual(undescribed);
    const { schema: _schema, ...open } = undescribed;
    expect(await update({ schema: null })).toEqual(open);
    expect((await publish(name, { anything: 1 })).result).toBeDefined();
    expect(await update({ example: null, schema: { required: ['x'] } })).toEqual({
      name,
      archived: false,
      createdAt: before.createdAt,
      schema: { required: ['x'] },
    });
    expect((await publish(name, { anything: 1 })).code).toBe(7207);
    expect(await read(name)).toMatchObject({ schema: { required: ['x'] } });
  });

  it('keep all of several changes that were made at once', async () => {
    const { name } = await created();
    for (let round = 0; round < 5; round += 1) {
      const [description, example] = [`Round ${round}.`, { round }];
      await Promise.all([
        responseOf('updateEventType', { name, description }),
        responseOf('updateEventType', { name, example }),
        responseOf('updateEventType', { name, archived: round % 2 === 0 }),
      ]);
      expect(await read(name)).toMatchObject({ description, example, archived: round % 2 === 0 });
    }
  });

  it('refuse events while they are archived', async () => {
    const { name } = await created();
    const { result } = await responseOf('archiveEventType', { name });
    expect(result.eventType).toMatchObject({ name, archived: true });
    expect((await responseOf('archiveEventType', { name })).result).toEqual(result);
    expect(await publish(name, {})).toEqual({
      code: 7206,
      error: expect.stringContaining(`type ${name} is archived`),
    });
    await responseOf('updateEventType', { name, archived: false });
    expect((await publish(name, {})).result).toBeDefined();
  });

  it('are found among those of many organizations that publish at once', async () => {
    const createdAt = hub.clock.now();
    const organizations = Array.from({ length: 150 }, (_, n) => `many${n}`);
    const names = Array.from({ length: 100 }, (_, n) => `type.m${n}`);
    const rows = organizations.flatMap((organization) =>
      names.map((name) => ({
        id: `${organization}${name.slice(5)}`,
        organization,
        name,
        archived: true,
        createdAt,
        readers: [],
      })),
    );
    await hub.app.database.insertMany(WebhookEventType, rows);
    // In one turn of the event loop, so that they share the statements that load types.
    const { publish: publishNow } = hub.app.services.webhooks;
    const responses = await Promise.allSettled(
      organizations.map((organizationId, n) =>
        publishNow({ organizationId, type: `type.m${n % 100}`, data: {} }),
      ),
    );
    expect(
      new Set(responses.map((response) => 'reason' in response && response.reason.name)),
    ).toEqual(new Set(['EventTypeArchived']));
  });

  it('are created once by twenty calls at once', async () => {
    const name = newName();
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, i) => create({ name, description: `No. ${i}` })),
    );
    expect(responses.filter(({ result }) => result)).toHaveLength(1);
    expect(responses.filter(({ code }) => code === 7205)).toHaveLength(19);
  });

  it('are listed newest first, archived or not, a page at a time', async () => {
    const organizationId = await anotherOrganization(hub, team);
    for (let n = 0; n < 5; n += 1) {
      await client.createEventType({ organizationId, name: `listed.no${n}` });
      if (n % 2 === 0) await client.archiveEventType({ organizationId, name: `listed.no${n}` });
      hub.clock.advance(1);
    }
    const namesOf = async (filter: object) =>
      (await client.getEventTypes({ organizationId, ...filter })).items.map(({ name }) => name);
    expect(await namesOf({ archived: true })).toEqual(['listed.no4', 'listed.no2', 'listed.no0']);
    expect(await namesOf({ archived: false })).toEqual(['listed.no3', 'listed.no1']);
    const first = await client.getEventTypes({ organizationId, limit: 4 });
    expect(first.items.map(({ name }) => name)).toEqual([4, 3, 2, 1].map((n) => `listed.no${n}`));
    expect(await namesOf({ limit: 4, cursor: first.nextCursor })).toEqual(['listed.no0']);
  });

  describe('with a schema or an example that is not usable', () => {
    const doubling = {
      $ref: '#/$defs/d0',
      $defs: Object.fromEntries(
        Array.from({ length: 41 }, (_, n) => [
          `d${n}`,
          n === 40 ? {} : { allOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
        ]),
      ),
    };

    it.each([
      ['is not a JSON Schema', { schema: { type: 'strange' } }, 7208],
      ['has an invalid pattern', { schema: { pattern: '(' } }, 7208],
      ['is longer than 64 KiB', { schema: { description: 'x'.repeat(65_536) } }, 7208],
      ['refers to another document', { schema: { $ref: 'https://127.0.0.1/schema.json' } }, 7208],
      [
        'has a validator that returns a promise',
        { schema: { $async: true, required: ['a'] } },
        7208,
      ],
      ['takes forever to validate', { schema: doubling, example: {} }, 7207],
      [
        'backtracks forever',
        {
          schema: { properties: { a: { pattern: '^(a+)+$' } } },
          example: { a: `${'a'.repeat(60)}!` },
        },
        7207,
      ],
      ['does not match', { schema: { required: ['id'] }, example: {} }, 7207],
      ['is larger than an event', { example: { text: 'x'.repeat(256 * 1024) } }, 7202],
    ])(
      'because it %s are refused with a message, at little cost, and nothing is stored',
      async (_how, wrong, code) => {
        const name = newName();
        const { name: other } = await created({ description: 'Stays.' });
        for (const [fn, params] of [
          ['createEventType', { name }],
          ['updateEventType', { name: other }],
        ] as const) {
          let body: Json;
          const cpuMs = await cpuMsOf(async () => {
            body = await responseOf(fn, { ...params, ...wrong });
          });
          expect(cpuMs).toBeLessThan(1_000);
          expect(body).toEqual({ code, error: expect.stringMatching(/^The? .*\.$|^This .*\.$/s) });
        }
        expect(await read(name)).toBeUndefined();
        expect(await read(other)).toMatchObject({ name: other, description: 'Stays.' });
        expect(await read(other)).not.toHaveProperty('schema');
      },
    );

    it('do not block the process when data takes forever to validate', async () => {
      const { name } = await created({ schema: { properties: { a: { pattern: '^(a+)+$' } } } });
      const data = { a: `${'a'.repeat(60)}!` };
      let responses: Json[] = [];
      const cpuMs = await cpuMsOf(async () => {
        responses = await Promise.all([
          publish(name, data),
          publish(name, { a: 'aaa' }),
          publish('another.type', {}),
        ]);
      });
      expect(cpuMs).toBeLessThan(1_000);
      expect(responses.map(({ code }) => code)).toEqual([7207, undefined, undefined]);
    });
  });

  describe('in a test', () => {
    it('send their example to that webhook only, whatever its event patterns are', async () => {
      const { organizationId } = team;
      const { receiver, webhookId } = await cases.setup();
      const listening = await cases.setup({ events: ['*'] });
      const example = { 'order.id': 'o_17' };
      const { name: type } = await created({ schema: ORDER, example });
      const sent = await client.testWebhook({ organizationId, webhookId, type });
      await hub.app.services.deliverDue();
      const body = JSON.parse((await receiver.next()).body.toString());
      expect(body).toMatchObject({ type, data: example });
      expect(listening.receiver.requests).toEqual([]);
      const { deliveryId } = sent;
      const { delivery } = await client.getWebhookDelivery({ organizationId, deliveryId });
      expect(delivery).toMatchObject({ eventId: sent.eventId, webhookId, state: 'delivered' });
    });

    it('send a default message without an example, and may have an example of the maximum size', async () => {
      const { organizationId } = team;
      const { receiver, webhookId } = await cases.setup();
      await client.testWebhook({ organizationId, webhookId });
      await hub.app.services.deliverDue();
      const greeting = JSON.parse((await receiver.next()).body.toString());
      expect(greeting).toMatchObject({
        type: 'webhook.test',
        data: { message: expect.stringContaining('test of the webhook') },
      });
      const name = newName();
      const overhead = Buffer.byteLength(
        JSON.stringify({ type: name, timestamp: new Date(0).toISOString(), data: { text: '' } }),
      );
      await created({ name, example: { text: 'x'.repeat(256 * 1024 - overhead) } });
      await client.testWebhook({ organizationId, webhookId, type: name });
      await hub.app.services.deliverDue();
      expect((await receiver.next()).body).toHaveLength(256 * 1024);
    });
  });
});
