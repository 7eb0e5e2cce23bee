import { identityOf } from '../../src/connectors/index.js';
import type { ConnectionTest } from '../../src/contract/index.js';

type Places = ConnectionTest['identity'];

describe('whose a credential is', () => {
  it.each<[string, Places, Record<string, string>, unknown, unknown]>([
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
});
