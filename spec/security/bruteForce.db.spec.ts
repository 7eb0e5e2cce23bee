import { request } from 'node:http';

import { jest } from '@jest/globals';

import { UsageMeter } from '../../schemas/index.js';
import { generateKey } from '../../src/apiKeys/secret.js';
import type { SecretAttempt } from '../../src/security/index.js';
import { type KeySetting, startKeys } from '../apiKeys/setting.js';
import { type Json, master, startHub, type TestHub } from '../support/hub.js';
import { createStore, type Store } from '../support/store.js';

const RULES = {
  perAccount: { freeAttempts: 3, firstWaitMs: 10_000, longestWaitMs: 15_000 },
  perAddress: { freeAttempts: 8, firstWaitMs: 60_000 },
};

let store: Store;
let keys: KeySetting;
let other: TestHub;
beforeAll(async () => {
  store = await createStore();
  keys = await startKeys({ store, hub: { bruteForce: RULES } });
  const { clock } = keys.hub;
  other = await startHub({ store, seams: { clock }, hub: { bruteForce: RULES } });
});
afterAll(async () => {
  await other.stop();
  await keys.hub.stop();
  await store.drop();
});

const HOUR_MS = 3_600_000;
const forgotten = () => {
  keys.hub.clock.advance(25 * HOUR_MS);
};
const wrong = () => generateKey('hub', 'live');

interface ApiResponse {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: Json;
}

/** A call from an address of this machine. */
function callFrom(
  localAddress: string,
  key: string,
  hub: TestHub = keys.hub,
): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const url = `${hub.url}/parse/functions/getWebhooks`;
    const sent = request(url, { method: 'POST', localAddress, headers, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (part: string) => (text += part));
      res.on('end', () => {
        const { statusCode: status = 0, headers: got } = res;
        resolve({ status, retryAfter: got['retry-after'], body: JSON.parse(text) });
      });
    });
    sent.on('error', reject);
    sent.end('{}');
  });
}
const count = (statuses: readonly number[], status: number) =>
  statuses.filter((each) => each === status).length;
const meters = async () =>
  (await keys.hub.rest('GET', '/classes/UsageMeter?limit=1000', master)).body.results as {
    key: string;
    state: string;
  }[];

describe('brute-force protection of API keys', () => {
  beforeEach(forgotten);

  it('allows the free attempts, then returns 429 with Retry-After', async () => {
    for (let nth = 0; nth < 8; nth += 1) {
      expect((await callFrom('127.0.0.2', wrong())).status).toBe(401);
    }
    const refused = await callFrom('127.0.0.2', wrong());
    expect(refused).toEqual({
      status: 429,
      retryAfter: '60',
      body: {
        code: 8301,
        error: 'There were too many failed attempts. Try again in 60 seconds.',
      },
    });
    keys.hub.clock.advance(60_000);
    expect((await callFrom('127.0.0.2', wrong())).status).toBe(401);
    // The wait has doubled.
    expect(await callFrom('127.0.0.2', wrong())).toMatchObject({ status: 429, retryAfter: '120' });
    expect(
      keys.hub.logLines.filter((line) => line.includes('security.bruteForceDetected')),
    ).toHaveLength(1);
  });

  it('counts exactly across processes, with 20 concurrent attempts', async () => {
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        callFrom('127.0.0.3', wrong(), nth % 2 === 0 ? keys.hub : other),
      ),
    );
    const statuses = responses.map(({ status }) => status);
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([8, 12]);
  });

  it('does not stop a valid key at another address, or one that has worked before at the same', async () => {
    const [{ key }, { key: unused }] = [await keys.make(), await keys.make()];
    expect(await callFrom('127.0.0.4', key)).toMatchObject({ status: 200 });
    for (let nth = 0; nth < 9; nth += 1) await callFrom('127.0.0.4', wrong());
    expect((await callFrom('127.0.0.5', key)).status).toBe(200);
    // No longer cached: it is read again.
    keys.hub.clock.advance(1_000);
    expect(await callFrom('127.0.0.4', key)).toMatchObject({ status: 200 });
    // A key that has not worked before waits, right or wrong.
    const [right, not] = [
      await callFrom('127.0.0.4', unused),
      await callFrom('127.0.0.4', wrong()),
    ];
    expect(right.status).toBe(429);
    expect(right).toEqual(not);
    expect((await callFrom('127.0.0.5', unused)).status).toBe(200);
  });

  it('does not use the database when the checksum is wrong', async () => {
    const before = await meters();
    const mistyped = `${wrong().slice(0, -1)}_`;
    const statuses: number[] = [];
    for (let nth = 0; nth < 9; nth += 1) {
      statuses.push((await callFrom('127.0.0.6', mistyped)).status);
    }
    expect([count(statuses, 401), count(statuses, 429)]).toEqual([8, 1]);
    expect(await meters()).toEqual(before);
    // Mistyped keys block no valid key.
    const { key } = await keys.make();
    expect((await callFrom('127.0.0.6', key)).status).toBe(200);
  });

  it('costs a valid key nothing', async () => {
    const { key } = await keys.make();
    const { database } = keys.hub.app;
    const spies = (['loadMany', 'change', 'insertMany'] as const).map((name) =>
      jest.spyOn(database, name),
    );
    const first = await callFrom('127.0.0.7', key);
    const again = await callFrom('127.0.0.7', key);
    const queried = spies.flatMap(({ mock }) => mock.calls.map(([cls]) => cls.name));
    spies.forEach((spy) => {
      spy.mockRestore();
    });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(queried).not.toContain(UsageMeter.name);
  });

  it('stores neither addresses nor keys in the rows or the log', async () => {
    const key = wrong();
    for (let nth = 0; nth < 9; nth += 1) await callFrom('127.0.0.8', key);
    const rows = JSON.stringify(await meters());
    expect(rows).toContain('bruteForce:apiKey:address:');
    expect(rows).not.toContain('127.0.0.8');
    expect(rows + keys.hub.logLines.join('')).not.toContain(key.slice(9));
  });
});

describe('brute-force protection of passwords', () => {
  const right = 'right';
  const attempt = (attempted: Partial<SecretAttempt>, secret: string, hub = keys.hub) =>
    hub.app.services.bruteForce
      .attempt({ what: 'password', address: undefined, ...attempted }, async () =>
        secret === right ? 'somebody' : undefined,
      )
      .then(
        (found) => found ?? 'wrong',
        (error: Error) => error.message,
      );
  const WAIT = 'There were too many failed attempts. Try again in 10 seconds.';
  beforeEach(forgotten);

  it('counts by account from any address, exactly, with 20 concurrent attempts in two processes', async () => {
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        attempt(
          { account: 'a', address: `192.0.2.${String(nth)}` },
          'wrong',
          nth % 2 === 0 ? keys.hub : other,
        ),
      ),
    );
    expect(responses.filter((each) => each === 'wrong')).toHaveLength(3);
    // Not even the right one is distinguished from the others now.
    expect(await attempt({ account: 'a' }, right)).toBe(WAIT);
    expect(await attempt({ account: 'a' }, right, other)).toBe(WAIT);
    expect(await attempt({ account: 'b' }, right)).toBe('somebody');
    keys.hub.clock.advance(10_000);
    expect(await attempt({ account: 'a' }, right)).toBe('somebody');
  });

  it('keeps its count after a success', async () => {
    for (const secret of ['wrong', 'wrong', right, 'wrong', right]) {
      await attempt({ account: 'c' }, secret);
    }
    expect(await attempt({ account: 'c' }, right)).toBe(WAIT);
  });

  it('does not block known browsers, and counts them separately', async () => {
    for (let nth = 0; nth < 4; nth += 1) await attempt({ account: 'd' }, 'wrong');
    expect(await attempt({ account: 'd' }, right)).toBe(WAIT);
    const known = { account: 'd', device: 'browser1' };
    for (let nth = 0; nth < 3; nth += 1) expect(await attempt(known, 'wrong')).toBe('wrong');
    expect(await attempt(known, right)).toBe(WAIT);
    expect(await attempt({ ...known, device: 'browser2' }, right)).toBe('somebody');
  });

  it('counts by address across accounts, IPv6 by the first 64 bits', async () => {
    const from = (nth: number) => ({
      account: `e${String(nth)}`,
      address: `2001:db8:0:7::${String(nth)}`,
    });
    for (let nth = 0; nth < 8; nth += 1) expect(await attempt(from(nth), 'wrong')).toBe('wrong');
    expect(await attempt(from(9), right)).toContain('60 seconds');
    expect(await attempt({ ...from(9), address: '2001:db8:0:8::1' }, right)).toBe('somebody');
  });

  it('does not run the test at all during a wait', async () => {
    for (let nth = 0; nth < 3; nth += 1) await attempt({ account: 'f' }, 'wrong');
    const test = jest.fn(async () => 'somebody');
    const { bruteForce } = keys.hub.app.services;
    const attempted = { what: 'password', address: undefined, account: 'f' } as const;
    await expect(bruteForce.attempt(attempted, test)).rejects.toMatchObject({
      kind: 'TooManyAttempts',
    });
    expect(test).not.toHaveBeenCalled();
  });

  it('is deleted after a time, also in the database', async () => {
    await attempt({ account: 'g' }, 'wrong');
    forgotten();
    const { database } = keys.hub.app;
    const before = keys.hub.clock.now();
    await database.deleteBefore(UsageMeter, { field: 'forgetAt', before, limit: 1_000 });
    expect((await meters()).filter(({ key }) => key.startsWith('bruteForce:'))).toEqual([]);
    for (let nth = 0; nth < 3; nth += 1) {
      expect(await attempt({ account: 'g' }, 'wrong')).toBe('wrong');
    }
  });
});

it.each([
  [{ perAccount: { freeAttempts: 0 } }, 'bruteForce.perAccount.freeAttempts'],
  [{ perAddress: { longestWaitMs: 0.5 } }, 'bruteForce.perAddress.longestWaitMs'],
])('rules that are not valid are refused: %j', async (bruteForce, where) => {
  await expect(startHub({ store, hub: { bruteForce } })).rejects.toThrow(where);
});
