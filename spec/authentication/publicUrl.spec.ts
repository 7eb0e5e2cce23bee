import type { ParseRequest } from '../../src/authentication/gateway.js';
import { publicUrlOf } from '../../src/authentication/publicUrl.js';

const OWN = 'http://127.0.0.1:1337/parse';

it.each([
  ['directly', { serverURL: OWN }, `${OWN}/functions/f`],
  [
    'behind a proxy',
    { serverURL: OWN, publicServerURL: 'https://api.example.com/parse' },
    'https://api.example.com/parse/functions/f',
  ],
  [
    'behind a proxy that removes a part of the path',
    { serverURL: OWN, publicServerURL: 'https://api.example.com/api/parse' },
    'https://api.example.com/api/parse/functions/f',
  ],
  [
    'behind a proxy that adds the path',
    { serverURL: OWN, publicServerURL: 'https://parse.example.com/' },
    'https://parse.example.com/functions/f',
  ],
])('the URL that a client sends its request to, %s', (_where, urls, expected) => {
  const config = urls as ParseRequest['config'];
  expect(publicUrlOf({ path: '/functions/f', config })).toBe(expected);
});
