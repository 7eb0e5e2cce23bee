import { pending } from '../../../src/webhooks/delivery/delivery.js';
import { BODY_BYTES_MAX, DATA_DEPTH_MAX } from '../../../src/webhooks/publish/envelope.js';
import { bodyOf, deliveriesOf } from '../../../src/webhooks/publish/publish.js';

const AT = new Date('2026-03-04T05:06:07.890Z');
const EVENT = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pde',
  organization: 'o1',
  type: 'order.paid',
  createdAt: AT,
  readers: ['org_o1_owner'],
};

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}

describe('deliveriesOf', () => {
  it('makes one delivery for each webhook, due when the event was published', () => {
    expect(deliveriesOf(EVENT, ['w1', 'w2'])).toEqual(
      ['w1', 'w2'].map((webhook) => ({
        ...pending(AT),
        id: expect.stringMatching(/^[A-Za-z0-9]{36}$/),
        organization: 'o1',
        webhook,
        event: EVENT.id,
        eventType: 'order.paid',
        attempts: 0,
        retriesFrom: 0,
        createdAt: AT,
        readers: ['org_o1_owner'],
      })),
    );
    expect(deliveriesOf(EVENT, [])).toEqual([]);
  });

  it('makes the same deliveries again for the same event, and others for another', () => {
    const ids = (id: string) => deliveriesOf({ ...EVENT, id }, ['w1', 'w2']).map((row) => row.id);
    expect(ids(EVENT.id)).toEqual(ids(EVENT.id));
    expect(new Set([...ids(EVENT.id), ...ids('0mhc6xwzk3v9another')]).size).toBe(4);
  });
});

describe('bodyOf', () => {
  it('is type, timestamp and data, in this order', () => {
    expect(bodyOf('order.paid', AT, { b: 1, a: 'ü' })).toBe(
      '{"type":"order.paid","timestamp":"2026-03-04T05:06:07.890Z","data":{"b":1,"a":"ü"}}',
    );
  });

  it('accepts the maximum size and refuses one byte more, with both numbers in the message', () => {
    const emptyBytes = bodyOf('t', AT, { a: '' }).length;
    const fits = { a: 'x'.repeat(BODY_BYTES_MAX - emptyBytes) };
    expect(bodyOf('t', AT, fits)).toHaveLength(BODY_BYTES_MAX);
    expect(() => bodyOf('t', AT, { a: `${fits.a}x` })).toThrow(
      'The event has 262145 bytes; at most 262144 are allowed. Send an id and let the receiver fetch the rest.',
    );
  });

  it('refuses data that nests too deep', () => {
    expect(() => bodyOf('t', AT, nested(DATA_DEPTH_MAX))).not.toThrow();
    expect(() => bodyOf('t', AT, nested(DATA_DEPTH_MAX + 1))).toThrow(/deeper than 63 levels/);
  });
});
