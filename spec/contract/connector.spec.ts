import { problemsOfConnector } from '../../src/contract/index.js';
import { github } from '../../templates/github/index.js';
import { listIssues } from '../../templates/github/issues.js';

describe('the scopes that an action needs', () => {
  const problems = (scopes: readonly (string | readonly string[])[]) =>
    problemsOfConnector({
      ...github,
      actions: github.actions.map((action) =>
        action.name === listIssues.name ? { ...action, scopes } : action,
      ),
    });

  it.each([[[]], [['repo']], [[['repo', 'public_repo']]], [['read:org', ['repo', 'public_repo']]]])(
    'may be %j',
    (scopes) => {
      expect(problems(scopes)).toEqual([]);
    },
  );

  it.each([[['write:all']], [[['repo', 'write:all']]]])('must be offered: %j', (scopes) => {
    expect(problems(scopes)).toEqual(['its action listIssues needs the unknown scope write:all']);
  });
});
