import type { Json } from '../support/hub.js';
import {
  client,
  find,
  HOUR,
  hub,
  inside,
  make,
  makeExpired,
  neighbor,
  outcomeOf,
  provider,
  start,
  useHostileHub,
} from './hostileHub.js';
import { as, cut, flood, json, redirect, type Responder, silent } from './hostileProvider.js';

const MIB = 1024 * 1024;
const OK = 'HTTP/1.1 200 OK\r\n';

useHostileHub();

async function eventsOf(type: string): Promise<Json[]> {
  const { items } = await client().getEvents({ type, limit: 100 });
  const found = await Promise.all(items.map(({ id }) => client().getEvent({ eventId: id })));
  return found.map(({ event }) => JSON.parse(event.body));
}

describe('a token endpoint that refuses for good', () => {
  const log = () => hub.logLines.map((line): Json => JSON.parse(line));

  it.each([
    ['as the standard says', json({ error: 'invalid_grant' }, { status: 400 }), 'invalid_grant'],
    ['with 200', json({ error: 'token_revoked', message: 'Gone.' }), 'Gone'],
  ])(
    '%s, is not called again, and a user has to reconnect',
    async (_, respond, expectedMessage) => {
      const made = await makeExpired();
      provider.responders.token = respond;
      const linesBefore = hub.logLines.length;
      const message = `The connection cannot be used now. Its state is reconnect: The service refused to renew the token: ${expectedMessage}.`;
      const called = await Promise.all(Array.from({ length: 20 }, () => made.call()));
      expect(called).toEqual(called.map(() => ({ code: 7703, message })));
      expect(await made.call()).toEqual({ code: 7703, message });
      await hub.drain();
      expect(provider.visits).toHaveLength(1);
      const connection = await find(made);
      expect(connection).toMatchObject({
        state: 'reconnect',
        problem: `The service refused to renew the token: ${expectedMessage}`,
      });
      const { items } = await client().getOrganizations();
      expect(log().slice(linesBefore)).toContainEqual(
        expect.objectContaining({
          level: 'warn',
          event: 'connection.reconnectNeeded',
          connector: 'acme',
          connectionId: made.id,
          organizationId: items[0]?.id,
        }),
      );
    },
  );

  it('is reported to the webhooks of the organization, once', async () => {
    const made = await makeExpired();
    provider.responders.token = json({ error: 'invalid_grant' }, { status: 400 });
    await Promise.all(Array.from({ length: 20 }, () => made.call()));
    await Promise.all([hub.drain(), hub.drain()]);
    await hub.drain();
    const event = { connectionId: made.id, endUser: made.endUser, connector: 'acme', name: 'Ours' };
    const bodies = (await eventsOf('hub.connection.reconnectNeeded')).map((body) => body.data);
    expect(bodies.filter(({ connectionId }) => connectionId === made.id)).toEqual([
      { ...event, problem: 'The service refused to renew the token: invalid_grant' },
    ]);
  });

  it('is reported again when it was reconnected in between', async () => {
    const made = await makeExpired();
    const lose = async () => {
      provider.responders.token = json({ error: 'invalid_grant' }, { status: 400 });
      await made.call();
      await hub.drain();
      delete provider.responders.token;
      const bodies = await eventsOf('hub.connection.reconnectNeeded');
      return bodies.filter(({ data }) => data.connectionId === made.id).length;
    };
    expect(await lose()).toBe(1);
    const params = { connectionId: made.id, browser: false };
    const { url } = await client().reconnectConnection(params);
    const state = new URL(url ?? '').searchParams.get('state') ?? '';
    await client().finishConnection({ state, code: 'code/canary+3' });
    hub.clock.advance(2 * HOUR);
    provider.accepted.clear();
    expect(await lose()).toBe(2);
  });

  it('leaks no secret, however it writes it', async () => {
    const made = await makeExpired();
    provider.responders.token = ({ body, response }) => {
      const form = new URLSearchParams(body);
      const sent = [form.get('refresh_token'), form.get('client_secret')].join(' and ');
      const description = `${sent}; ${encodeURIComponent(sent)}; ${body}; ${`${sent} `.repeat(20)}`;
      const text = JSON.stringify({ error: 'invalid_grant', error_description: description });
      json(text.replaceAll('/', String.raw`\/`), { status: 400 })({ response });
    };
    const { message } = await made.call();
    expect(message).toContain(
      'The service refused to renew the token: [removed] and [removed]; [removed]',
    );
    expect((await find(made)).problem).toContain('[removed]');
  });

  it('in text that no database can store, is understood', async () => {
    const made = await makeExpired();
    provider.responders.token = json(
      '{"error":"invalid_grant","error_description":"a\\u0000b\\ud800c\\r\\nd\\u2028e"}',
      { status: 400 },
    );
    await made.call();
    expect(await find(made)).toMatchObject({
      state: 'reconnect',
      problem: 'The service refused to renew the token: a b\ufffdc d\u2028e',
    });
  });
});

describe('a service that refuses every token', () => {
  it('is called for another once, however many calls there are', async () => {
    const made = await make();
    provider.responders.things = json({ error: { message: 'No' } }, { status: 401 });
    const first = await Promise.all(Array.from({ length: 20 }, () => made.call()));
    for (let call = 1; call <= 5; call += 1) first.push(await made.call());
    for (const { code, message } of first) {
      expect([code, message]).toEqual([
        8010,
        expect.stringMatching(
          /^The service Acme did not accept the credential of the connection: No\. Execution \w+\.$/,
        ),
      ]);
    }
    expect(provider.countOf('/token')).toBe(1);
    // The first ones are sent once more with the new token, the others are not.
    expect(provider.countOf('/things')).toBeLessThanOrEqual(45);
    expect(await find(made)).toMatchObject({ state: 'connected' });

    hub.clock.advance(61_000);
    delete provider.responders.things;
    provider.accepted.clear();
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    expect(provider.countOf('/token')).toBe(2);
  });

  it('is left alone when it returns the old token again', async () => {
    const made = await make();
    const [old = ''] = provider.accepted;
    provider.accepted.clear();
    provider.grants = { access_token: old };
    for (let call = 1; call <= 3; call += 1)
      expect(await made.call()).toMatchObject({ code: 8010 });
    expect([provider.countOf('/token'), provider.countOf('/things')]).toEqual([1, 4]);
  });

  it('is believed when the credential is a key', async () => {
    provider.accepted.add('key_canary7f3c');
    provider.secrets.add('key_canary7f3c');
    const endUser = 'with a key';
    const { connection } = await client().createConnection({
      connector: 'acme',
      authMethod: 'key',
      name: 'Ours',
      endUser,
      credential: { token: 'key_canary7f3c' },
    });
    const { integration } = await client().createIntegration({
      name: 'Made',
      connector: 'acme',
      connectionId: connection.id,
    });
    provider.accepted.clear();
    provider.visits.length = 0;
    const call = () =>
      outcomeOf(
        client().executeIntegration({
          integrationId: integration.id,
          action: 'getThing',
          input: { id: 't1' },
        }),
      );
    expect(await call()).toMatchObject({
      code: 8010,
      message: expect.stringContaining('No good: [removed]. Execution'),
    });
    expect(await call()).toMatchObject({ code: 7703 });
    expect(provider.visits).toHaveLength(1);
    expect(await find({ endUser })).toMatchObject({ state: 'reconnect' });
  });
});

describe('a service whose responses are not valid', () => {
  const failures: readonly (readonly [string, () => Responder, number, string])[] = [
    ['never comes', () => silent, 8015, 'The receiver did not respond within 1 seconds'],
    [
      'stops in its headers',
      () => cut(`${OK}content-type: applic`),
      ...([8015, 'The receiver closed the connection without a response'] as const),
    ],
    [
      'stops in its body',
      () => cut(`${OK}content-length: 99\r\n\r\n{"id":`),
      ...([8015, 'The receiver closed the connection in the middle of its response'] as const),
    ],
    [
      'has headers without end',
      () => flood(OK, 'x-more: and more\r\n').answering,
      ...([8015, 'The headers of the response are longer than 16 KiB'] as const),
    ],
    [
      'leads to itself',
      () => redirect(`${provider.url}/things/t1`, 302),
      ...([8014, 'it responded with status 302'] as const),
    ],
    [
      'leads to a neighbor',
      () => redirect(`${neighbor.url}/things`, 307),
      ...([8014, 'it responded with status 307'] as const),
    ],
    [
      'leads inside',
      () => redirect(`${inside.url}/things`, 301),
      ...([8014, 'it responded with status 301'] as const),
    ],
    [
      'has 100 MB',
      () => flood(`${OK}content-type: application/json\r\n\r\n{"id":"`, 'x').answering,
      ...([8014, 'The response is larger than 10485760 bytes'] as const),
    ],
  ];

  it.each(failures)(
    'because it %s, fails with a message',
    async (_, respond, code, expectedMessage) => {
      const made = await make();
      provider.responders.things = respond();
      const rssBefore = process.memoryUsage.rss();
      const outcome = await made.call();
      expect([outcome.code, outcome.message]).toEqual([
        code,
        expect.stringContaining(expectedMessage),
      ]);
      expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(300 * MIB);
      expect([provider.countOf('/token'), provider.countOf('/things')]).toEqual([0, 1]);
      expect(await find(made)).toMatchObject({ state: 'connected' });
    },
  );

  it('is not read beyond the limit', async () => {
    const made = await make();
    const { sent, answering: respond } = flood(`${OK}\r\n`, 'x');
    provider.responders.things = respond;
    expect(await made.call()).toMatchObject({ code: 8014 });
    // Data that the machine buffers between two sockets comes on top.
    expect(sent.bytes).toBeLessThan(40 * MIB);
  });

  const outputs: readonly (readonly [string, () => Responder, unknown])[] = [
    ['half JSON', () => json('{"id":'), '{"id":'],
    ['a page', () => as('text/html', '<p>'), '<p>'],
    [
      'bytes',
      () => as('application/x-what', Buffer.from([0, 255])),
      { base64: 'AP8=', contentType: 'application/x-what' },
    ],
    ['nothing', () => as('', ''), null],
    ['NUL', () => json('{"id":"a\\u0000b"}'), { id: 'a\0b' }],
    ['an unpaired surrogate', () => json('{"id":"a\\ud800"}'), { id: 'a\ud800' }],
  ];

  it.each(outputs)('is returned as it came: %s', async (_, respond, output) => {
    const made = await make();
    provider.responders.things = respond();
    const outcome = await made.call();
    expect(outcome).toMatchObject({ state: 'succeeded' });
    expect(outcome.output).toEqual(output);
  });

  it('changes no prototype', async () => {
    const made = await make();
    provider.responders.things = json(
      '{"id":"t1","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    );
    expect(await made.call()).toMatchObject({ state: 'succeeded', output: { id: 't1' } });
    expect(({} as Json).polluted).toBeUndefined();
  });

  it('causes no failure, however deep', async () => {
    const made = await make();
    provider.responders.things = json(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    const { state, output } = await made.call();
    expect([state, typeof output, output.length]).toEqual(['succeeded', 'string', 200_000]);
  });

  it('is returned without the credential that it repeats, however it writes it', async () => {
    const made = await make();
    provider.responders.things = ({ headers, response }) => {
      const token = (headers.authorization ?? '').replace('Bearer ', '');
      const body = { id: token, quoted: `"${token}"`, encoded: encodeURIComponent(token) };
      json(JSON.stringify(body).replaceAll('/', String.raw`\/`))({ response });
    };
    expect(await made.call()).toMatchObject({
      output: { id: '[removed]', quoted: '"[removed]"', encoded: '[removed]' },
    });
  });

  it('returns the account in text that a database can store', async () => {
    provider.responders.me = json('{"id":"a\\u0000b","name":"\\ud800"}');
    const started = await start();
    expect(await started.finish()).toMatchObject({ connection: { state: 'connected' } });
    expect((await find(started)).identity).toEqual({ id: 'a\ufffdb', name: '\ufffd' });
  });

  it('repeats a token that it is to revoke, and no caller reads it', async () => {
    const { id } = await make();
    provider.responders.revoke = ({ body, response }) => {
      const token = new URLSearchParams(body).get('token') ?? '';
      json({ error: { message: `What is ${token}?` } }, { status: 400 })({ response });
    };
    await client().disconnectConnection({ connectionId: id });
    expect(hub.logLines.filter((text) => text.includes('connection.revokeFailed'))).toContainEqual(
      expect.stringContaining('What is [removed]?'),
    );
  });
});
