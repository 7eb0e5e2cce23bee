import fc from 'fast-check';
import { z } from 'zod';

import {
  eventPattern,
  eventTypeName,
  publishableType,
} from '../../../src/webhooks/publish/eventType.js';

/** Returns the message that a schema refuses a value with; `undefined` when it accepts it. */
function problem(schema: z.ZodType, value: unknown): string | undefined {
  const result = schema.safeParse(value);
  if (result.success) return undefined;
  expect(result.error.issues).toHaveLength(1);
  return result.error.issues[0]?.message;
}

const groups = (count: number) => Array.from({ length: count }, () => 'g').join('.');

describe('eventTypeName', () => {
  it.each([
    'a',
    'invoice.paid',
    'hubs.paid',
    'Invoice_2.PAID',
    '_',
    '0.0',
    groups(10),
    'x'.repeat(128),
  ])('takes %s', (name) => {
    expect(eventTypeName.parse(name)).toBe(name);
  });

  it.each([
    ['', 'cannot be empty'],
    ['invoice-paid', 'cannot contain "-"'],
    ['invoice paid', 'cannot contain " "'],
    ['invoice.paid\n', 'cannot contain "\\n"'],
    ['facture.payée', 'cannot contain "é"'],
    ['party.😀', 'cannot contain "😀"'],
    ['invoice.*', 'cannot contain "*"'],
    ['.paid', 'needs at least one character'],
    ['invoice.', 'needs at least one character'],
    ['invoice..paid', 'needs at least one character'],
    ['.', 'needs at least one character'],
    [groups(11), 'at most 10 groups'],
    ['x'.repeat(129), 'at most 128 characters'],
    ['-'.repeat(129), 'at most 128 characters'],
  ])('refuses %j and reports why', (name, why) => {
    expect(problem(eventTypeName, name)).toContain(why);
  });

  it('describes the same rule to other programs, in JSON Schema', () => {
    const { pattern, maxLength } = z.toJSONSchema(eventTypeName);
    expect(maxLength).toBe(128);
    expect(new RegExp(pattern ?? '').test('invoice.paid')).toBe(true);
    expect(new RegExp(pattern ?? '').test(groups(11))).toBe(false);
  });
});

describe('publishableType', () => {
  it.each(['hub', 'hub.connection.reconnectNeeded'])('refuses %s, which is the hub’s', (name) => {
    expect(eventTypeName.parse(name)).toBe(name);
    expect(problem(publishableType, name)).toContain('are reserved');
  });

  it.each(['hubs.paid', 'Hub.paid', 'a.hub.b'])('takes %s', (name) => {
    expect(publishableType.parse(name)).toBe(name);
  });

  it('reports one problem of an invalid name', () => {
    expect(problem(publishableType, 'hub.a-b')).toContain('cannot contain "-"');
  });
});

describe('eventPattern', () => {
  it.each(['*', 'invoice.*', 'invoice.paid', 'invoice.item.*', `${groups(9)}.*`, groups(10)])(
    'takes %s',
    (pattern) => {
      expect(eventPattern.parse(pattern)).toBe(pattern);
    },
  );

  it.each([
    ['', 'cannot be empty'],
    ['**', 'An asterisk in an event pattern'],
    ['invoice*', 'An asterisk in an event pattern'],
    ['*.paid', 'An asterisk in an event pattern'],
    ['invoice.*.paid', 'An asterisk in an event pattern'],
    ['*.*', 'An asterisk in an event pattern'],
    ['.*', 'cannot be empty'],
    ['invoice..*', 'needs at least one character'],
    ['in-voice.*', 'cannot contain "-"'],
    [`${groups(10)}.*`, 'the asterisk included'],
    [groups(11), 'at most 10 groups'],
    [`${'x'.repeat(127)}.*`, 'at most 128 characters'],
  ])('refuses %j and reports why', (pattern, why) => {
    expect(problem(eventPattern, pattern)).toContain(why);
  });

  it('accepts every event type', () => {
    const name = fc
      .array(fc.stringMatching(/^[a-zA-Z0-9_]{1,12}$/), { minLength: 1, maxLength: 9 })
      .map((parts) => parts.join('.'));
    fc.assert(
      fc.property(name, (type) => {
        expect(eventTypeName.parse(type)).toBe(type);
        expect(eventPattern.parse(type)).toBe(type);
        expect(eventPattern.parse(`${type}.*`)).toBe(`${type}.*`);
      }),
    );
  });

  it('returns immediately for text made to be slow', () => {
    const hostile = [`${'a.'.repeat(63)}!`, `${'a'.repeat(127)}!`, `${'a.a'.repeat(42)}.*!`];
    for (const text of hostile) expect(eventPattern.safeParse(text).success).toBe(false);
  });
});
