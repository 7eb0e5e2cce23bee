import { path, problemsOfConnector } from '../../src/contract/index.js';
import { github } from '../../templates/github/index.js';
import { listIssues } from '../../templates/github/issues.js';
import { google } from '../../templates/google/index.js';

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

it('signs for services of its own servers', () => {
  const problems = (regionField: string, services: Record<string, string>) =>
    problemsOfConnector({
      ...github,
      fields: { region: { title: 'Region', type: 'host' } },
      auth: { key: { kind: 'awsSigV4', service: 's3', regionField, services } },
      actions: github.actions.map((action) => ({ ...action, scopes: [] })),
    });
  expect(problems('region', { api: 'sts' })).toEqual([]);
  expect(problems('region', { sts: 'sts' })).toEqual(['auth key signs for the unknown server sts']);
  expect(problems('zone', {})).toEqual(['auth key must name a field for the region']);
});

describe('the user for whom a service account acts', () => {
  const problems = (subjectField: string) =>
    problemsOfConnector({
      ...google,
      auth: { serviceAccount: { ...google.auth.serviceAccount, subjectField } },
    });

  it('is a field of the connector', () => {
    expect(problems('subject')).toEqual([]);
    expect(problems('person')).toEqual([
      'auth serviceAccount must name a field for the user on whose behalf it acts',
    ]);
  });
});

it('has tests for its own auth methods only', () => {
  const tests = { token: github.test, app: github.test };
  expect(problemsOfConnector({ ...github, tests })).toEqual([
    'it has a test for the unknown auth method app',
  ]);
});
describe('the path of the test', () => {
  const { request } = github.test;
  const problems = (type: 'path' | 'text') =>
    problemsOfConnector({
      ...github,
      fields: { where: { title: 'Where', type } },
      test: { ...github.test, request: { ...request, path: path`{where}` } },
    });

  it('may be a field, of a type that cannot leave the server', () => {
    expect(problems('path')).toEqual([]);
    expect(problems('text')).toEqual([
      '{where} in the path of its test must be a field of type path',
    ]);
  });
});
