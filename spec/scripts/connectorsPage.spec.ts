import { describeBudget } from '../../scripts/docs/connectorAuthMethods.js';
import { connectorsPage } from '../../scripts/docs/connectorsPage.js';
import type { Budget } from '../../src/contract/index.js';
import { templates } from '../../templates/index.js';
import { connectorAt } from '../connections/provider.js';

const page = connectorsPage([
  connectorAt('http://127.0.0.1:1', 'acme', [
    { requests: 1_200, perSeconds: 60, scope: 'app', actions: ['getThing'] },
  ]),
]);

describe('connectorsPage', () => {
  it.each([
    ['an auth method with consent', '1. `consent`: a person consents at the service (OAuth 2).'],
    ['an auth method with a credential', '2. `key`: a token.'],
    ['a field of a credential', '| `token` | Key | secret | yes | Ask for one. |'],
    ['a choice, which is optional', '| `region` | Region | one of `eu`, `us` | no |'],
    ['a scope requested by default', '| `read` | Read | yes |'],
    ['a scope not requested by default', '| `write` | Write | no |'],
    ['the set-up', '1. Ask for a key.'],
    ['the test', '`GET http://127.0.0.1:1/me` checks the credential and identifies its account.'],
    ['a budget', '- 1,200 requests a minute for all connections together, of `getThing`.'],
    ['headers', 'what is left in `x-left`, when it resets in `x-resets`'],
    ['reading is idempotent', '| `getThing` | read | yes |  |  | Reads a thing.'],
    ['idempotent by a header', '| `createThing` | write | by `Idempotency-Key` |  |'],
    ['idempotent by a member', '| `orderThing` | write | by `token` |  |'],
    ['writing is not', '| `pushThing` | write | no | `write` |  |'],
    ['pages', '| `listThings` | read | yes |  | by cursor | Lists things. ([docs](https'],
    ['an input', '| `name` | string, at most 20 characters | yes |'],
    ['an output', '| `items[].id` | string | yes |'],
    ['no input', 'Input: none.'],
    ['a streamed response', 'Output of each event:'],
  ])('contains %s', (_, line) => {
    expect(page).toContain(line);
  });

  it('has each connector, step, auth method and action once', () => {
    const all = connectorsPage(templates);
    const headings = [...all.matchAll(/^## (.+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(templates.map(({ name }) => name));
    for (const { name, setup, auth, actions, triggers = [], sync = [] } of templates) {
      const section = all.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
      const rows = (first: string) => section.split(`\n| \`${first}\` |`).length - 1;
      expect(section.match(/^\d+\. /gm)).toHaveLength(setup.length + Object.keys(auth).length);
      expect(actions.filter((action) => rows(action.name) < 1)).toEqual([]);
      expect(triggers.filter((trigger) => rows(trigger.name) < 1)).toEqual([]);
      expect(section.match(/<details><summary>\w+: fields/g)).toHaveLength(actions.length);
      expect(section.includes('| Entity |')).toBe(sync.length > 0);
    }
    expect(all.split('<details>')).toHaveLength(all.split('</details>').length);
  });
});

describe('describeBudget', () => {
  it.each<[Budget, string]>([
    [{ requests: 1, perSeconds: 1, scope: 'connection' }, '1 request a second for each connection'],
    [{ requests: 5, perSeconds: 7_200, scope: 'app' }, 'in 2 hours for all connections together'],
    [{ requests: 9, perSeconds: 86_400, scope: 'app' }, '9 requests a day for all'],
    [{ requests: 9, perSeconds: 90, scope: 'app' }, '9 requests in 90 seconds for all'],
  ])('%j: %s', (budget, text) => {
    expect(describeBudget(budget)).toContain(text);
  });
});
