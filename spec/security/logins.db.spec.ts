import { request } from 'node:http';

import { UsageMeter } from '../../schemas/index.js';
import { ClientParse } from '../support/clientSdk.js';
import { createHubStore, type Json, master, startHub, type TestHub } from '../support/hub.js';
import type { ClearableStore } from '../support/store.js';

const RULES = {
  perAccount: { freeAttempts: 3, firstWaitMs: 10_000, longestWaitMs: 60_000 },
  perAddress: { freeAttempts: 8, firstWaitMs: 60_000 },
  signUpsPerHour: 12,
  emailsPerHour: 2,
};
const PASSWORD = 'a-long-Passphrase-1';
const sent: string[] = [];
const mail = {
  sendMail: () => Promise.resolve(),
  sendVerificationEmail: () => Promise.resolve(),
  sendPasswordResetEmail: ({ user }: { user: { get(name: string): string } }) => {
    sent.push(user.get('email'));
    return Promise.resolve();
  },
};

let store: ClearableStore;
let hub: TestHub;
let other: TestHub;
beforeAll(async () => {
  store = await createHubStore();
  const host = { appName: 'spec', emailAdapter: mail, publicServerURL: 'http://localhost/parse' };
  hub = await startHub({ store, host, hub: { bruteForce: RULES, trustProxy: 1 } });
  const { clock } = hub;
  other = await startHub({
    store,
    host,
    seams: { clock },
    hub: { bruteForce: RULES, foreignBearers: 'pass' },
  });
});
afterAll(async () => {
  await other.stop();
  await hub.stop();
  await store.drop();
});

interface Reply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Json;
}
interface Wish {
  readonly from?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly at?: TestHub;
}

/** A request as any program sends it, from an address of this machine. */
function send(path: string, body: unknown, wish: Wish = {}): Promise<Reply> {
  const { from = '127.0.0.2', method = 'POST', headers = {}, at = hub } = wish;
  return new Promise((resolve, reject) => {
    const all = {
      'x-parse-application-id': at.appId,
      'content-type': 'application/json',
      ...headers,
    };
    const options = { method, localAddress: from, headers: all, agent: false };
    const sending = request(`${at.url}/parse${path}`, options, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (part: string) => (text += part));
      res.on('end', () => {
        const { statusCode: status = 0, headers: got } = res;
        const json = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
        resolve({ status, retryAfter: got['retry-after'], body: json });
      });
    });
    sending.on('error', reject);
    sending.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
const logIn = (username: string, password: string, wish?: Wish) =>
  send('/login', { username, password }, wish);
const count = (replies: readonly Reply[], status: number) =>
  replies.filter((reply) => reply.status === status).length;
const forgotten = () => {
  hub.clock.advance(25 * 3_600_000);
};
const wrongTimes = async (times: number, name: string, wish?: Wish) => {
  for (let nth = 0; nth < times; nth += 1)
    expect([nth, (await logIn(name, 'wrong', wish)).body]).toEqual([nth, WRONG]);
};
const WRONG = { code: 101, error: 'Invalid username/password.' };

beforeEach(forgotten);

describe('the password of an account at Parse Server', () => {
  it('has few attempts, in the same count by user name and by e-mail address, at every path and method', async () => {
    const { username } = await hub.signUp();
    const email = `${username}@example.com`;
    const tries: (() => Promise<Reply>)[] = [
      () => logIn(username, 'wrong', { from: '127.0.0.3' }),
      () => send('/login/', { email, password: 'wrong' }, { from: '127.0.0.4' }),
      () => logIn(email, 'wrong', { from: '127.0.0.5' }),
    ];
    for (const attempt of tries) expect((await attempt()).body.code).toBe(101);
    const query = `username=${username}&password=${PASSWORD}`;
    const refused = await Promise.all([
      logIn(username, PASSWORD, { from: '127.0.0.6' }),
      send('//login', { username: email, password: PASSWORD }),
      send('/LOGIN', { email, username, password: PASSWORD }),
      send(`/login?${query}`, undefined, { method: 'GET' }),
      send(`/login?${query}`, undefined, { method: 'HEAD' }),
      send('/login', { _method: 'GET', username, password: PASSWORD }),
      send(`/login?email=${email}&password=${PASSWORD}`, { username: 'nobody', password: 'x' }),
      send('/verifyPassword', { username, password: PASSWORD }),
      send('/challenge', { username, password: PASSWORD, challengeData: { mfa: {} } }),
      logIn(username, PASSWORD, { at: other }),
    ]);
    // Of two names in one request, that of the account whose password Parse Server compares.
    for (const [nth, reply] of refused.entries())
      expect([nth, reply.status, reply.retryAfter]).toEqual([nth, 429, '10']);
    expect(refused[0]?.body).toEqual({
      code: 8301,
      error: 'There were too many failed attempts. Try again in 10 seconds.',
    });
    hub.clock.advance(10_000);
    expect((await logIn(email, PASSWORD)).status).toBe(200);
  });

  it('is refused to the SDK with a code', async () => {
    const { username } = await hub.signUp();
    await wrongTimes(3, username);
    const { username: another } = await hub.signUp();
    expect((await logIn(another, PASSWORD)).status).toBe(200);
    hub.as(undefined);
    await expect(ClientParse.User.logIn(username, PASSWORD)).rejects.toMatchObject({ code: 8301 });
  });

  it('waits the same when nobody has the name', async () => {
    const { username } = await hub.signUp();
    const replies = [];
    for (const name of [username, 'nobody-at-all']) {
      const of = [];
      for (let nth = 0; nth < 5; nth += 1) of.push(await logIn(name, 'wrong'));
      replies.push(of);
      hub.clock.advance(25 * 3_600_000);
    }
    expect(replies[0]).toEqual(replies[1]);
    expect(replies[0]?.map(({ status }) => status)).toEqual([404, 404, 404, 429, 429]);
  });

  it('is tested exactly as often as allowed by 20 attempts at once, in two processes', async () => {
    const { username } = await hub.signUp();
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        logIn(nth % 2 ? username : `${username}@example.com`, 'wrong', {
          at: nth % 3 ? hub : other,
          from: `127.0.1.${String(nth + 1)}`,
        }),
      ),
    );
    expect([count(replies, 404), count(replies, 429)]).toEqual([3, 17]);
    expect((await logIn(username, PASSWORD)).status).toBe(429);
  });

  it('keeps working on a device where the user has logged in before, which is counted alone', async () => {
    const { username } = await hub.signUp();
    const headers = { 'x-parse-installation-id': 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' };
    expect((await logIn(username, PASSWORD, { headers })).status).toBe(200);
    await wrongTimes(3, username, { from: '127.0.0.9' });
    expect((await logIn(username, PASSWORD)).status).toBe(429);
    const elsewhere = { 'x-parse-installation-id': 'f81d4fae-7dec-11d0-a765-00a0c91e6bf7' };
    expect((await logIn(username, PASSWORD, { headers: elsewhere })).status).toBe(429);
    expect((await logIn(username, PASSWORD, { headers, at: other })).status).toBe(200);
    // In the body, as the SDKs send it.
    const inBody = {
      _ApplicationId: hub.appId,
      _InstallationId: headers['x-parse-installation-id'],
      username: `${username}@example.com`,
      password: PASSWORD,
    };
    const noId = { 'x-parse-application-id': '', 'content-type': 'text/plain' };
    expect((await send('/login', inBody, { headers: noId })).status).toBe(200);
    await wrongTimes(3, username, { headers });
    expect((await logIn(username, PASSWORD, { headers })).status).toBe(429);
    // Not the device of another account.
    const second = await hub.signUp();
    await wrongTimes(3, second.username, { from: '127.0.0.9' });
    expect((await logIn(second.username, PASSWORD, { headers })).status).toBe(429);
    // A guessable id makes no device known.
    const short = { 'x-parse-installation-id': 'phone' };
    hub.clock.advance(60_000);
    expect((await logIn(second.username, PASSWORD, { headers: short })).status).toBe(200);
    await wrongTimes(1, second.username);
    expect((await logIn(second.username, PASSWORD, { headers: short })).status).toBe(429);
    hub.clock.advance(181 * 86_400_000);
    await wrongTimes(3, username);
    expect((await logIn(username, PASSWORD, { headers })).status).toBe(429);
  });

  it('cannot be tested in a batch, in which users can be created', async () => {
    const { username } = await hub.signUp();
    const batch = (path: string, body: object) =>
      send('/batch', { requests: [{ method: 'POST', path, body }] });
    for (const path of [
      '/parse/login',
      '/parse//login',
      '/parse/verifyPassword',
      '/parse/Login/',
    ]) {
      const reply = await batch(path, { username, password: PASSWORD });
      expect([path, reply.status, reply.body.code]).toEqual([path, 400, 8303]);
    }
    const made = await batch('/parse/users', { username: 'in-a-batch', password: PASSWORD });
    expect(made.body[0]?.success?.objectId).toEqual(expect.any(String));
  });

  it('is not counted with the master key, and not where a session is used', async () => {
    const { username, sessionToken } = await hub.signUp();
    await wrongTimes(3, username);
    const query = `/login?username=${username}&password=`;
    const headers = { 'x-parse-master-key': 'master-key-of-the-spec' };
    const local = { method: 'GET', headers, from: '127.0.0.1' };
    expect((await send(`${query}${PASSWORD}`, undefined, local)).status).toBe(200);
    for (let nth = 0; nth < 10; nth += 1)
      expect((await send(`${query}wrong`, undefined, local)).status).toBe(404);
    expect((await hub.rest('GET', '/users/me', { sessionToken })).status).toBe(200);
  });
});

describe('one network', () => {
  it('has few wrong passwords for all accounts together, by the address that the trusted proxy reports', async () => {
    const { username } = await hub.signUp();
    const from = (forwarded: string): Wish => ({ headers: { 'x-forwarded-for': forwarded } });
    for (let nth = 0; nth < 8; nth += 1) {
      const forged = `203.0.113.${String(nth)}, 198.51.100.7:${String(5000 + nth)}`;
      await wrongTimes(1, `spray-${String(nth)}`, from(forged));
    }
    expect((await logIn(username, PASSWORD, from('"198.51.100.7"'))).retryAfter).toBe('60');
    expect((await logIn(username, PASSWORD, from('198.51.100.7, 198.51.100.8:443'))).status).toBe(
      200,
    );
    // The other process trusts no proxy: the header is the sender's own claim.
    const claim = { ...from('198.51.100.7'), at: other };
    expect((await logIn(username, PASSWORD, claim)).status).toBe(200);
  });

  it('creates a limited number of users in an hour, by any path', async () => {
    const wish = { from: '127.0.0.20' };
    const make = (nth: number) => {
      const body = { username: `made-${String(nth)}`, password: PASSWORD };
      return send(nth % 2 ? '/users' : '/classes/_User', body, wish);
    };
    const replies = await Promise.all(Array.from({ length: 20 }, (_, nth) => make(nth)));
    expect([count(replies, 201), count(replies, 429)]).toEqual([12, 8]);
    expect(replies.find(({ status }) => status === 429)).toMatchObject({
      retryAfter: '300',
      body: { code: 8302 },
    });
    expect(
      (await send('/users', { username: 'x', password: 'y' }, { from: '127.0.0.21' })).status,
    ).toBe(201);
    hub.clock.advance(300_000);
    expect((await make(21)).status).toBe(201);
  });

  it('has few e-mails sent to one address, whether or not a user has it', async () => {
    const { username } = await hub.signUp();
    const ask = (email: string, nth: number) =>
      send('/requestPasswordReset', { email }, { from: `127.0.2.${String(nth + 1)}` });
    for (const email of [`${username}@example.com`, 'nobody@example.com']) {
      const replies = [];
      for (let nth = 0; nth < 4; nth += 1) replies.push(await ask(email, nth));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    }
    expect(sent.length).toBe(2);
  });
});

it('stores and logs no name, e-mail address, password or address of who logged in', async () => {
  const { username } = await hub.signUp();
  await wrongTimes(3, username, { from: '127.0.0.77' });
  await logIn(username, PASSWORD, { from: '127.0.0.77' });
  const { body } = await hub.rest('GET', `/classes/${UsageMeter.name}?limit=1000`, master);
  const text = JSON.stringify(body.results);
  for (const secret of [username, PASSWORD, '127.0.0.77']) expect(text).not.toContain(secret);
  const lines = hub.logLines.join('\n');
  for (const secret of [username, PASSWORD]) expect(lines).not.toContain(secret);
});

it('is refused with the bearer token of another issuer, unless the host checks such tokens itself', async () => {
  const { username } = await hub.signUp();
  const headers = { authorization: 'Bearer of.another.issuer' };
  const statuses = [];
  for (const at of [hub, other]) {
    statuses.push((await logIn(username, PASSWORD, { from: '127.0.0.78', headers, at })).status);
  }
  expect(statuses).toEqual([401, 200]);
});
