import type { LaneId } from '../../../src/platform/database/index.js';
import { exclusively } from '../../../src/platform/lanes/index.js';
import { useWorld } from '../database/world.js';

const world = useWorld();

const account = (key: string): LaneId => ({ kind: 'account', key });

/** A value that two at once would corrupt: read, then written from the value that was read. */
function ledger() {
  let sum = 0;
  let inside = 0;
  return {
    max: 0,
    sum: () => sum,
    async add(amount: number) {
      inside += 1;
      this.max = Math.max(this.max, inside);
      const before = sum;
      await world.db.now();
      await world.otherDb.now();
      sum = before + amount;
      inside -= 1;
      return sum;
    },
  };
}

describe('exclusively', () => {
  it('20 at once, from two processes, never overlap', async () => {
    const book = ledger();
    const sums = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        exclusively(at % 2 ? world.db : world.otherDb, account('one'), () => book.add(1)),
      ),
    );
    expect(book.max).toBe(1);
    expect(book.sum()).toBe(20);
    expect(sums.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('nor when some of them throw, and each gets its own error', async () => {
    const book = ledger();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) =>
        exclusively(at % 2 ? world.db : world.otherDb, account('two'), async () => {
          await book.add(1);
          if (at % 3 === 0) throw new Error(`number ${String(at)}`);
          return at;
        }),
      ),
    );
    expect(book.max).toBe(1);
    expect(book.sum()).toBe(20);
    expect(outcomes).toEqual(
      outcomes.map((_, at) =>
        at % 3 === 0
          ? { status: 'rejected', reason: new Error(`number ${String(at)}`) }
          : { status: 'fulfilled', value: at },
      ),
    );
  });

  it('does not keep others waiting, and leaves nothing due behind', async () => {
    await exclusively(world.db, account('three'), () =>
      exclusively(world.otherDb, account('four'), () => Promise.resolve()),
    );
    const rows = await world.server.controller.find('HubLane', { kind: 'account' }, {});
    expect(rows.map((row) => [row['key'], row['holder'], row['dueAt']])).toEqual(
      expect.arrayContaining([
        ['three', undefined, undefined],
        ['four', undefined, undefined],
      ]),
    );
  });

  it('lets the next one in when the holder has died', async () => {
    expect(await world.otherDb.holdOne(account('five'), 30_000)).toBeDefined();
    let isIn = false;
    const entered = exclusively(world.db, account('five'), () => Promise.resolve((isIn = true)));
    await world.db.now();
    expect(isIn).toBe(false);
    world.clock.advance(30_001);
    await entered;
    expect(isIn).toBe(true);
  });
});
