import {
  ConcurrencyWindow,
  WINDOW_MAX,
  WINDOW_START,
} from '../../../src/webhooks/delivery/window.js';

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Takes slots until the window makes it wait; returns their number. */
async function fill(window: ConcurrencyWindow): Promise<number> {
  let taken = 0;
  let waits = false;
  while (!waits) {
    const slot = window.take().then(() => (taken += 1));
    const before = taken;
    await Promise.race([slot, turn()]);
    waits = taken === before;
  }
  return taken;
}

describe('ConcurrencyWindow', () => {
  it.each([
    [undefined, WINDOW_START],
    [1, 1],
    [0, 1],
    [-5, 1],
    [7.9, 7],
    [1_000, WINDOW_MAX],
  ])('starts with the state %p at %p', (handedOn, limit) => {
    expect(new ConcurrencyWindow(handedOn).limit).toBe(limit);
  });

  it('allows as many concurrent attempts as its limit', async () => {
    expect(await fill(new ConcurrencyWindow(5))).toBe(5);
    expect(await fill(new ConcurrencyWindow())).toBe(WINDOW_START);
  });

  it('halves with each timeout, down to one', () => {
    const window = new ConcurrencyWindow(20);
    const limits = Array.from({ length: 6 }, () => {
      window.learn(true);
      return window.limit;
    });
    expect(limits).toEqual([10, 5, 2, 1, 1, 1]);
  });

  it('grows by one with each response, up to its maximum', () => {
    const window = new ConcurrencyWindow(WINDOW_MAX - 2);
    const limits = Array.from({ length: 4 }, () => {
      window.learn(false);
      return window.limit;
    });
    expect(limits).toEqual([WINDOW_MAX - 1, WINDOW_MAX, WINDOW_MAX, WINDOW_MAX]);
  });

  it('gives a released slot to the caller that waits', async () => {
    const window = new ConcurrencyWindow(1);
    await window.take();
    let isServed = false;
    const waiting = window.take().then(() => (isServed = true));
    await turn();
    expect(isServed).toBe(false);
    window.release();
    await waiting;
    expect(isServed).toBe(true);
  });

  it('does not give back a slot that a timeout took away', async () => {
    const window = new ConcurrencyWindow(4);
    for (let i = 0; i < 4; i += 1) await window.take();
    let isServed = false;
    const waiting = window.take().then(() => (isServed = true));
    window.learn(true);
    window.release();
    window.release();
    await turn();
    // Two are under way, which is the limit now.
    expect(isServed).toBe(false);
    window.release();
    await waiting;
    expect(isServed).toBe(true);
  });

  it('grows again from one slot when the receiver responds again', async () => {
    const window = new ConcurrencyWindow(1);
    for (let i = 0; i < 3; i += 1) {
      await window.take();
      window.learn(false);
      window.release();
    }
    expect(await fill(window)).toBe(4);
  });
});
