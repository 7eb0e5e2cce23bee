import type { AuditEntry } from '../../src/audit/record/entry.js';
import {
  createUnauthenticatedRefusals,
  isUnauthenticatedRefusal,
  RECORDED_MAX,
  SEVERAL,
} from '../../src/audit/record/unauthenticated.js';

const refusal: AuditEntry = {
  function: 'getWebhooks',
  actor: 'anonymous',
  outcome: 'refused',
  error: 'NotSignedIn',
  rows: {},
  params: {},
  address: '192.0.2.1',
  requestId: 'req_00000000',
};
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 21, 10, 0, seconds));

describe('refusals of unauthenticated callers', () => {
  it.each([
    [{ actor: 'anonymous' }, false, true],
    [{ actor: 'browser' }, false, true],
    [{ actor: 'apiKey', keyId: 'k' }, true, true],
    [{ actor: 'apiKey', keyId: 'k' }, false, false],
    [{ actor: 'user', actorId: 'u' }, false, false],
    [{ actor: 'readOnlyMaster' }, false, false],
    [{ actor: 'anonymous', outcome: 'ok' }, false, false],
    [{ actor: 'anonymous', outcome: 'failed' }, false, false],
  ] as const)('are those of %j, at the gateway %s: %s', (who, isAtGateway, is) => {
    expect(isUnauthenticatedRefusal({ ...refusal, ...who }, isAtGateway)).toBe(is);
  });

  it('get an entry each for the first of a minute, and are counted from there', () => {
    const refusals = createUnauthenticatedRefusals();
    const recorded = Array.from({ length: 1_000 }, (_, nth) =>
      refusals.isRecorded(
        { ...refusal, function: `f${nth % 7}`, address: `192.0.2.${nth % 9}` },
        at(nth % 60),
      ),
    );
    expect(recorded.filter(Boolean)).toHaveLength(RECORDED_MAX.anonymous);
    expect(refusals.take(at(59))).toEqual([]);
    expect(refusals.take(at(60))).toEqual([
      {
        function: SEVERAL,
        actor: 'anonymous',
        outcome: 'refused',
        rows: {},
        params: { refusals: 980, functions: 7, addresses: 9, since: at(0).toISOString() },
      },
    ]);
    expect(refusals.isWaiting).toBe(false);
    expect(refusals.isRecorded(refusal, at(61))).toBe(true);
  });

  it('leave no counted entry when there were few', () => {
    const refusals = createUnauthenticatedRefusals();
    for (let nth = 0; nth < RECORDED_MAX.anonymous; nth += 1) refusals.isRecorded(refusal, at(nth));
    expect(refusals.take(at(100))).toEqual([]);
  });

  it('are counted minute by minute, even if the counts are not taken', () => {
    const refusals = createUnauthenticatedRefusals();
    for (let minute = 0; minute < 3; minute += 1) {
      for (let nth = 0; nth < 100; nth += 1) refusals.isRecorded(refusal, at(60 * minute));
    }
    const counts = refusals.take(at(0), true).map(({ params }) => params['refusals']);
    expect(counts).toEqual([80, 80, 80]);
  });

  it('are counted separately for each key, up to a maximum', () => {
    const refusals = createUnauthenticatedRefusals();
    const ofKey = (keyId: string): AuditEntry => ({
      ...refusal,
      actor: 'apiKey',
      actorId: 'ada',
      organizationId: 'acme',
      keyId,
    });
    for (let nth = 0; nth < 10; nth += 1) refusals.isRecorded(ofKey('k1'), at(0));
    const [ofOne] = refusals.take(at(60));
    expect(ofOne).toMatchObject({
      organizationId: 'acme',
      actor: 'apiKey',
      actorId: 'ada',
      keyId: 'k1',
      params: { refusals: 10 - RECORDED_MAX.known },
    });
    for (let nth = 0; nth < 5_000; nth += 1) {
      for (let again = 0; again < 6; again += 1) refusals.isRecorded(ofKey(`k${nth}`), at(0));
    }
    const all = refusals.take(at(0), true);
    expect(all).toHaveLength(1_001);
    const others = all.find(({ keyId }) => keyId === undefined);
    expect(others).toMatchObject({ actor: 'anonymous', organizationId: undefined });
  });
});
