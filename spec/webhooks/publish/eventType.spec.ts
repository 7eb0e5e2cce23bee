import fc from 'fast-check';
import { z } from 'zod';

import {
  eventPattern,
  eventTypeName,
  publishableType,
} from '../../../src/webhooks/publish/eventType.js';

/** The one sentence that a schema refuses a value with; `undefined` when it lets it through. */
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
    ['invoice-paid', '"-" is none of these'],
    ['invoice paid', '" " is none of these'],
    ['invoice.paid\n', '"\\n" is none of these'],
    ['facture.payée', '"é" is none of these'],
    ['party.😀', '"😀" is none of these'],
    ['invoice.*', '"*" is none of these'],
    ['.paid', 'before and after its dots'],
    ['invoice.', 'before and after its dots'],
    ['invoice..paid', 'before and after its dots'],
    ['.', 'before and after its dots'],
    [groups(11), 'at most 10 groups'],
    ['x'.repeat(129), 'at most 128 characters'],
    ['-'.repeat(129), 'at most 128 characters'],
  ])('refuses %j and says why', (name, why) => {
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

  it('says one thing about a name that is none', () => {
    expect(problem(publishableType, 'hub.a-b')).toContain('"-" is none of these');
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
    ['invoice..*', 'before and after its dots'],
    ['in-voice.*', '"-" is none of these'],
    [`${groups(10)}.*`, 'the asterisk included'],
    [groups(11), 'at most 10 groups'],
    [`${'x'.repeat(127)}.*`, 'at most 128 characters'],
  ])('refuses %j and says why', (pattern, why) => {
    expect(problem(eventPattern, pattern)).toContain(why);
  });

  it('takes every event type as it is', () => {
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

  it('returns at once on text made to be slow', () => {
    const hostile = [`${'a.'.repeat(63)}!`, `${'a'.repeat(127)}!`, `${'a.a'.repeat(42)}.*!`];
    for (const text of hostile) expect(eventPattern.safeParse(text).success).toBe(false);
  });
});
