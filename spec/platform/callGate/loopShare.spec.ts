import { createLoopShare } from '../../../src/platform/callGate/loopShare.js';

/** The shares after samples of the utilization, one each 100 ms. */
function sharesAfter(samples: readonly number[]): number[] {
  let nowMs = 0;
  let busy = 0;
  const share = createLoopShare(
    () => nowMs,
    () => busy,
  );
  return samples.map((sample) => {
    nowMs += 100;
    busy = sample;
    return share();
  });
}

describe('the share of a busy event loop', () => {
  it('grows to everything while the loop has time, and shrinks by half while it has none', () => {
    const calm = Array.from({ length: 13 }, () => 0.2);
    const shares = sharesAfter([...calm, 0.95, 0.95, 0.95, 0.95, 0.95]);
    expect(shares[0]).toBeCloseTo(1.25 / 16);
    expect(shares.slice(12)).toEqual([1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16]);
  });

  it('stays between busy and calm', () => {
    expect(sharesAfter([0.5, 0.8, 0.9, 0.7])).toEqual(Array.from({ length: 4 }, () => 1.25 / 16));
  });

  it('is looked at once in 100 ms', () => {
    let samples = 0;
    const share = createLoopShare(
      () => 0,
      () => (samples += 1),
    );
    expect([share(), share(), samples]).toEqual([1 / 16, 1 / 16, 0]);
  });

  it('measures the loop of this process', () => {
    let nowMs = 0;
    const share = createLoopShare(() => nowMs);
    const until = process.cpuUsage().user + 20_000;
    while (process.cpuUsage().user < until);
    nowMs = 100;
    expect(share()).toBe(1 / 16);
  });
});
