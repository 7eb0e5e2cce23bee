import { missingScopes } from '../../src/connectors/index.js';
import type { ConnectorSpec } from '../../src/contract/index.js';
import { templates } from '../../templates/index.js';

const auth = {
  consent: {
    kind: 'oauth2Code',
    authorizeUrl: 'https://a.example',
    tokenUrl: 'https://a.example',
    pkce: true,
    refresh: 'none',
    defaultScopes: [],
    scopes: { read: 'Read', write: 'Write', 'Mail.Send': 'Send', 'https://a.example/all': 'All' },
  },
} as const satisfies ConnectorSpec['auth'];

type Case = [
  needed: readonly (string | readonly string[])[],
  granted: readonly string[] | undefined,
  missing: string | undefined,
];

it.each<Case>([
  [[], ['read'], undefined],
  [['read'], undefined, undefined],
  // A token of a GitHub App has an empty list, and does a lot.
  [['read'], [], undefined],
  [['read'], ['write', 'read'], undefined],
  [['read', 'write'], ['read'], 'write'],
  [[['read', 'write']], ['write'], undefined],
  [[['read', 'write'], 'Mail.Send'], ['https://a.example/all'], 'read or write and Mail.Send'],
  // Microsoft's scopes have short and long names, in any case.
  [['Mail.Send'], ['https://graph.example/mail.send'], undefined],
  [['https://a.example/all'], ['all'], 'https://a.example/all'],
])('of %j, with %j granted, %s is missing', (scopes, granted, description) => {
  expect(missingScopes({ auth }, { scopes }, granted)?.description).toBe(description);
});

it('is certain where the service requires it and every granted scope is known', () => {
  const isCertain = (granted: string[], scopesDecide: boolean) =>
    missingScopes({ auth, scopesDecide }, { scopes: ['write'] }, granted)?.isCertain;
  expect(isCertain(['read'], true)).toBe(true);
  expect(isCertain(['read'], false)).toBe(false);
  expect(isCertain(['read', 'everything'], true)).toBe(false);
});

it('is never certain at services that do not require scopes, or whose scopes include one another', () => {
  const sure = templates.filter(({ scopesDecide }) => scopesDecide).map(({ key }) => key);
  expect(sure.sort()).toEqual(['google', 'slack', 'stripe']);
});
