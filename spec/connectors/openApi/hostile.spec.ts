import { isLong } from '../../support/rounds.js';
import { documentProblem, documentWith, load } from './document.js';

// Without the bounds tested here these run for minutes, or out of memory: jest's own time limit is the assertion.
const times = <Value>(count: number, make: (nth: number) => Value): Value[] =>
  Array.from({ length: count }, (_, nth) => make(nth));
const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const byName = (entries: [string, unknown][]) => Object.fromEntries(entries);

/** A document whose operation accepts and returns the schema d0. */
const withSchemas = (schemas: Record<string, unknown>) =>
  documentWith({
    method: 'post',
    operation: {
      requestBody: { required: true, content: { 'application/json': { schema: ref('d0') } } },
      responses: { 200: { content: { 'application/json': { schema: ref('d0') } } } },
    },
    components: { schemas },
  });

describe('schemas', () => {
  it.each(['allOf', 'anyOf', 'oneOf'])('that multiply by %s are given up in time', (keyword) => {
    const document = withSchemas(
      byName(
        times(40, (nth) => [`d${nth}`, { [keyword]: times(6, () => ref(`d${(nth + 1) % 40}`)) }]),
      ),
    );
    const { action, refusal } = load(document);
    expect(refusal({ body: {} })).toEqual([
      expect.stringMatching(/took too long|nested too deeply/) as string,
    ]);
    expect(action().example.response).toBeDefined();
  });

  it('that contain themselves many times over have an example of bounded size', () => {
    const properties = byName(times(300, (nth) => [`p${nth}`, ref('d0')]));
    const d0 = { type: 'object', required: Object.keys(properties), properties };
    const { action } = load(withSchemas({ d0 }));
    const { length } = JSON.stringify(action().example.input);
    expect([length > 1_000, length < 50_000]).toEqual([true, true]);
  });

  it('that repeat a huge example do not multiply it', () => {
    const properties = byName(times(300, (nth) => [`p${nth}`, ref('d1')]));
    const d0 = { type: 'object', required: Object.keys(properties), properties };
    const { action } = load(withSchemas({ d0, d1: { example: 'x'.repeat(10_000_000) } }));
    expect(JSON.stringify(action().example.input).length).toBeLessThan(500_000);
  });

  it('that refer to themselves, to nothing, or to other documents restrict nothing', () => {
    const { refusal } = load(
      withSchemas({
        d0: {
          properties: { a: ref('d1'), b: ref('d9'), c: { $ref: 'https://evil.example/x.json' } },
        },
        d1: ref('d2'),
        d2: ref('d1'),
      }),
    );
    expect(refusal({ body: { a: 1, b: [], c: {} } })).toEqual([]);
  });

  it('nested deeper than a stack are read as far as it goes', () => {
    const depth = 20_000;
    const text = '{"properties":{"a":'.repeat(depth) + '{}' + '}}'.repeat(depth);
    const { refusal } = load(withSchemas({ d0: JSON.parse(text) as unknown }));
    expect(refusal({ body: { a: { a: 1 } } })).toEqual([]);
  });
});

it.each(['^(a+)+$', '^(?:a|a)*$', '^(\\w+\\s?)*$', '^(?:a?){9}(a+)*$'])(
  'the pattern %s, which backtracks, is decided in linear time',
  (pattern) => {
    const { refusal } = load(withSchemas({ d0: { type: 'string', pattern } }));
    expect(refusal({ body: `${'a'.repeat(50_000)}!` })).toEqual([
      expect.stringContaining('must match pattern') as string,
    ]);
  },
);

it.each(['((a{0,100}){0,100}){0,100}$', '^(?=.*\\d).+$', '(a)\\1'])(
  'the pattern %s, which has no linear form, restricts nothing',
  (pattern) => {
    const { refusal } = load(withSchemas({ d0: { type: 'string', pattern } }));
    expect(refusal({ body: `${'a'.repeat(50_000)}!` })).toEqual([]);
  },
);

describe('a part that thousands of operations share', () => {
  const pathCount = isLong ? 5_000 : 1_000;

  it('is read once', () => {
    const reads = { security: 0, servers: 0 };
    const counted = <Value>(list: keyof typeof reads, name: string, value: Value) =>
      Object.defineProperty({}, name, {
        enumerable: true,
        get(): Value {
          reads[list] += 1;
          return value;
        },
      });
    const operation = {
      responses: {},
      summary: 's'.repeat(1_000_000),
      externalDocs: { url: `https://example.com/${'y'.repeat(1_000_000)}` },
      security: times(50_000, (nth) => counted('security', `s${nth}`, [`scope${nth}`])),
      servers: times(5_000, (nth) => counted('servers', 'url', `http://example.com/${nth}`)),
    };
    const item = { get: operation, put: operation, post: operation, delete: operation };
    const document = documentWith({
      components: {
        item: { ...item, servers: [], parameters: times(500, () => ({ $ref: '#/x'.repeat(500) })) },
      },
      paths: byName([
        ...times(pathCount, (nth): [string, unknown] => [
          `/p${nth}`,
          { $ref: '#/components/item' },
        ]),
        ['/me', { get: { responses: {} } }],
      ]),
    });
    // Their servers are all plain http.
    expect(load(document).connector.actions).toHaveLength(1);
    const { connector } = load(document, { server: 'https://example.com' });
    expect(connector.actions).toHaveLength(4 * pathCount + 1);
    // As far as they are looked into, and not once an operation.
    for (const count of Object.values(reads))
      expect([count > 0, count < 1_000]).toEqual([true, true]);
  });

  it('may be a security requirement of a million scopes', () => {
    const scopes = times(100_000, (nth) => `scope${nth}`);
    const { connector } = load(
      documentWith({
        security: [{ grant: scopes }],
        components: {
          securitySchemes: {
            grant: {
              type: 'oauth2',
              flows: {
                clientCredentials: {
                  tokenUrl: '/token',
                  scopes: byName(scopes.map((scope) => [scope, scope])),
                },
              },
            },
          },
        },
        paths: byName(times(2 * pathCount, (nth) => [`/p${nth}`, { get: { responses: {} } }])),
      }),
    );
    expect(connector.actions).toHaveLength(2 * pathCount);
    expect(connector.actions[0]?.scopes?.length).toBeLessThanOrEqual(100);
  });
});

describe('texts of great length', () => {
  it.each([
    ['a server', documentWith({ servers: [{ url: `https://h/${'/'.repeat(2_000_000)}x` }] })],
    ['a path', documentWith({ path: `/${'a'.repeat(1_000_000)}1` })],
  ])('%s is refused', (_what, document) => {
    expect(documentProblem(document)).toMatch(/^This OpenAPI document cannot be used: .*\.$/);
  });

  it('a pattern is passed over', () => {
    const schema = { type: 'string', pattern: '[^'.repeat(500_000) };
    const parameters = [{ name: 'id', in: 'path', required: true, schema }];
    const { send } = load(documentWith({ path: '/things/{id}', operation: { parameters } }));
    expect(send({ id: 'x' }).url).toBe('https://api.example.com/v1/things/x');
  });
});

describe('names that every object has', () => {
  it('pollute nothing and are called like any other', () => {
    const document: unknown = JSON.parse(`{
      "openapi": "3.0.0", "info": { "title": "t", "version": "1" },
      "servers": [{ "url": "https://{__proto__}.example.com" }],
      "components": { "securitySchemes": {
        "__proto__": { "type": "apiKey", "in": "header", "name": "__proto__" },
        "constructor": { "type": "apiKey", "in": "query", "name": "constructor" } } },
      "security": [{ "__proto__": [], "constructor": [] }],
      "paths": { "/__proto__": { "get": { "operationId": "__proto__", "responses": { "__proto__": {} },
        "parameters": [
          { "name": "toString", "in": "query", "style": "toString", "schema": { "type": "array" } },
          { "name": "prototype", "in": "query", "schema": { "properties": { "__proto__": { "type": "string" } } } }
        ] } } } }`);
    const { connector, send, refusal } = load(document);
    const [name = ''] = connector.actions.map((each) => each.name);
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain(name);
    const sent = send({ toString: ['a'], prototype_query: {} }, name);
    expect(sent.url).toBe('https://example.example.com/__proto__?toString=a');
    expect(refusal(JSON.parse('{ "__proto__": { "polluted": 1 } }'), name)).toEqual([
      'must not have "__proto__"',
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const [authMethod] = Object.values(connector.auth);
    expect(Object.keys((authMethod?.kind === 'custom' && authMethod.headers) || {})).toEqual([
      '__proto__',
    ]);
  });

  it('are not references', () => {
    const $ref = '#/components/schemas/constructor/prototype';
    const { refusal } = load(withSchemas({ d0: { $ref } }));
    expect(refusal({ body: 1 })).toEqual([]);
  });
});
