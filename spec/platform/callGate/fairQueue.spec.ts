import {
  FairQueue,
  type FairQueueLimits,
  NoTurn,
} from '../../../src/platform/callGate/fairQueue.js';

const LIMITS: FairQueueLimits = {
  inFlightMax: 4,
  inFlightPerGroupMax: 3,
  inFlightPerMemberMax: 2,
  waitingMax: 100,
  waitingPerGroupMax: 50,
  waitingPerMemberMax: 20,
  waitMs: 10_000,
};

/** A queue with a clock, and a log of who had a turn. */
function start(limits: Partial<FairQueueLimits> = {}, share = 1) {
  let nowMs = 0;
  const queue = new FairQueue(
    { ...LIMITS, ...limits },
    () => nowMs,
    () => share,
  );
  const ends: { readonly who: string; readonly end: () => void }[] = [];
  const refused: { readonly who: string; readonly reason: NoTurn }[] = [];
  return {
    queue,
    refused,
    running: () => ends.map(({ who }) => who),
    async enter(who: string, times = 1) {
      const [group = '', member = ''] = who.split('/');
      for (let nth = 0; nth < times; nth += 1) {
        queue.enter({ group, member }).then(
          (end) => ends.push({ who, end }),
          (reason: unknown) => refused.push({ who, reason: reason as NoTurn }),
        );
      }
      await settle();
    },
    /** Ends the one that has been running for the longest, or that of `who`. */
    async end(who = ends[0]?.who) {
      const at = ends.findIndex((each) => each.who === who);
      const [one] = ends.splice(at, 1);
      one?.end();
      one?.end();
      await settle();
      return ends.at(-1)?.who;
    },
    async pass(ms: number) {
      nowMs += ms;
      queue.expire();
      await settle();
    },
  };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a fair queue', () => {
  it('bounds what a group has in flight more tightly while another is active', async () => {
    const { enter, end, running, pass } = start({}, 1 / 3);
    await enter('a/1', 2);
    await enter('a/2', 3);
    expect(running()).toEqual(['a/1', 'a/1', 'a/2']);
    await enter('b/1', 1);
    expect(running()).toEqual(['a/1', 'a/1', 'a/2', 'b/1']);
    await end('a/1');
    await end('a/1');
    expect(running()).toEqual(['a/2', 'b/1']);
    await end('b/1');
    await pass(2_000);
    await enter('a/3', 1);
    expect(running()).toEqual(['a/2', 'a/3']);
    await end('a/2');
    expect(running().toSorted()).toEqual(['a/2', 'a/2', 'a/3']);
  });

  it('bounds what is in flight of a member, of a group and in all', async () => {
    const { enter, running } = start();
    await enter('a/1', 5);
    expect(running()).toEqual(['a/1', 'a/1']);
    await enter('a/2', 5);
    expect(running()).toEqual(['a/1', 'a/1', 'a/2']);
    await enter('b/1', 5);
    expect(running()).toEqual(['a/1', 'a/1', 'a/2', 'b/1']);
  });

  it('gives turns to groups, whatever their number of waiting calls', async () => {
    const { enter, end } = start({ inFlightMax: 1 });
    await enter('a/1', 20);
    await enter('b/1', 2);
    await enter('c/1', 1);
    const turns = [];
    for (let nth = 0; nth < 6; nth += 1) turns.push(await end());
    expect(turns).toEqual(['a/1', 'b/1', 'c/1', 'a/1', 'b/1', 'a/1']);
  });

  it('gives turns to the members of a group', async () => {
    const { enter, end } = start({ inFlightMax: 1 });
    await enter('a/1', 10);
    await enter('a/2', 2);
    const turns = [];
    for (let nth = 0; nth < 5; nth += 1) turns.push(await end());
    expect(turns).toEqual(['a/1', 'a/2', 'a/1', 'a/2', 'a/1']);
  });

  it('passes over those whose limit is reached', async () => {
    const { enter, end, running } = start();
    await enter('a/1', 3);
    await enter('a/2', 1);
    await enter('b/1', 1);
    await enter('b/2', 1);
    expect(running()).toEqual(['a/1', 'a/1', 'a/2', 'b/1']);
    // a/1 has two in flight; b/2 has none.
    expect(await end('a/2')).toBe('b/2');
    expect(await end('a/1')).toBe('a/1');
  });

  it('refuses at once what is one too many waiting of a member, of a group or in all', async () => {
    const one = start({ waitingPerMemberMax: 3 });
    await one.enter('a/1', 6);
    expect([one.queue.inFlight, one.queue.waiting, one.refused.length]).toEqual([2, 3, 1]);
    const other = start({ waitingPerGroupMax: 3 });
    await other.enter('a/1', 4);
    await other.enter('a/2', 4);
    await other.enter('b/1', 1);
    expect([other.queue.inFlight, other.queue.waiting]).toEqual([4, 3]);
    expect(other.refused.map(({ who }) => who)).toEqual(['a/2', 'a/2']);
    const all = start({ waitingMax: 2 });
    await all.enter('a/1', 4);
    await all.enter('b/1', 3);
    expect(all.refused.map(({ who }) => who)).toEqual(['b/1']);
  });

  it('refuses what has waited for too long, and only that', async () => {
    const { enter, pass, refused, queue, end } = start({ inFlightMax: 1 });
    await enter('a/1', 3);
    await pass(6_000);
    await enter('a/1', 1);
    await pass(3_999);
    expect(refused).toEqual([]);
    await pass(1);
    expect(refused).toHaveLength(2);
    expect(queue.waiting).toBe(1);
    expect(await end()).toBe('a/1');
    expect([queue.inFlight, queue.waiting]).toEqual([1, 0]);
  });

  it('says when to try again, from a second to the longest wait', async () => {
    const { enter, refused, pass, end } = start({ waitingPerMemberMax: 5 });
    await enter('a/1', 8);
    expect(refused[0]?.reason).toBeInstanceOf(NoTurn);
    expect(refused[0]?.reason.retryAfterMs).toBe(1_000);
    // Each took a minute.
    for (let nth = 0; nth < 7; nth += 1) {
      await pass(9_000);
      await pass(51_000);
      await enter('a/1', 5);
      await end();
    }
    await enter('a/1', 5);
    expect(refused.at(-1)?.reason.retryAfterMs).toBeGreaterThan(1_000);
    expect(refused.at(-1)?.reason.retryAfterMs).toBeLessThanOrEqual(10_000);
  });

  it('keeps nothing of who is gone', async () => {
    const { enter, end, queue, pass } = start({ inFlightMax: 2 });
    for (let nth = 0; nth < 50; nth += 1) await enter(`g${String(nth)}/m`, 2);
    await pass(20_000);
    while (queue.inFlight > 0) await end();
    expect([queue.inFlight, queue.waiting, queue.groups]).toEqual([0, 0, 0]);
  });
});
