import { authorize, buildRequest, failureOf } from '../../src/connectors/index.js';
import { type AnyAction, type ConnectorSpec, problemOfField } from '../../src/contract/index.js';
import { graphql } from '../../templates/generic/graphql/index.js';
import { operationsIn } from '../../templates/generic/graphql/operations.js';
import { rest } from '../../templates/generic/rest/index.js';

const NOW = new Date('2026-01-02T03:04:05Z');
const BASE = 'https://api.example.com/v1';

function actionOf(connector: ConnectorSpec, name: string): AnyAction {
  const found = connector.actions.find((action) => action.name === name);
  if (!found) throw new Error(`There is no ${name}.`);
  return found;
}

function refusalOf(connector: ConnectorSpec, name: string, input: unknown): string[] {
  const parsed = actionOf(connector, name).input.safeParse(input) as {
    error?: { issues: { path: string[]; message: string }[] };
  };
  return (parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`);
}

function sent(connector: ConnectorSpec, name: string, input: unknown, fields = connector.example) {
  const action = actionOf(connector, name);
  const parsed: unknown = action.input.parse(input);
  return buildRequest(connector, action.request(parsed), fields ?? {});
}

describe('the path of a REST request', () => {
  it.each<[string, Record<string, string | number> | undefined, string]>([
    ['/', undefined, '/'],
    ['/users', undefined, '/users'],
    ['/users/', undefined, '/users/'],
    ['/users/{id}', { id: 7 }, '/users/7'],
    ['/users/{id}/photo-{size}.png', { id: 'ä b', size: 'xl' }, '/users/%C3%A4%20b/photo-xl.png'],
    ['/files/a%20b', undefined, '/files/a%20b'],
    ['/files/a b', undefined, '/files/a%20b'],
    ['/v1/models/x:generate', undefined, '/v1/models/x%3Agenerate'],
    ['/@evil.example', undefined, '/%40evil.example'],
    ['/{host}', { host: 'evil.example:80@x?y#z' }, '/evil.example%3A80%40x%3Fy%23z'],
    ['/{a}', { a: '{baseUrl}' }, '/%7BbaseUrl%7D'],
    ['/%7BbaseUrl%7D', undefined, '/%7BbaseUrl%7D'],
    ['/...', undefined, '/...'],
  ])('%s with %j stays below the base URL', (path, params, expected) => {
    const { url } = sent(rest, 'get', { path, ...(params && { params }) });
    expect(url.href).toBe(`${BASE}${expected}`);
  });

  it.each([
    'users',
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    '/a\\..\\b',
    '/..',
    '/.',
    '/a/../../admin',
    '/a/./b',
    '/%2e%2e/admin',
    '/.%2E/admin',
    '/%252e%252e/admin',
    '/a%2f..%2fadmin',
    '/a%2F%2E%2E',
    '/a%5cb',
    '/a//evil.example',
    '/a?b=c',
    '/a#b',
    '/a%',
    '/a%zz',
    '/a%ff',
    '/a%00',
    '/a\n/b',
    '',
  ])('is refused: %j', (path) => {
    expect(refusalOf(rest, 'get', { path })).not.toEqual([]);
  });

  it.each(['..', '.', '../admin', '..\\admin', 'a/../b', '%2e%2e', 'a/%2e%2e/b', '%252e%252e'])(
    'accepts no value %j',
    (id) => {
      expect(refusalOf(rest, 'get', { path: '/users/{id}', params: { id } })).toEqual([
        'params.id must not lead out of its segment',
      ]);
    },
  );

  it('has a value for each slot, and a slot for each value', () => {
    expect(refusalOf(rest, 'get', { path: '/{a}/{constructor}', params: { b: '1' } })).toEqual([
      'params.a is in the path and has no value',
      'params.constructor is in the path and has no value',
      'params.b is not used in the path: add {name} to it',
    ]);
  });

  it('of the test is the configured one', () => {
    const fields = { baseUrl: `${BASE}/`, testPath: '/health/' };
    expect(buildRequest(rest, rest.test.request, fields).url.href).toBe(`${BASE}/health/`);
  });
});

describe('the headers of a REST request', () => {
  it.each([
    ...['Host', 'connection', 'Transfer-Encoding', 'Content-Length', 'TE', 'Upgrade'],
    ...['Proxy-Authorization', 'Authorization', 'Content-Type', 'a b', 'a\r\nb', ''],
  ])('are not %j', (name) => {
    expect(refusalOf(rest, 'get', { path: '/', headers: { [name]: 'x' } })).toHaveLength(1);
  });

  it.each(['a\r\nHost: evil', 'ä', ' a', 'a ', '\0'])('do not accept the value %j', (value) => {
    expect(refusalOf(rest, 'get', { path: '/', headers: { 'X-A': value } })).toEqual([
      'headers.X-A must be printable ASCII without spaces at its ends',
    ]);
  });

  it('do not override the credential', () => {
    const authMethod = rest.auth.apiKeyHeader;
    const credential = { headerName: 'X-Api-Key', key: 'SECRET' };
    const bare = sent(rest, 'get', { path: '/', headers: { 'x-API-key': 'mine' } });
    const { headers } = authorize(bare, { authMethod, credential, fields: {}, now: NOW });
    expect(Object.entries(headers).filter(([name]) => /key/i.test(name))).toEqual([
      ['x-api-key', 'SECRET'],
    ]);
  });

  it('and query parameters can be named for a key', () => {
    const { headerName } = rest.auth.apiKeyHeader.fields;
    const { parameterName } = rest.auth.apiKeyQuery.fields;
    for (const name of ['X-Api-Key', 'Authorization', 'apikey', 'hostname'])
      expect(problemOfField('headerName', headerName, name)).toBeUndefined();
    for (const name of ['Host', 'HOST', 'host', 'Content-Length', 'transfer-encoding', 'a b', 'a:'])
      expect(problemOfField('headerName', headerName, name)).toMatch(/such as X-Api-Key/);
    for (const name of ['a=b', 'a&b', 'a b', ''])
      expect(problemOfField('parameterName', parameterName, name)).toBeDefined();
  });
});

it('a key in the query replaces one of the same name', () => {
  const bare = sent(rest, 'get', { path: '/', query: { api_key: ['a', 'b'], page: 2 } });
  const credential = { parameterName: 'api_key', key: 'S&P' };
  const authMethod = rest.auth.apiKeyQuery;
  const { url } = authorize(bare, { authMethod, credential, fields: {}, now: NOW });
  expect(url.search).toBe('?api_key=S%26P&page=2');
});

it.each([
  [{ json: undefined }],
  [{}],
  [{ json: 1, form: {} }],
  [{ text: 'a', contentType: 'text/plain\r\nX: 1' }],
  [{ text: 'a', contentType: 'text' }],
  [{ base64: 'AAAA' }],
])('a body is not %j', (body) => {
  expect(refusalOf(rest, 'post', { path: '/', body })).not.toEqual([]);
});

it('a body may be any JSON', () => {
  for (const json of [null, false, 0, '', [], { a: { b: [1] } }])
    expect(sent(rest, 'post', { path: '/', body: { json } }).body?.toString()).toBe(
      JSON.stringify(json),
    );
});

it('a response is returned whole, except for cookies', () => {
  const headers = { 'set-cookie': 'sid=SECRET', etag: '"1"' };
  const response = actionOf(rest, 'get').response?.({ status: 200, headers, body: 'text' });
  expect(response).toEqual({ status: 200, headers: { etag: '"1"' }, body: 'text' });
});

describe('the operations of a GraphQL document', () => {
  it.each<[string, readonly string[]]>([
    ['{ a }', ['query']],
    ['query { a }', ['query']],
    ['query mutation { mutation subscription }', ['query']],
    [
      'query Q($a: I = {b: "}"}) @d(x: {y: [1, -2.5e3]}) { a(x: $a) { ...F } } fragment F on T { b }',
      ['query'],
    ],
    ['fragment mutation on mutation { a } { a }', ['query']],
    ['mutation { a }', ['mutation']],
    ['subscription S { a }', ['subscription']],
    ['{ a } mutation M { b }', ['query', 'mutation']],
    ['{a}mutation{b}', ['query', 'mutation']],
    ['{ a } # } mutation { b }', ['query']],
    ['{ a } # x\nmutation { b }', ['query', 'mutation']],
    ['{ a } # x\rmutation { b }', ['query', 'mutation']],
    ['{ a(s: "} mutation { b }") }', ['query']],
    ['{ a(s: "\\"} mutation { b }") }', ['query']],
    ['{ a(s: "\\\\") } mutation { b }', ['query', 'mutation']],
    ['{ a(s: """ } " "" \\""" mutation { """) }', ['query']],
    ['{ a(s: """\\\\""") } mutation { b }', ['query', 'mutation']],
    ['{ a(s: "") } mutation { b(s: """""") }', ['query', 'mutation']],
    ['\uFEFF,,{ a },,mutation,{ b }', ['query', 'mutation']],
  ])('%j', (document, kinds) => {
    expect(operationsIn(document)).toEqual(kinds);
  });

  it.each([
    '',
    'a',
    '{ a',
    '{ a } }',
    '{ a ) }',
    '{ a(s: "x\n") }',
    '{ a(s: """x) } mutation { b }',
    '{ a } type T { a: I }',
    '{ a } mutatıon { b }',
    '{ a } \u2028 mutation { b }',
    'fragment F on T { a }',
    'query',
    'null',
  ])('%j is not a document', (document) => {
    expect(operationsIn(document)).toBeUndefined();
  });

  it('are found in linear time', () => {
    for (const text of ['"', '"""', '\\"""', '{', '"" ', '#', 'a '])
      expect(operationsIn(`{ a(s: """ ${text.repeat(50_000)}`)).toBeUndefined();
  });
});

describe('a GraphQL action', () => {
  it.each([
    ['query', 'mutation { a }', 'document must have no mutation: use mutate'],
    ['query', '{ a } mutation M { a }', 'document must have no mutation: use mutate'],
    ['query', 'subscription { a }', 'document must have no subscription'],
    ['mutate', 'subscription { a }', 'document must have no subscription'],
    ['mutate', '{ a }', 'document must have a mutation: use query'],
    ['query', '{ a', 'document must be a GraphQL document with an operation'],
  ])('%s refuses %j', (name, document, problem) => {
    expect(refusalOf(graphql, name, { document })).toEqual([problem]);
  });

  it.each([
    ['https://api.example.com/graphql', 'https://api.example.com/graphql'],
    ['https://api.example.com/graphql/', 'https://api.example.com/graphql/'],
    ['https://api.example.com', 'https://api.example.com/'],
  ])('goes to the exact configured endpoint: %s', (endpoint, href) => {
    expect(sent(graphql, 'query', { document: '{ a }' }, { endpoint }).url.href).toBe(href);
  });
});

describe('a response of a GraphQL server', () => {
  const failure = (body: unknown, status = 200) =>
    failureOf(graphql, { status, headers: {}, body });
  const saying = (code: string) => ({ errors: [{ message: 'No.', extensions: { code } }] });

  it.each([
    ['UNAUTHENTICATED', 'authentication', false],
    ['FORBIDDEN', 'permission', false],
    ['BAD_USER_INPUT', 'validation', false],
    ['THROTTLED', 'rateLimit', true],
    ['INTERNAL_SERVER_ERROR', 'provider', false],
    ['OF_ITS_OWN', 'provider', false],
  ])('with %s is a failure of the kind %s', (code, kind, retryable) => {
    expect(failure(saying(code))).toEqual({ kind, status: 200, code, message: 'No.', retryable });
  });

  it('is a failure with errors beside data, and a success without', () => {
    expect(failure({ data: { a: 1 }, errors: [{ message: 'Half.' }] })?.message).toBe('Half.');
    for (const errors of [undefined, null, []])
      expect(failure({ data: {}, errors })).toBeUndefined();
    expect(failure({ errors: [{ message: 'Syntax.' }] }, 400)?.kind).toBe('validation');
  });
});
