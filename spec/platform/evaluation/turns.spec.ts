import { Turns } from '../../../src/platform/evaluation/turns.js';

const LIMITS = { places: 2, waitingMax: 100, burstMs: 1_000, creditMsPerSecond: 100 };

function offerMany(turns: Turns<string>, organizationId: string, count: number): void {
  for (let nth = 1; nth <= count; nth += 1)
    turns.offer(organizationId, `${organizationId}${String(nth)}`, 0);
}

describe('turns', () => {
  it('go round the organizations, whatever their number of waiting jobs', () => {
    const turns = new Turns<string>({ ...LIMITS, places: 10 });
    offerMany(turns, 'a', 9);
    offerMany(turns, 'b', 2);
    offerMany(turns, 'c', 1);
    const order = Array.from({ length: 6 }, () => turns.take(0)?.job);
    expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  });

  it('leaves a place for others, however many jobs of one organization wait', () => {
    const turns = new Turns<string>(LIMITS);
    offerMany(turns, 'loud', 60);
    expect([turns.take(0)?.job, turns.take(0)]).toEqual(['loud1', undefined]);
    offerMany(turns, 'quiet', 1);
    expect([turns.take(0)?.job, turns.take(0)]).toEqual(['quiet1', undefined]);
  });

  it('come after everybody else once the credit is used up, and leave them a place together', () => {
    const turns = new Turns<string>(LIMITS);
    for (const loud of ['x', 'y']) {
      offerMany(turns, loud, 3);
      expect(turns.take(0)?.organizationId).toBe(loud);
      turns.done(loud, 1_500, 0);
    }
    expect([turns.take(0)?.organizationId, turns.take(0)]).toEqual(['x', undefined]);
    offerMany(turns, 'quiet', 1);
    expect(turns.take(0)?.organizationId).toBe('quiet');
    turns.done('quiet', 10, 0);
    turns.done('x', 10, 0);
    expect(turns.take(0)?.organizationId).toBe('y');
  });

  it('come back with the credit of each second', () => {
    const turns = new Turns<string>(LIMITS);
    offerMany(turns, 'a', 2);
    turns.take(0);
    turns.done('a', 1_050, 0);
    offerMany(turns, 'b', 1);
    // 500 ms later: 50 ms of credit are not enough, 600 ms later they are.
    expect(turns.take(500)?.organizationId).toBe('b');
    turns.done('b', 0, 500);
    offerMany(turns, 'b', 1);
    expect(turns.take(600)?.organizationId).toBe('a');
  });

  it('are not for more jobs than may wait, nor for one that was withdrawn', () => {
    const turns = new Turns<string>({ ...LIMITS, waitingMax: 2 });
    expect(['1', '2', '3'].map((job) => turns.offer('a', job, 0))).toEqual([true, true, false]);
    expect([turns.withdraw('a', '1'), turns.withdraw('a', '1')]).toEqual([true, false]);
    expect([turns.take(0)?.job, turns.take(0)]).toEqual(['2', undefined]);
  });
});
