import { authorize, buildRequest } from '../../../src/connectors/index.js';
import { documentWith, load } from './document.js';

const NOW = new Date('2026-01-02T03:04:05Z');

const withSchemes = (securitySchemes: object, security: object[] = []) =>
  documentWith({ components: { securitySchemes }, security });

const flows = {
  authorizationCode: {
    authorizationUrl: 'https://example.com/authorize',
    tokenUrl: '/token',
    scopes: { read: 'See things' },
  },
  clientCredentials: { tokenUrl: 'https://example.com/token', scopes: {} },
};

describe('an auth method', () => {
  it.each<[string, object, object]>([
    ['basic', { type: 'http', scheme: 'Basic' }, { kind: 'basic' }],
    ['bearer', { type: 'http', scheme: 'bearer' }, { kind: 'bearer' }],
    [
      'another scheme of HTTP',
      { type: 'http', scheme: 'apikey' },
      { kind: 'apiKey', location: { in: 'header', name: 'authorization', prefix: 'apikey ' } },
    ],
    [
      'a key in the query',
      { type: 'apiKey', in: 'query', name: 'k' },
      { kind: 'apiKey', location: { in: 'query', name: 'k' } },
    ],
    [
      'a key in a cookie',
      { type: 'apiKey', in: 'cookie', name: 'sid' },
      { kind: 'custom', headers: { cookie: 'sid={scheme}' } },
    ],
    ['OpenID Connect', { type: 'openIdConnect', openIdConnectUrl: '/x' }, { kind: 'bearer' }],
    ['a password grant', { type: 'oauth2', flows: { password: {} } }, { kind: 'bearer' }],
    [
      'a grant with the relative address of its endpoint',
      { type: 'oauth2', flows: { authorizationCode: flows.authorizationCode } },
      { kind: 'oauth2Code', tokenUrl: 'https://api.example.com/token' },
    ],
  ])('is made from %s', (_name, scheme, authMethod) => {
    const { connector } = load(withSchemes({ scheme }));
    expect(connector.auth).toMatchObject({ scheme: authMethod });
  });

  it('is made from each grant that needs no user’s password', () => {
    const { connector } = load(withSchemes({ login: { type: 'oauth2', flows } }));
    expect(Object.entries(connector.auth).map(([name, { kind }]) => [name, kind])).toEqual([
      ['login', 'oauth2Code'],
      ['loginClientCredentials', 'oauth2ClientCredentials'],
    ]);
  });

  it('has several texts where the document requires them together', () => {
    const { connector } = load(
      withSchemes(
        {
          id: { type: 'apiKey', in: 'header', name: 'X-Id' },
          key: { type: 'apiKey', in: 'query', name: 'key' },
        },
        [{ id: [], key: [] }],
      ),
    );
    const { idAndKey: authMethod } = connector.auth;
    if (!authMethod) throw new Error('There is no such auth method.');
    const bare = buildRequest(connector, connector.test.request, {});
    const credential = { id: 'a', key: 'b' };
    const sent = authorize(bare, { authMethod, credential, fields: {}, now: NOW });
    expect([sent.headers['x-id'], sent.url.search]).toEqual(['a', '?key=b']);
  });

  it.each<[string, object]>([
    ['digest', { type: 'http', scheme: 'digest' }],
    ['mutual TLS', { type: 'mutualTLS' }],
    ['a header that is none', { type: 'apiKey', in: 'header', name: 'a\r\nb' }],
  ])('is not made from %s, which is reported', (_name, scheme) => {
    const skippedSentences: string[] = [];
    const { connector } = load(withSchemes({ scheme }), {
      onSkipped: (sentence) => skippedSentences.push(sentence),
    });
    expect(connector.auth).toEqual({ none: { kind: 'none' } });
    expect(skippedSentences).toContain(
      'scheme: it is skipped, because no auth method can be made from it.',
    );
  });

  it.each(['http://example.com/token', 'https://a:b@example.com/token', 'file:///token'])(
    'is a token that the user enters where the endpoint is %s',
    (tokenUrl) => {
      const client = { clientCredentials: { tokenUrl, scopes: {} } };
      const { connector } = load(withSchemes({ scheme: { type: 'oauth2', flows: client } }));
      expect(connector.auth).toMatchObject({ scheme: { kind: 'bearer' } });
    },
  );

  it('may be given instead of the document’s', () => {
    const { connector } = load(withSchemes({ scheme: { type: 'http', scheme: 'basic' } }), {
      auth: { open: { kind: 'none' } },
    });
    expect(connector.auth).toEqual({ open: { kind: 'none' } });
  });
});

describe('the test of a connection', () => {
  const get = (more: object = {}) => ({ get: { responses: {}, ...more } });
  const connectorWithResponse = (properties: object) => ({
    responses: { 200: { content: { 'application/json': { schema: { properties } } } } },
  });
  const needed = { parameters: [{ name: 'q', in: 'query', required: true, schema: {} }] };
  const paths = {
    '/things/{id}': get(),
    '/status': get({ security: [] }),
    '/search/me': get(needed),
    '/old/me': get({ deprecated: true }),
    '/v1/me': get(connectorWithResponse({ user: { properties: { id: {}, email: {} } } })),
    '/things': get(),
  };
  const scheme = { type: 'http', scheme: 'bearer' };
  const rest = { components: { securitySchemes: { scheme } }, security: [{ scheme: [] }] };

  it('is the GET that best identifies the account of a credential, and needs one', () => {
    const { connector } = load(documentWith({ paths, ...rest }));
    expect(connector.test).toMatchObject({
      request: { method: 'GET', path: '/v1/me' },
      identity: { id: '/user/id', name: '/user/email' },
    });
  });

  it('may be chosen, with its input', () => {
    const { connector } = load(documentWith({ paths, ...rest }), {
      test: { action: 'getThingsById', input: { id: 'a' } },
    });
    expect(connector.test.request.path).toBe('/things/a');
    const bad = { test: { action: 'getThingsById', input: {} } };
    expect(() => load(documentWith({ paths, ...rest }), bad)).toThrow(/input of the test/);
    expect(() => load(documentWith({ paths }), { test: { action: 'other' } })).toThrow(
      /no operation/,
    );
  });

  it('is the server itself where nothing can be called without input, which is reported', () => {
    const skippedSentences: string[] = [];
    const { connector } = load(documentWith({ path: '/{id}' }), {
      onSkipped: (sentence) => skippedSentences.push(sentence),
    });
    expect(connector.test.example.url).toBe('https://api.example.com/v1/');
    expect(skippedSentences).toEqual([
      'The connection test: no GET can be called without parameters.',
    ]);
  });
});
