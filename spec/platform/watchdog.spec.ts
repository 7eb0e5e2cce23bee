import { TookTooLong, withWatchdog } from '../../src/platform/watchdog.js';

const hopeless = () => /^(a+)+$/.test(`${'a'.repeat(60)}!`);

describe('withWatchdog', () => {
  it('returns the result of the work', () => {
    expect(withWatchdog(() => 6 * 7, 1_000)).toBe(42);
    expect(withWatchdog(() => undefined, 1_000)).toBeUndefined();
  });

  it('lets an error of the work through as it is', () => {
    const own = new RangeError('mine');
    const run = () =>
      withWatchdog(() => {
        throw own;
      }, 1_000);
    expect(run).toThrow(own);
  });

  it.each([
    ['a regular expression that backtracks forever', hopeless],
    [
      'a loop without end',
      () => {
        for (;;);
      },
    ],
  ])('ends %s when its time is over', (_name, work) => {
    // The work alone would take years.
    expect(() => withWatchdog<unknown>(work, 50)).toThrow(TookTooLong);
  });

  it('begins again with work that did not get the processor', () => {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    let attempts = 0;
    const work = () => {
      attempts += 1;
      if (attempts === 1) Atomics.wait(cell, 0, 0, 10_000);
      return 'done';
    };
    expect(withWatchdog(work, 50)).toBe('done');
    expect(attempts).toBe(2);
  });

  it('does not begin again forever', () => {
    const cell = new Int32Array(new SharedArrayBuffer(4));
    let attempts = 0;
    const work = () => {
      attempts += 1;
      Atomics.wait(cell, 0, 0, 10_000);
    };
    expect(() => {
      withWatchdog(work, 50);
    }).toThrow(TookTooLong);
    expect(attempts).toBe(3);
  });

  it('is as good as new afterwards', () => {
    expect(() => withWatchdog(hopeless, 20)).toThrow(TookTooLong);
    expect(withWatchdog(() => 'fine', 1_000)).toBe('fine');
  });
});
