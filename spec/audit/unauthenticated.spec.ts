import type { AuditEntry } from '../../src/audit/record/entry.js';
import {
  createStrangers,
  isStrangers,
  SEVERAL,
  TOLD_MAX,
} from '../../src/audit/record/unauthenticated.js';

const refusal: AuditEntry = {
  function: 'getWebhooks',
  actor: 'nobody',
  outcome: 'refused',
  error: 'NotSignedIn',
  rows: {},
  params: {},
  address: '192.0.2.1',
  requestId: 'req_00000000',
};
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, seconds));

describe('refusals of strangers', () => {
  it.each([
    [{ actor: 'nobody' }, false, true],
    [{ actor: 'browser' }, false, true],
    [{ actor: 'apiKey', keyId: 'k' }, true, true],
    [{ actor: 'apiKey', keyId: 'k' }, false, false],
    [{ actor: 'user', actorId: 'u' }, false, false],
    [{ actor: 'readOnlyMaster' }, false, false],
    [{ actor: 'nobody', outcome: 'ok' }, false, false],
    [{ actor: 'nobody', outcome: 'failed' }, false, false],
  ] as const)('are those of %j, at the door %s: %s', (who, isAtDoor, is) => {
    expect(isStrangers({ ...refusal, ...who }, isAtDoor)).toBe(is);
  });

  it('are told of one by one as far as the first of a minute, and counted from there', () => {
    const strangers = createStrangers();
    const told = Array.from({ length: 1_000 }, (_, nth) =>
      strangers.isTold(
        { ...refusal, function: `f${nth % 7}`, address: `192.0.2.${nth % 9}` },
        at(nth % 60),
      ),
    );
    expect(told.filter(Boolean)).toHaveLength(TOLD_MAX.nobody);
    expect(strangers.take(at(59))).toEqual([]);
    expect(strangers.take(at(60))).toEqual([
      {
        function: SEVERAL,
        actor: 'nobody',
        outcome: 'refused',
        rows: {},
        params: { refusals: 980, functions: 7, addresses: 9, since: at(0).toISOString() },
      },
    ]);
    expect(strangers.isWaiting).toBe(false);
    expect(strangers.isTold(refusal, at(61))).toBe(true);
  });

  it('leave nothing to tell of where there were few', () => {
    const strangers = createStrangers();
    for (let nth = 0; nth < TOLD_MAX.nobody; nth += 1) strangers.isTold(refusal, at(nth));
    expect(strangers.take(at(100))).toEqual([]);
  });

  it('are counted minute by minute, though nobody asks for what was counted', () => {
    const strangers = createStrangers();
    for (let minute = 0; minute < 3; minute += 1) {
      for (let nth = 0; nth < 100; nth += 1) strangers.isTold(refusal, at(60 * minute));
    }
    const counts = strangers.take(at(0), true).map(({ params }) => params['refusals']);
    expect(counts).toEqual([80, 80, 80]);
  });

  it('are counted apart for each key, with a bound on how many', () => {
    const strangers = createStrangers();
    const ofKey = (keyId: string): AuditEntry => ({
      ...refusal,
      actor: 'apiKey',
      actorId: 'ada',
      organizationId: 'acme',
      keyId,
    });
    for (let nth = 0; nth < 10; nth += 1) strangers.isTold(ofKey('k1'), at(0));
    const [ofOne] = strangers.take(at(60));
    expect(ofOne).toMatchObject({
      organizationId: 'acme',
      actor: 'apiKey',
      actorId: 'ada',
      keyId: 'k1',
      params: { refusals: 10 - TOLD_MAX.known },
    });
    for (let nth = 0; nth < 5_000; nth += 1) {
      for (let again = 0; again < 6; again += 1) strangers.isTold(ofKey(`k${nth}`), at(0));
    }
    const all = strangers.take(at(0), true);
    expect(all).toHaveLength(1_001);
    const others = all.find(({ keyId }) => keyId === undefined);
    expect(others).toMatchObject({ actor: 'nobody', organizationId: undefined });
  });
});
