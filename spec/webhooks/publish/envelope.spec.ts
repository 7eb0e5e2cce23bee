import fc from 'fast-check';

import {
  BODY_BYTES_MAX,
  composeBody,
  type Composed,
  DATA_DEPTH_MAX,
  fingerprint,
} from '../../../src/webhooks/publish/envelope.js';

const at = new Date('2026-01-02T03:04:05.678Z');

function bodyOf(composed: Composed): string {
  if (composed.kind !== 'body') throw new Error(`No body: ${composed.kind}`);
  return composed.body;
}

const nested = (depth: number) =>
  JSON.parse('[{"a":'.repeat(depth / 2) + '0' + '}]'.repeat(depth / 2)) as unknown;

describe('composeBody', () => {
  it('writes type, timestamp and data, in this order and nothing else', () => {
    expect(composeBody('invoice.paid', at, { id: 'in_1', total: 12.5 })).toEqual({
      kind: 'body',
      body: '{"type":"invoice.paid","timestamp":"2026-01-02T03:04:05.678Z","data":{"id":"in_1","total":12.5}}',
      bodyBytes: 96,
    });
  });

  it('carries any JSON value unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (data) => {
        const text = bodyOf(composeBody('t', at, data));
        // Through JSON once, which knows no -0.
        const expected: unknown = JSON.parse(JSON.stringify(data));
        expect(JSON.parse(text)).toEqual({
          type: 't',
          timestamp: at.toISOString(),
          data: expected,
        });
      }),
    );
  });

  it('has data null if there is none', () => {
    expect(bodyOf(composeBody('t', at, undefined))).toMatch(/"data":null}$/);
    expect(bodyOf(composeBody('t', at, null))).toMatch(/"data":null}$/);
  });

  it('is well-formed UTF-8 for any text, so that the signed bytes are sent', () => {
    const body = bodyOf(composeBody('t', at, { half: '\ud83d', nul: '\0', whole: '😀' }));
    expect(Buffer.from(body).toString()).toBe(body);
    expect(body).toContain('"half":"\\ud83d","nul":"\\u0000","whole":"😀"');
  });

  it('counts bytes, not characters, against the maximum size', () => {
    const emptyBytes = Buffer.byteLength(bodyOf(composeBody('t', at, '')));
    const room = BODY_BYTES_MAX - emptyBytes;
    expect(composeBody('t', at, 'a'.repeat(room))).toMatchObject({
      kind: 'body',
      bodyBytes: 262144,
    });
    expect(composeBody('t', at, 'a'.repeat(room + 1))).toEqual({
      kind: 'tooLarge',
      bodyBytes: 262145,
    });
    expect(composeBody('t', at, 'é'.repeat(room / 2 + 1)).kind).toBe('tooLarge');
  });

  it('returns a value for data that is too deep, also when JSON.stringify would overflow', () => {
    expect(DATA_DEPTH_MAX).toBe(63);
    expect(composeBody('t', at, nested(62)).kind).toBe('body');
    expect(composeBody('t', at, [nested(62)]).kind).toBe('body');
    expect(composeBody('t', at, nested(64))).toEqual({ kind: 'tooDeep' });
    expect(composeBody('t', at, nested(20_000))).toEqual({ kind: 'tooDeep' });
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(composeBody('t', at, cycle)).toEqual({ kind: 'tooDeep' });
  });
});

describe('fingerprint', () => {
  /** The same value with the keys of each object in reverse. */
  function reversed(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== 'object' || value === null) return value;
    const members = Object.entries(value).reverse();
    return Object.fromEntries(members.map(([key, member]) => [key, reversed(member)]));
  }

  it('is SHA-256 of type and data with sorted keys', () => {
    // printf '["invoice.paid",{"a":[{"c":2,"d":1}],"b":null}]' | sha256sum
    expect(fingerprint('invoice.paid', { b: null, a: [{ d: 1, c: 2 }] })).toBe(
      '81921ffbc3e6a02610097d0f9224553f05dbaffb8e9e8e2300bf7efc78acde09',
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (data) => {
        expect(fingerprint('t', reversed(data))).toBe(fingerprint('t', data));
      }),
    );
  });

  it.each([
    ['another type', 'u', { a: 1 }],
    ['another value', 't', { a: 2 }],
    ['another type of value', 't', { a: '1' }],
    ['another key', 't', { b: 1 }],
    ['one key more', 't', { a: 1, b: undefined, c: null }],
    ['a list of it', 't', [{ a: 1 }]],
    ['text of it', 't', '{"a":1}'],
    ['a key named __proto__', 't', JSON.parse('{"a":1,"__proto__":{}}')],
  ])('distinguishes %s', (_what, type, data) => {
    expect(fingerprint(type, data)).not.toBe(fingerprint('t', { a: 1 }));
  });

  it('depends on the order of lists, and takes absent data for null as the body does', () => {
    expect(fingerprint('t', [1, 2])).not.toBe(fingerprint('t', [2, 1]));
    expect(fingerprint('t', undefined)).toBe(fingerprint('t', null));
  });

  it('takes the deepest data that a body may have', () => {
    expect(fingerprint('t', [nested(62)])).toMatch(/^[0-9a-f]{64}$/);
  });
});
