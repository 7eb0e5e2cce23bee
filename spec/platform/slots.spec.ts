import { Slots } from '../../src/platform/slots.js';

/** Requests a slot and notes when it is there. */
function taker(slots: Slots, served: string[]) {
  return (name: string) => slots.take().then(() => served.push(name));
}

/** Everything that is settled by now has had its turn. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('Slots', () => {
  it('gives as many slots as there are, and the next when one is given back', async () => {
    const slots = new Slots(2);
    const served: string[] = [];
    const take = taker(slots, served);
    void take('a');
    void take('b');
    void take('c');
    await turn();
    expect(served).toEqual(['a', 'b']);
    slots.release();
    await turn();
    expect(served).toEqual(['a', 'b', 'c']);
  });

  it('serves waiting callers in the order in which they came, before new ones', async () => {
    const slots = new Slots(1);
    const served: string[] = [];
    const take = taker(slots, served);
    for (const name of ['a', 'b', 'c']) void take(name);
    slots.release();
    void take('d');
    slots.release();
    slots.release();
    await turn();
    expect(served).toEqual(['a', 'b', 'c', 'd']);
  });

  it('keeps a slot that was given back while no caller waited', async () => {
    const slots = new Slots(1);
    await slots.take();
    slots.release();
    await slots.take();
    const served: string[] = [];
    void taker(slots, served)('late');
    await turn();
    expect(served).toEqual([]);
  });

  it('never has more under way than slots, however many callers there are at once', async () => {
    const slots = new Slots(3);
    let underway = 0;
    let max = 0;
    await Promise.all(
      Array.from({ length: 50 }, async () => {
        await slots.take();
        max = Math.max(max, ++underway);
        await turn();
        underway -= 1;
        slots.release();
      }),
    );
    expect(max).toBe(3);
  });
});
