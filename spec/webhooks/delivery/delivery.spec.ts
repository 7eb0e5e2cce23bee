import { createHash } from 'node:crypto';

import fc from 'fast-check';

import { newId } from '../../../src/platform/ids.js';
import {
  dead,
  delivered,
  deliveryId,
  type DeliveryState,
  manualRetry,
  mayMove,
  pending,
} from '../../../src/webhooks/delivery/delivery.js';

const now = new Date('2026-01-02T03:04:05Z');

describe('moves', () => {
  const states: readonly DeliveryState[] = ['pending', 'delivered', 'dead'];
  const legal = [
    'pending → pending',
    'pending → delivered',
    'pending → dead',
    'delivered → pending',
    'dead → pending',
  ];

  it.each(states.flatMap((from) => states.map((to) => [from, to] as const)))(
    '%s → %s',
    (from, to) => {
      expect(mayMove(from, to)).toBe(legal.includes(`${from} → ${to}`));
    },
  );
});

describe('values of a state', () => {
  it('empty the fields of every other state', () => {
    const fields = ['deadReason', 'dueAt', 'finishedAt', 'state'];
    for (const values of [pending(now), delivered(now), dead('disabled', now)]) {
      expect(Object.keys(values).sort()).toEqual(fields);
    }
    expect(pending(now)).toMatchObject({
      dueAt: now,
      finishedAt: undefined,
      deadReason: undefined,
    });
    expect(delivered(now)).toMatchObject({ dueAt: undefined, finishedAt: now });
    expect(dead('gone', now)).toMatchObject({
      dueAt: undefined,
      finishedAt: now,
      deadReason: 'gone',
    });
  });

  it('a retry by hand is due at once and starts the schedule again', () => {
    expect(manualRetry({ attempts: 10 }, now)).toEqual({
      state: 'pending',
      dueAt: now,
      finishedAt: undefined,
      deadReason: undefined,
      retriesFrom: 10,
    });
  });
});

describe('deliveryId', () => {
  it('never changes: rows in databases carry it', () => {
    const hash = createHash('sha256').update('["01abcdefghijklmnop","wh1"]').digest('base64');
    const expected = `01abcdefghij${hash.replace(/[+/=]/g, '').slice(0, 24)}`;
    expect(deliveryId('01abcdefghijklmnop', 'wh1')).toBe(expected);
    expect(expected).toBe('01abcdefghijPB4mohUY7KrthEE2jpg6drX7');
  });

  it('is short and has only letters and digits, also for ids of other formats', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (event, webhook) => {
          const id = deliveryId(event, webhook);
          expect(id).toMatch(/^[A-Za-z0-9]{24,36}$/);
          expect(deliveryId(event, webhook)).toBe(id);
        },
      ),
    );
  });

  it('differs for any two pairs, also when the joined ids are the same', () => {
    const events = ['a', 'ab', 'abc', ...Array.from({ length: 100 }, () => newId())];
    const webhooks = ['c', 'bc', '', ...Array.from({ length: 100 }, () => newId())];
    const ids = events.flatMap((event) => webhooks.map((webhook) => deliveryId(event, webhook)));
    expect(new Set(ids).size).toBe(103 * 103);
  });

  it('groups the deliveries of an event, before those of later events', () => {
    const early = newId(undefined, 1_000_000);
    const late = newId(undefined, 1_000_001);
    const webhooks = Array.from({ length: 20 }, () => newId());
    const earlyIds = webhooks.map((webhook) => deliveryId(early, webhook));
    const lateIds = webhooks.map((webhook) => deliveryId(late, webhook));
    expect([...lateIds, ...earlyIds].sort().slice(0, 20)).toEqual([...earlyIds].sort());
  });
});
