import { buildRequest, failureOf, limitSigns, nextPage } from '../../src/connectors/index.js';
import type { ProviderResponse } from '../../src/contract/index.js';
import { listFiles } from '../../templates/github/contents.js';
import { github } from '../../templates/github/index.js';
import { listIssues } from '../../templates/github/issues.js';
import { createRepository } from '../../templates/github/repositories.js';

const NOW = new Date('2026-01-02T03:04:05Z');

const response = (
  status: number,
  message: string,
  headers: ProviderResponse['headers'] = {},
): ProviderResponse => ({
  status,
  headers,
  body: { message, documentation_url: 'https://docs.github.com/rest' },
});

// https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api
describe('a refusal by GitHub', () => {
  it.each<[string, ProviderResponse]>([
    [
      'the primary limit',
      response(403, 'API rate limit exceeded for user ID 1.', { 'x-ratelimit-remaining': '0' }),
    ],
    [
      'a secondary limit, with a wait',
      response(403, 'You have exceeded a secondary rate limit.', { 'retry-after': '60' }),
    ],
    [
      'a secondary limit, without a wait',
      response(403, 'You have exceeded a secondary rate limit.', {
        'x-ratelimit-remaining': '4999',
      }),
    ],
    ['a secondary limit, with 429', response(429, 'You have exceeded a secondary rate limit.')],
  ])('is %s', (_case, given) => {
    expect(failureOf(github, given)).toMatchObject({ kind: 'rateLimit', retryable: true });
  });

  it.each<[string, ProviderResponse]>([
    ['missing permissions', response(403, 'Resource not accessible by personal access token')],
    ['missing scopes', response(403, 'Must have admin rights', { 'x-ratelimit-remaining': '12' })],
  ])('is %s, and not a limit', (_case, given) => {
    expect(failureOf(github, given)).toMatchObject({ kind: 'permission', retryable: false });
  });

  it('is explained by the first of its errors', () => {
    const body = {
      message: 'Validation Failed',
      errors: [{ resource: 'Label', code: 'already_exists', field: 'name' }],
    };
    expect(failureOf(github, { status: 422, headers: {}, body })).toMatchObject({
      kind: 'conflict',
      code: 'already_exists',
      message: 'Validation Failed',
    });
  });
});

it('reports the remaining calls and the reset, in seconds since 1970', () => {
  const headers = {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-used': '1',
    'x-ratelimit-reset': '1767326645',
    'x-ratelimit-resource': 'core',
  };
  expect(limitSigns(github.limits.headers, { headers }, NOW)).toEqual({
    limit: 5000,
    remaining: 4999,
    resetsAt: new Date('2026-01-02T04:04:05Z'),
  });
});

it('continues at the documented Link', () => {
  const { input, response: documented } = listIssues.example;
  const sent = buildRequest(github, listIssues.request(listIssues.input.parse(input)), {});
  const { headers = {}, body } = documented;
  expect(
    listIssues.pages && nextPage(listIssues.pages, sent, { status: 200, headers, body }),
  ).toEqual({
    kind: 'url',
    url: 'https://api.github.com/repositories/1296269/issues?state=all&page=2',
  });
});

describe('a path', () => {
  const at = (path: string | undefined) =>
    listFiles.request(
      listFiles.input.parse({ owner: 'o', repo: 'r', ...(path !== undefined && { path }) }),
    ).path;

  it.each<[string | undefined, string]>([
    [undefined, '/repos/o/r/contents'],
    ['docs', '/repos/o/r/contents/docs'],
    ['docs/a b?#%.md', '/repos/o/r/contents/docs/a%20b%3F%23%25.md'],
  ])('of files, %s', (path, expected) => {
    expect(at(path)).toBe(expected);
  });

  it.each(['../secrets', 'docs/../../x', './x', '/docs'])('cannot leave its folder: %s', (path) => {
    expect(() => at(path)).toThrow();
  });

  it('is that of the organization, if one is given', () => {
    const { path, body } = createRepository.request({ org: 'acme', name: 'site' });
    expect({ path, body }).toEqual({ path: '/orgs/acme/repos', body: { json: { name: 'site' } } });
  });
});
