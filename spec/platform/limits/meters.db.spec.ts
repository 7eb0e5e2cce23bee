import {
  createMeters,
  forgettableAtMs,
  type Limit,
  type LimitState,
  type Meters,
  take,
} from '../../../src/platform/limits/index.js';
import { rounds } from '../../support/rounds.js';
import { useWorld } from '../database/world.js';

const world = useWorld();
const ROUNDS = rounds(20);
const LIMIT: Limit = { strategy: 'fixedWindow', calls: 100, perSeconds: 100_000_000 };

let keys = 0;
const newKey = () => `spec:${String(++keys)}`;
/** The meters of another process. */
const meters = (other = false) =>
  createMeters({ database: other ? world.otherDb : world.db, clock: world.clock });

/** Takes one slot of the limit, if there is one. */
function takeOne(from: Meters, key: string): Promise<boolean> {
  return from.decide(key, (state, nowMs) => {
    const taken = take(LIMIT, state['limit'] as LimitState | undefined, nowMs);
    if (!taken.allowed) return { state, result: false };
    const keepUntilMs = forgettableAtMs(LIMIT, taken.state);
    return { state: { ...state, limit: taken.state }, result: true, keepUntilMs };
  });
}
const count = (results: readonly boolean[]) => results.filter((is) => is).length;

it('lets exactly as many through as there are slots, in one process', async () => {
  const [one, key] = [meters(), newKey()];
  const results = await Promise.all(Array.from({ length: 200 }, () => takeOne(one, key)));
  expect(count(results)).toBe(100);
  expect(await takeOne(one, key)).toBe(false);
});

it('lets exactly as many through as there are slots, in four processes', async () => {
  const processes = [meters(), meters(true), meters(), meters(true)];
  for (let round = 0; round < ROUNDS; round += 1) {
    const key = newKey();
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, nth) => takeOne(processes[nth % 4] ?? meters(), key)),
    );
    expect(count(results)).toBe(100);
  }
});

it('decides over what other processes have stored, a quarter of a second later at the latest', async () => {
  const [here, there, key] = [meters(), meters(true), newKey()];
  const read = () => here.decide(key, (state) => ({ state, result: state['n'] }));
  expect(await read()).toBe(undefined);
  await there.decide(key, () => ({ state: { n: 1 }, result: undefined }));
  world.clock.advance(251);
  expect(await read()).toBe(1);
  expect(await here.read(key)).toEqual({ n: 1 });
});

it('keeps meters apart', async () => {
  const [here, one, other] = [meters(), newKey(), newKey()];
  await here.decide(one, () => ({ state: { n: 1 }, result: undefined }));
  expect(await here.read(other)).toEqual({});
});

it('deletes expired states, and counts from zero then', async () => {
  const [here, key] = [meters(), newKey()];
  const count = () =>
    here.decide(key, ({ n = 0 }, nowMs) => {
      const next = Number(n) + 1;
      return { state: { n: next }, result: next, keepUntilMs: nowMs + 60_000 };
    });
  expect([await count(), await count()]).toEqual([1, 2]);
  await here.forget(1000);
  expect(await here.read(key)).toEqual({ n: 2 });
  world.clock.advance(60_001);
  expect(await here.forget(1000)).toBeGreaterThan(0);
  expect(await count()).toBe(1);
});

it('fails the calls made while the database does not respond, and none after them', async () => {
  const key = newKey();
  let isBroken = true;
  const database = new Proxy(world.db, {
    get(target, name, receiver) {
      if (name === 'loadMany' && isBroken) return () => Promise.reject(new Error('no connection'));
      const value: unknown = Reflect.get(target, name, receiver);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const here = createMeters({ database, clock: world.clock });
  await expect(takeOne(here, key)).rejects.toThrow('no connection');
  isBroken = false;
  expect(await takeOne(here, key)).toBe(true);
});
