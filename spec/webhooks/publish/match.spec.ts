import fc from 'fast-check';

import { matches } from '../../../src/webhooks/publish/match.js';

describe('matches', () => {
  it.each([
    [['*'], 'order', true],
    [['*'], 'order.item.added', true],
    [['order'], 'order', true],
    [['order'], 'order.created', false],
    [['order'], 'Order', false],
    [['order.created'], 'order.created', true],
    [['order.created'], 'order.created.twice', false],
    [['order.*'], 'order.created', true],
    [['order.*'], 'order.item.added', true],
    [['order.*'], 'order', false],
    [['order.*'], 'orders.x', false],
    [['order.*'], 'my.order.created', false],
    [['order.item.*'], 'order.item.added', true],
    [['order.item.*'], 'order.created', false],
    [['invoice.paid', 'order.*'], 'order.created', true],
    [['invoice.paid', 'order.*'], 'invoice.sent', false],
    [[], 'order.created', false],
  ])('%j and %s: %s', (patterns, type, expected) => {
    expect(matches(patterns, type)).toBe(expected);
  });

  // Few letters and short groups, so that prefixes coincide often.
  const group = fc.stringMatching(/^[ab_]{1,2}$/);
  const type = fc.array(group, { minLength: 1, maxLength: 4 });
  const pattern = fc.oneof(
    fc.constant(['*']),
    type,
    type.map((groups) => [...groups, '*']),
  );

  /** The rule again, group by group instead of letter by letter. */
  function wants(patternGroups: readonly string[], typeGroups: readonly string[]): boolean {
    const [first, ...rest] = patternGroups;
    if (first === undefined) return typeGroups.length === 0;
    if (first === '*') return typeGroups.length > 0;
    return first === typeGroups[0] && wants(rest, typeGroups.slice(1));
  }

  it('agrees with the rule read group by group', () => {
    fc.assert(
      fc.property(fc.array(pattern, { maxLength: 3 }), type, (patterns, typeGroups) => {
        const expected = patterns.some((groups) => wants(groups, typeGroups));
        const texts = patterns.map((groups) => groups.join('.'));
        expect(matches(texts, typeGroups.join('.'))).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
