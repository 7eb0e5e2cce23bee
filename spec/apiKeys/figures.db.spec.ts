import { ApiKey } from '../../schemas/index.js';
import { generateKey } from '../../src/apiKeys/secret.js';
import type { Json } from '../support/hub.js';
import { AppCache } from '../support/parseServerInside.js';
import { isLong, rounds } from '../support/rounds.js';
import { engine } from '../support/store.js';
import { type KeySetting, startKeys } from './setting.js';

/** Half of the calls that come at once. */
const LIMIT = isLong ? 100 : 20;
const HOUR_MS = 3_600_000;

let keys: KeySetting;
let adapter: Json;
/** The SQL or commands sent to the database, as its driver reports them. */
let statements: Json[] = [];
beforeAll(async () => {
  const host = engine === 'mongodb' ? { databaseOptions: { monitorCommands: true } } : {};
  keys = await startKeys({ host });
  ({ adapter } = AppCache.get(keys.hub.appId)['databaseController'] as Json);
  const recordStatement = (statement: Json) => statements.push(statement);
  if (engine === 'mongodb')
    adapter.client.on('commandStarted', ({ command }: { command: unknown }) =>
      recordStatement(command),
    );
  // https://vitaly-t.github.io/pg-promise/global.html#event:query
  else
    adapter._client.$config.options.query = ({ query }: { query: unknown }) =>
      recordStatement(query);
});
afterAll(() => keys.hub.stop());

async function statementsOf(act: () => Promise<unknown>): Promise<Json[]> {
  // Earlier counts are not written meanwhile.
  await keys.hub.app.services.apiKeys.flush();
  statements = [];
  await act();
  return statements;
}
const aboutKeys = (all: readonly Json[]) =>
  all.filter((each) =>
    typeof each === 'string' ? each.includes('"APIKey"') : each.find === 'APIKey',
  );
const owner = () => keys.hub.as(keys.team.owner);

describe('a check', () => {
  const check = (key: string) =>
    keys.hub.app.services.apiKeys.callers.admit({
      key,
      functions: ['getWebhooks'],
      address: '127.0.0.1',
    });

  it('is one read for a key that is not cached, and none for a cached one', async () => {
    const { key } = await keys.make();
    expect(await statementsOf(() => check(key))).toHaveLength(1);
    expect(await statementsOf(() => check(key))).toEqual([]);
    keys.hub.clock.advance(1_000);
    expect(await statementsOf(() => check(key))).toHaveLength(1);
  });

  it('is one read for an unknown key, and none for a malformed one', async () => {
    const unknown = generateKey('hub', 'live');
    const all = await statementsOf(() => check(unknown).catch(() => undefined));
    // The other statements count a wrong attempt.
    expect(aboutKeys(all)).toHaveLength(1);
    const mistyped = unknown.slice(0, -1) + (unknown.endsWith('a') ? 'b' : 'a');
    expect(await statementsOf(() => check(mistyped).catch(() => undefined))).toEqual([]);
  });

  it('is one read for all requests of the same moment', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => keys.make()));
    const all = await statementsOf(() => Promise.all(made.map(({ key }) => check(key))));
    expect(all.length).toBeLessThanOrEqual(2);
  });

  it('of a call over HTTP is the same', async () => {
    const { key } = await keys.make();
    const call = () => keys.call(key, 'getWebhooks');
    expect(aboutKeys(await statementsOf(call))).toHaveLength(1);
    expect(aboutKeys(await statementsOf(call))).toEqual([]);
  });

  it('reads by indexes', async () => {
    const { key, id } = await keys.make();
    const { database } = keys.hub.app;
    const [row] = await database.loadMany(ApiKey, [id]);
    if (!row) throw new Error('The key is not there.');
    const copies = Array.from({ length: 3_000 }, (_, nth) => ({
      ...row,
      id: `copy${String(nth)}`,
      hash: `hash ${String(nth)}`,
      readers: [],
      previousHash: `before ${String(nth)}`,
      status: 'revoked',
    }));
    await database.insertMany(ApiKey, copies);
    const [statement] = aboutKeys(await statementsOf(() => check(key)));
    const plan = await planOf(statement);
    expect(plan).toContain(engine === 'mongodb' ? 'IXSCAN' : 'Bitmap Index Scan');
    expect(plan).not.toMatch(/Seq Scan|COLLSCAN/);
  });

  async function planOf(statement: Json): Promise<string> {
    if (engine === 'mongodb') {
      const { find, filter } = statement;
      const explained = await adapter.database.command({ explain: { find, filter } });
      return JSON.stringify(explained.queryPlanner.winningPlan);
    }
    await adapter._client.any('analyze "APIKey"');
    return JSON.stringify(await adapter._client.any(`explain (format json) ${statement}`));
  }
});

describe('limits', () => {
  it.each(['fixedWindow', 'slidingWindow', 'tokenBucket'] as const)(
    'allows exactly half of the simultaneous calls: %s',
    async (strategy) => {
      const rules = [{ strategy, calls: LIMIT, perSeconds: 86_400 }];
      const { key } = await keys.make({ limits: { rules } });
      const responses = await Promise.all(
        Array.from({ length: 2 * LIMIT }, () => keys.call(key, 'getWebhooks')),
      );
      expect(responses.filter(({ status }) => status === 200)).toHaveLength(LIMIT);
      expect(responses.filter(({ status }) => status === 429)).toHaveLength(LIMIT);
    },
  );
});

describe('rotations at once', () => {
  const ROUNDS = rounds(5);
  const AT_ONCE = 20;

  it('have one winner each, and at most two working secrets', async () => {
    const { key: first, id: apiKeyId } = await keys.make();
    const { organizationId, hub } = keys;
    const sessionToken = keys.team.owner.sessionToken;
    const rotate = async () => {
      const params = { organizationId, apiKeyId, graceHours: 24 };
      return (await hub.call('rotateApiKey', params, { sessionToken })).body;
    };
    const revisionNow = async () =>
      (await hub.app.database.loadMany(ApiKey, [apiKeyId]))[0]?.revision ?? 0;
    let before = first;
    for (let round = 0; round < ROUNDS; round += 1) {
      // The brute-force protection forgets the old keys of the round before.
      keys.hub.clock.advance(HOUR_MS);
      const revision = await revisionNow();
      const responses = await Promise.all(Array.from({ length: AT_ONCE }, rotate));
      const won: string[] = responses.flatMap(({ result }) => (result ? [result.key] : []));
      const lost = responses.filter(({ code }) => code === 8102);
      // Each successful rotation is one change of the row; every other one was refused.
      expect([won.length + lost.length, await revisionNow()]).toEqual([
        AT_ONCE,
        revision + won.length,
      ]);
      expect(new Set(won).size).toBe(won.length);
      const { apiKey } = await owner().getApiKey({ organizationId, apiKeyId });
      const present = won.find((key) => key.startsWith(apiKey.start)) ?? '';
      const working = await workingOf([before, ...won]);
      expect(working.length).toBeLessThanOrEqual(2);
      expect(working).toContain(present);
      before = present;
    }
    expect(await workingOf([first])).toEqual([]);
  });

  async function workingOf(secrets: readonly string[]): Promise<string[]> {
    const responses = await Promise.all(secrets.map((key) => keys.call(key, 'getWebhooks')));
    return secrets.filter((_key, nth) => responses[nth]?.status === 200);
  }
});
