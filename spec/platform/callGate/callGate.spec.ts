import { type CallGateOptions, createCallGate } from '../../../src/platform/callGate/index.js';

const one = { inFlightMax: 1, inFlightPerOrganizationMax: 1, inFlightPerCallerMax: 1 };
const OPTIONS: CallGateOptions = {
  ordinary: one,
  costly: one,
  outgoing: one,
  waitingMax: 10,
  waitingPerOrganizationMax: 10,
  waitingPerCallerMax: 10,
  waitMs: 1_000,
};
const account = { organizationId: 'o', caller: 'c' };

/** Work that goes on until `end`. */
function heldWork() {
  let end = () => undefined as void;
  let begin = () => undefined as void;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const work = () => {
    begin();
    return ended;
  };
  return { work, begun, end };
}

describe('a call within another call', () => {
  const gate = createCallGate(OPTIONS, { monotonicMs: () => 0 });

  it('does not wait for the call that it is in', async () => {
    const inner = () => gate.run('ordinary', account, () => Promise.resolve('inner'));
    const outer = () => gate.run('ordinary', account, () => gate.lookUp('c', inner));
    expect(await Promise.all([outer(), outer(), outer()])).toEqual(['inner', 'inner', 'inner']);
  });

  it('does not wait within a call of the master key', async () => {
    const { work, begun, end } = heldWork();
    const held = gate.run('ordinary', account, work);
    await begun;
    const result = await gate.pass(() => gate.run('ordinary', account, () => Promise.resolve(1)));
    expect(result).toBe(1);
    end();
    await held;
  });
});

describe('the costs of calls', () => {
  it('do not wait for each other', async () => {
    const gate = createCallGate(OPTIONS, { monotonicMs: () => 0 });
    const works = [heldWork(), heldWork()] as const;
    const held = [
      gate.run('costly', account, works[0].work),
      gate.run('outgoing', account, works[1].work),
    ];
    await Promise.all(works.map(({ begun }) => begun));
    expect(await gate.run('ordinary', account, () => Promise.resolve(1))).toBe(1);
    for (const { end } of works) end();
    await Promise.all(held);
  });

  it('give back what a failed call had', async () => {
    const gate = createCallGate(OPTIONS, { monotonicMs: () => 0 });
    const fails = () => gate.run('costly', account, () => Promise.reject(new Error('failed')));
    await expect(Promise.all([fails(), fails(), fails()])).rejects.toThrow('failed');
    expect(await gate.run('costly', account, () => Promise.resolve(1))).toBe(1);
  });
});

describe('one caller before and after it is known', () => {
  it('is not taken for two that share', async () => {
    const roomy = { inFlightMax: 9, inFlightPerOrganizationMax: 9, inFlightPerCallerMax: 9 };
    const gate = createCallGate({ ...OPTIONS, ordinary: roomy }, { monotonicMs: () => 0 });
    const works = Array.from({ length: 9 }, heldWork);
    const held = works.map(({ work }, i) =>
      i % 2 === 0 ? gate.identify('its session', work) : gate.lookUp('its user', work),
    );
    await Promise.all(works.map(({ begun }) => begun));
    for (const { end } of works) end();
    expect(await Promise.all(held)).toHaveLength(9);
  });
});
