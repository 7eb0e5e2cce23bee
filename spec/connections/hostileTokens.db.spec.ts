import { gzipSync } from 'node:zlib';

import {
  client,
  EXPIRED,
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
import {
  as,
  cut,
  flood,
  json,
  redirect,
  type Responder,
  silent,
  type Visit,
} from './hostileProvider.js';

const MIB = 1024 * 1024;
/** Responses that say nothing about the credential. */
const UNUSABLE = (
  [
    [silent, 'The receiver did not respond within 0.5 seconds.'],
    [json({}, { status: 429 }), 'it gave no reason.'],
    [json({}, { status: 503 }), 'it gave no reason.'],
  ] as const
).map(
  ([respond, reason]) =>
    [respond, 7711, `The service Acme sent no usable response: ${reason}`] as const,
);
/** After the first failure of a token endpoint. */
const BACKOFF_MS = 10_000;
const OK = 'HTTP/1.1 200 OK\r\n';

useHostileHub();

describe('a token endpoint that gives no token', () => {
  const huge = (first: string) => flood(`${OK}content-type: ${first}`, 'x').answering;
  const failingResponders: readonly (readonly [string, () => Responder])[] = [
    ['never responds', () => silent],
    ['stops in the middle of its headers', () => cut(`${OK}content-type: applic`)],
    ['stops in the middle of its body', () => cut(`${OK}content-length: 99\r\n\r\n{"access_tok`)],
    ['stops in a chunk', () => cut(`${OK}transfer-encoding: chunked\r\n\r\n50\r\n{"access_tok`)],
    ['is not HTTP', () => cut('SSH-2.0-OpenSSH_9.2\r\n')],
    ['has headers without end', () => flood(OK, 'x-more: and more\r\n').answering],
    ['redirects to itself', () => redirect(`${provider.url}/token`, 302)],
    ['redirects to itself, body and all', () => redirect('/token', 307)],
    ['redirects to a neighbor', () => redirect(`${neighbor.url}/token`, 308)],
    ['redirects to a private address', () => redirect(`${inside.url}/token`, 307)],
    [
      'sends 100 MB of JSON',
      () => huge('application/json\r\n\r\n{"access_token":"acc/canary+0","n":"'),
    ],
    [
      'sends 100 MB of a form',
      () => huge('application/x-www-form-urlencoded\r\n\r\naccess_token=acc/canary+0&n='),
    ],
    [
      'is compressed although that was not requested',
      () => {
        const bomb = gzipSync(JSON.stringify({ access_token: 'x', n: ' '.repeat(50 * MIB) }));
        return ({ response }) => {
          response.writeHead(200, {
            'content-type': 'application/json',
            'content-encoding': 'gzip',
          });
          response.end(bomb);
        };
      },
    ],
    ['sends nothing', () => as('application/json', '')],
    ['sends null', () => json(null)],
    ['sends a list', () => json([{ access_token: 'x' }])],
    ['sends a number', () => json('17')],
    ['sends half of it', () => json('{"access_token":"acc')],
    ['sends a page', () => as('text/html', '<html><body>Please sign in</body></html>')],
    ['sends bytes', () => as('application/octet-stream', Buffer.from([0, 255, 0, 254]))],
    ['sends it as bytes', () => as('application/octet-stream', '{"access_token":"x"}')],
    ['sends it for a prototype', () => json('{"__proto__":{"access_token":"x"}}')],
    ['gives a token with a line break', () => json({ access_token: 'a\r\nx-evil: 1' })],
    ['gives a token with NUL', () => json({ access_token: 'a\0b' })],
    ['gives an unpaired surrogate', () => json({ access_token: 'a\ud800' })],
    ['gives a token of a megabyte', () => json({ access_token: 'a'.repeat(MIB - 100) })],
    ['gives an object for a token', () => json({ access_token: { toString: 'x' } })],
    ['fails with status 200', () => json({ error: 'temporarily_unavailable' })],
    ['fails', () => json({ error: 'server_error' }, { status: 500 })],
    ['has a gateway before it', () => as('text/html', '<h1>Bad gateway</h1>', 502)],
  ];

  it.each(failingResponders)(
    'because it %s, is called once and then left alone',
    async (_, respond) => {
      const made = await makeExpired();
      provider.responders.token = respond();
      const rssBefore = process.memoryUsage.rss();
      for (let call = 1; call <= 3; call += 1) {
        expect(await made.call()).toEqual({ code: 7703, message: EXPIRED });
      }
      expect(process.memoryUsage.rss() - rssBefore).toBeLessThan(200 * MIB);
      expect([provider.countOf('/token'), provider.countOf('/things')]).toEqual([1, 0]);
      expect(await find(made)).toMatchObject({ state: 'connected' });

      delete provider.responders.token;
      hub.clock.advance(BACKOFF_MS);
      expect(await made.call()).toMatchObject({ state: 'succeeded' });
      expect([provider.countOf('/token'), provider.countOf('/things')]).toEqual([2, 1]);
    },
  );

  it('is left alone for longer each time, up to a minute, by calls and loops together', async () => {
    const made = await makeExpired();
    provider.responders.token = json({}, { status: 503 });
    for (const [nth, backoffMs] of [10_000, 20_000, 40_000, 60_000, 60_000].entries()) {
      await made.call();
      await hub.drain();
      expect(provider.countOf('/token')).toBe(nth + 1);
      hub.clock.advance(backoffMs - 5_000);
      await made.call();
      await hub.drain();
      expect(provider.countOf('/token')).toBe(nth + 1);
      hub.clock.advance(5_000);
    }
  });

  it('cannot be used to connect, and leaves no usable connection', async () => {
    for (const [respond, code, message] of [
      ...UNUSABLE,
      [json({}), 7708, 'The service Acme refused the consent: its response has no access token.'],
      [
        json({ error: 'bad_verification_code', error_description: 'Too late.' }),
        ...([7708, 'The service Acme refused the consent: Too late.'] as const),
      ],
    ] as const) {
      const { finish, endUser } = await start();
      provider.responders.token = respond;
      provider.visits.length = 0;
      expect(await finish()).toEqual({ code, message });
      expect(await find({ endUser })).toMatchObject({ state: 'waiting' });
      expect(await finish()).toMatchObject({ code: 7707 });
      expect(provider.visits).toHaveLength(1);
    }
  });

  it('cannot be used with client credentials either, and leaves no row', async () => {
    const credential = { clientId: 'own client', clientSecret: 'own/canary+secret' };
    provider.secrets.add(credential.clientSecret);
    const echo = { error: 'invalid_client', error_description: `Not ${credential.clientSecret}!` };
    for (const [respond, code, message] of [
      ...UNUSABLE,
      [
        redirect(`${neighbor.url}/token`, 307),
        7710,
        'The service Acme refused the credential: it gave no reason.',
      ],
      [
        json({}),
        7710,
        'The service Acme refused the credential: its response has no access token.',
      ],
      [
        json(echo, { status: 401 }),
        7710,
        'The service Acme refused the credential: Not [removed]!.',
      ],
    ] as const) {
      provider.responders.token = respond;
      provider.visits.length = 0;
      const endUser = 'nobody';
      const params = { connector: 'acme', authMethod: 'client', name: 'Ours', endUser, credential };
      expect(await outcomeOf(client().createConnection(params))).toEqual({ code, message });
      expect(await find({ endUser })).toBeUndefined();
      expect(provider.visits).toHaveLength(1);
    }
  });
});

describe('a token endpoint that requests a wait', () => {
  const inTwoMinutes = () => hub.clock.now().getTime() + 120_000;
  const retryHeaders: readonly (readonly [string, () => Record<string, string>])[] = [
    ['in seconds', () => ({ 'retry-after': '120' })],
    ['by a date', () => ({ 'retry-after': new Date(inTwoMinutes() + 500).toUTCString() })],
    ['in seconds since 1970', () => ({ 'x-resets': String(Math.ceil(inTwoMinutes() / 1000)) })],
    ['in milliseconds since 1970', () => ({ 'x-resets-ms': String(inTwoMinutes()) })],
  ];

  it.each(retryHeaders)('%s, is', async (_, headers) => {
    const made = await makeExpired();
    provider.responders.token = ({ response }) => {
      json({ error: 'slow_down' }, { status: 429, headers: headers() })({ response });
    };
    const called = await Promise.all(Array.from({ length: 20 }, () => made.call()));
    expect(called).toEqual(called.map(() => ({ code: 7703, message: EXPIRED })));
    expect(provider.countOf('/token')).toBe(1);
    delete provider.responders.token;
    hub.clock.advance(100_000);
    expect(await made.call()).toMatchObject({ code: 7703 });
    expect(await hub.drain()).toBeGreaterThanOrEqual(0);
    expect(provider.countOf('/token')).toBe(1);
    hub.clock.advance(22_000);
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    expect(provider.countOf('/token')).toBe(2);
  });

  it('without a time, is for a minute', async () => {
    const made = await makeExpired();
    provider.responders.token = json({}, { status: 429 });
    await made.call();
    hub.clock.advance(50_000);
    await made.call();
    expect(provider.countOf('/token')).toBe(1);
    delete provider.responders.token;
    hub.clock.advance(10_000);
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
  });

  it('is called despite it for a user who reconnects', async () => {
    const made = await makeExpired();
    provider.responders.token = json({}, { status: 429, headers: { 'retry-after': '86400' } });
    await made.call();
    delete provider.responders.token;
    const { url } = await client().reconnectConnection({ connectionId: made.id, browser: false });
    const state = new URL(url ?? '').searchParams.get('state') ?? '';
    await client().finishConnection({ state, code: 'code/canary+2' });
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    hub.clock.advance(2 * HOUR);
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
  });
});

describe('a token endpoint that differs from the standard', () => {
  it.each([
    ['omits it', undefined, undefined],
    ['sends it as text', '3600', 3600],
    ['sends a word', 'soon', undefined],
    ['sends null', null, undefined],
    ['sends an object', {}, undefined],
    ['sends zero', 0, undefined],
    ['sends a negative time', -3600, undefined],
    ['sends more than dates can hold', 1e300, 10 * 365 * 86_400],
    ['sends infinity', '1e999', undefined],
    ['sends a fraction of a second', 0.25, 0.25],
  ])('about how long a token lives: it %s', async (_, expiresIn, seconds) => {
    provider.grants = { expires_in: expiresIn };
    const before = hub.clock.now().getTime();
    const made = await make();
    const { expiresAt } = await find(made);
    if (seconds === undefined) expect(expiresAt).toBeUndefined();
    else {
      const lifeMs = Date.parse(expiresAt) - before;
      expect(lifeMs).toBeGreaterThanOrEqual(seconds * 1000);
      expect(lifeMs).toBeLessThan(seconds * 1000 + 20_000);
    }
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
  });

  it('is called at most once for each call, however short its tokens live', async () => {
    provider.grants = { expires_in: 0.001 };
    const made = await make();
    const called = await Promise.all(Array.from({ length: 20 }, () => made.call()));
    expect(called.map(({ state }) => state)).toEqual(called.map(() => 'succeeded'));
    expect(provider.countOf('/token')).toBeLessThanOrEqual(20);
    provider.visits.length = 0;
    await hub.drain();
    expect(provider.countOf('/token')).toBe(0);
  });

  it('lets a connector define how long they live', async () => {
    provider.grants = { expires_in: undefined };
    const made = await makeExpired('hourly');
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    expect(provider.countOf('/token')).toBe(1);
  });

  it('puts them in envelopes, under other names', async () => {
    const enveloped = ({ response }: Visit) => {
      const { access_token: accessToken, refresh_token: refreshToken } = provider.grant();
      json({ ok: true, data: [{ accessToken, refreshToken, ttl: 60 }] })({ response });
    };
    provider.responders.token = enveloped;
    const made = await makeExpired('enveloped');
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    expect(provider.countOf('/token')).toBe(1);
    hub.clock.advance(HOUR);
    provider.responders.token = json({ ok: false, why: 'token_revoked', message: 'Gone' });
    expect(await made.call()).toMatchObject({ code: 7703 });
    expect(await find(made)).toMatchObject({
      state: 'reconnect',
      problem: 'The service refused to renew the token: Gone',
    });
  });

  it('writes them as a form, and scopes with commas', async () => {
    provider.responders.token = ({ response }) => {
      const { access_token, refresh_token } = provider.grant() as Record<string, string>;
      const form = { access_token, refresh_token, expires_in: '3600', scope: 'read,write' };
      as(
        'application/x-www-form-urlencoded',
        new URLSearchParams(form as never).toString(),
      )({
        response,
      });
    };
    const made = await makeExpired();
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    expect((await find(made)).grantedScopes).toEqual(['read', 'write']);
  });

  it('grants scopes that no database can store', async () => {
    provider.grants = { scope: 'read a\0b \ud800' };
    const made = await make();
    expect((await find(made)).grantedScopes).toEqual(['read', 'a\ufffdb', '\ufffd']);
  });

  it('accepts each refresh token once, or continues with the first', async () => {
    const made = await makeExpired();
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    hub.clock.advance(2 * HOUR);
    provider.grants = { refresh_token: undefined };
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    const [, last] = provider.visits
      .filter(({ path }) => path === '/token')
      .map(({ body }) => new URLSearchParams(body).get('refresh_token') ?? '');
    provider.refreshTokens.add(last ?? '');
    hub.clock.advance(2 * HOUR);
    expect(await made.call()).toMatchObject({ state: 'succeeded' });
    expect(provider.countOf('/token')).toBe(3);
  });
});
