import { type FieldSpec, problemOfField } from '../../../src/contract/index.js';
import { documentProblem, documentWith, load } from './document.js';

const withServer = (url: string, variables?: object) =>
  documentWith({ servers: [{ url, ...(variables && { variables }) }] });

it.each([
  ['https://api.example.com/', 'https://api.example.com'],
  ['HTTPS://api.example.com//', 'https://api.example.com'],
  ['//api.example.com/v1', 'https://api.example.com/v1'],
  // The hub's options decide which targets may use http.
  ['HTTP://api.example.com/', 'http://api.example.com'],
  ['https://{region}.example.com:{port}/{base}', 'https://{region}.example.com:{port}/{base}'],
  ['{scheme}://{host}.example.{tld}/api', 'https://{host}.example.{tld}/api'],
  ['{url}/v1', '{url}/v1'],
])('%s is the server %s', (url, server) => {
  expect(load(withServer(url)).connector.servers).toEqual({ default: server });
});

it.each([
  'ftp://api.example.com',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user:word@api.example.com',
  'https://api.example.com@evil.example',
  'https://{user}@evil.example',
  'https://api.example.com?next=',
  'https://api.example.com#x',
  'https:\\\\evil.example',
  'https://api.example.com\\@evil.example',
  'https:evil.example',
  'https://a b.example.com',
  'https://api.exa\nmple.com',
  'https://{open',
  'https://',
  '/v1',
  '',
])('%j is not a server', (url) => {
  expect(documentProblem(withServer(url))).toMatch(
    /^This OpenAPI document cannot be used: its server cannot be used: .*\.$/,
  );
});

describe('a variable of a server', () => {
  it('is a field that accepts only its part of the URL', () => {
    const { connector } = load(
      withServer('https://{host}.example.com:{port}', { port: { default: '8443' } }),
    );
    const none: FieldSpec = { title: '', type: 'text' };
    const { host = none, port = none } = connector.fields ?? {};
    for (const value of ['evil.example/', 'a@b', 'a:1', 'a?b', 'a#b', '..', 'a b'])
      expect(problemOfField('host', host, value)).toMatch(/host/);
    expect(problemOfField('port', port, 'abc')).toMatch(/port/);
    expect(problemOfField('port', port, '443')).toBeUndefined();
    expect(connector.example).toEqual({ host: 'example', port: '8443' });
  });

  it('has the document’s choices, as far as they are pieces of a URL', () => {
    const choices = ['eu', 'us', 'a@b', 'a?b', 'a#b', 'a b', '', { toString: 1 }, [[]]];
    const { connector } = load(
      withServer('https://{region}.example.com', { region: { default: 'us', enum: choices } }),
    );
    expect(connector.fields).toMatchObject({ region: { type: 'choice', choices: ['eu', 'us'] } });
    expect(connector.example).toEqual({ region: 'us' });
  });

  it('cannot lead to another host by a suggestion of the document', () => {
    const evil = withServer('https://api.example.com{x}', { x: { default: '@evil.example' } });
    expect(documentProblem(evil)).toMatch(/not a plain URL/);
  });
});

it('of an operation is its own, and one that cannot be used is reported', () => {
  const own = (url: string) => ({ get: { responses: {}, servers: [{ url }] } });
  const skipped: string[] = [];
  const { connector, send } = load(
    documentWith({
      paths: {
        '/a': own('https://files.example.com'),
        '/b': own('http://files.example.com'),
        '/c': own('/v2'),
      },
    }),
    { onSkipped: (sentence) => skipped.push(sentence) },
  );
  expect(Object.values(connector.servers)).toEqual([
    'https://api.example.com/v1',
    'https://files.example.com',
    'https://api.example.com/v2',
  ]);
  expect(send({}, 'getA').url).toBe('https://files.example.com/a');
  expect(send({}, 'getC').url).toBe('https://api.example.com/v2/c');
  expect(skipped).toContain('getB: its own server cannot be used.');
});

it('is https where the document has both, and http where it has nothing else', () => {
  const urls = (...all: string[]) => documentWith({ servers: all.map((url) => ({ url })) });
  const both = urls('http://api.example.com', 'https://safe.example.com');
  expect(load(both).connector.servers).toEqual({ default: 'https://safe.example.com' });
  const { connector } = load(
    documentWith({
      servers: [{ url: 'http://api.example.com:8080/v1' }],
      paths: {
        '/a': { get: { responses: {}, servers: [{ url: '/v2' }] } },
        '/b': { get: { responses: {} } },
      },
    }),
  );
  expect(Object.values(connector.servers)).toEqual([
    'http://api.example.com:8080/v1',
    'http://api.example.com:8080/v2',
  ]);
  expect(load(urls('http://api.example.com'), { upgradeHttp: true }).connector.servers).toEqual({
    default: 'https://api.example.com',
  });
});
