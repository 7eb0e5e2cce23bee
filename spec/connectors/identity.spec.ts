import { identityOf, testOf } from '../../src/connectors/index.js';
import { type ConnectionTest, path } from '../../src/contract/index.js';

type Locations = NonNullable<ConnectionTest['identity']>;

describe('the account of a credential', () => {
  it.each<[string, Locations, Record<string, string>, unknown, unknown]>([
    ['by the body', { id: '/user/id' }, {}, { user: { id: 'U1' } }, { id: 'U1' }],
    ['by a number', { id: '/id' }, {}, { id: 1 }, { id: '1' }],
    ['with a name', { id: '/id', name: '/n' }, {}, { id: 'a', n: 'Ann' }, { id: 'a', name: 'Ann' }],
    ['without the name', { id: '/id', name: '/n' }, {}, { id: 'a', n: null }, { id: 'a' }],
    ['by a header', { id: { header: 'X-Org' } }, { 'x-org': ' acme ' }, null, { id: 'acme' }],
    ['by an empty header', { id: { header: 'X-Org' } }, { 'x-org': ' ' }, null, undefined],
    ['by no header', { id: { header: 'X-Org' } }, {}, { 'x-org': 'acme' }, undefined],
    [
      'by a part',
      { id: { at: '/u', matches: '^/a/(\\w+)' } },
      {},
      { u: '/a/AC1.x' },
      { id: 'AC1' },
    ],
    [
      'by no such part',
      { id: { at: '/u', matches: '^/a/(\\w+)' } },
      {},
      { u: '/b/AC1' },
      undefined,
    ],
    ['by an empty part', { id: { at: '/u', matches: '^/a/(.*)' } }, {}, { u: '/a/' }, undefined],
    ['not by the name alone', { id: '/id', name: '/n' }, {}, { n: 'Ann' }, undefined],
    ['not by an object', { id: '/id' }, {}, { id: {} }, undefined],
  ])('%s', (_case, identity, headers, body, expected) => {
    expect(identityOf({ identity }, { headers, body })).toEqual(expected);
  });

  it('is unknown for a connector that does not declare where it is', () => {
    expect(identityOf({}, { headers: {}, body: { id: 'a' } })).toBeUndefined();
  });
});

it('is requested as the auth method requires', () => {
  const test = (at: '/me' | '/app'): ConnectionTest => ({
    request: { method: 'GET', path: path`/` },
    identity: { id: at },
    example: { url: 'https://example.com/', body: {} },
  });
  const spec = { test: test('/me'), tests: { app: test('/app') } };
  expect(testOf(spec, 'app').identity?.id).toBe('/app');
  expect(testOf(spec, 'oauth').identity?.id).toBe('/me');
  expect(testOf(spec, 'toString').identity?.id).toBe('/me');
  expect(testOf({ test: spec.test }, 'app').identity?.id).toBe('/me');
});
