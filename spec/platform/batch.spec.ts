import { batchCalls } from '../../src/platform/batch.js';

/** A flush that the spec controls, and the batches that it received. */
function setup(options: { max: number; flights?: number }) {
  const batches: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const times10 = batchCalls(async (items: readonly number[]) => {
    batches.push(items);
    await new Promise<void>((open) => gates.push(open));
    return items.map((item) => item * 10);
  }, options);
  return { batches, times10, openGate: () => gates.shift()?.() };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Opens every gate until all calls have results. */
async function finish<Result>(results: Promise<Result>, openGate: () => void): Promise<Result> {
  let isDone = false;
  const done = results.finally(() => (isDone = true));
  while (!isDone) {
    openGate();
    await turn();
  }
  return done;
}

describe('batchCalls', () => {
  it('puts the calls of one turn into one batch, and gives each its own result', async () => {
    const { batches, times10, openGate } = setup({ max: 10 });
    const results = Promise.all([3, 1, 2].map(times10));
    expect(await finish(results, openGate)).toEqual([30, 10, 20]);
    expect(batches).toEqual([[3, 1, 2]]);
  });

  it('gathers calls during a flush into the next one', async () => {
    const { batches, times10, openGate } = setup({ max: 10 });
    const first = times10(1);
    await turn();
    const later = [2, 3].map(times10);
    await turn();
    expect(batches).toEqual([[1]]);
    await finish(Promise.all([first, ...later]), openGate);
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('makes no batch larger than the limit, in the order of the calls', async () => {
    const { batches, times10, openGate } = setup({ max: 3 });
    const results = await finish(Promise.all([1, 2, 3, 4, 5, 6, 7].map(times10)), openGate);
    expect(results).toEqual([10, 20, 30, 40, 50, 60, 70]);
    expect(batches).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  it('has as many flushes under way as it may, and no more', async () => {
    const { batches, times10, openGate } = setup({ max: 1, flights: 2 });
    const results = Promise.all([1, 2, 3].map(times10));
    await turn();
    await turn();
    expect(batches).toEqual([[1], [2]]);
    expect(await finish(results, openGate)).toEqual([10, 20, 30]);
  });

  it('starts again after it has been idle', async () => {
    const { batches, times10, openGate } = setup({ max: 5 });
    await finish(times10(1), openGate);
    await finish(times10(2), openGate);
    expect(batches).toEqual([[1], [2]]);
  });

  it('tries each item alone when a batch fails, so that a bad one fails only itself', async () => {
    const batches: (readonly number[])[] = [];
    const half = batchCalls(
      (items: readonly number[]) => {
        batches.push(items);
        return items.some((item) => item % 2 === 1)
          ? Promise.reject(new Error('odd'))
          : Promise.resolve(items.map((item) => item / 2));
      },
      { max: 10 },
    );
    const results = await Promise.allSettled([2, 3, 4].map(half));
    expect(results).toEqual([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: new Error('odd') },
      { status: 'fulfilled', value: 2 },
    ]);
    expect(batches).toEqual([[2, 3, 4], [2], [3], [4]]);
  });

  it('goes on after a failure, and after a flush that throws at once', async () => {
    let calls = 0;
    const echo = batchCalls(
      (items: readonly string[]): Promise<readonly string[]> => {
        calls += 1;
        if (calls === 1) throw new Error('at once');
        return Promise.resolve(items);
      },
      { max: 1 },
    );
    await expect(echo('a')).rejects.toThrow('at once');
    await expect(echo('b')).resolves.toBe('b');
  });
});
