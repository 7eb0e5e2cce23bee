import { documentProblem, documentWith, load } from './document.js';

describe('a document', () => {
  it.each(['3.0.0', '3.0.4', '3.1.1', '3.2.0'])('may be of OpenAPI %s, as text too', (openapi) => {
    expect(documentProblem(documentWith({ openapi }))).toBe('it can be used');
    expect(documentProblem(JSON.stringify(documentWith({ openapi })))).toBe('it can be used');
  });

  it.each<[unknown, RegExp]>([
    [undefined, /it is not a JSON object/],
    ['openapi: 3.0.0', /it is not JSON; parse YAML before passing it/],
    [[], /it is not a JSON object/],
    [{ swagger: '1.2', paths: {} }, /its version is "1.2"/],
    [documentWith({ openapi: '4.0.0' }), /its version is "4.0.0"/],
    [{ paths: {} }, /it declares neither openapi/],
    [documentWith({ paths: [] }), /it has no paths/],
    [documentWith({ paths: {} }), /it has no operation/],
    [documentWith({ paths: { '/a': { trace: { responses: {} } } } }), /it has no operation/],
    [documentWith({ servers: [] }), /there is none; pass server/],
    ['x'.repeat(64 * 1024 * 1024 + 1), /it has more than 67108864 characters/],
  ])('is refused with a sentence', (document, problem) => {
    const found = documentProblem(document);
    expect(found).toMatch(/^This OpenAPI document cannot be used: .*\.$/);
    expect(found).toMatch(problem);
  });
});

it('names each operation once, for people and for JavaScript', () => {
  const ids = [
    'List Pets',
    'list_pets',
    'listPets',
    'GET_users_by_ID',
    'constructor',
    'then',
    '日本',
  ];
  const paths = Object.fromEntries(
    ids.map((operationId, nth) => [
      `/things/{id}/p${nth}`,
      { get: { operationId, responses: {} } },
    ]),
  );
  const { connector } = load(documentWith({ paths }));
  expect(connector.actions.map(({ name }) => name)).toEqual([
    ...['listPets', 'listPets2', 'listPets3', 'getUsersById', 'constructor2', 'then2'],
    'getThingsByIdP6',
  ]);
});

describe('a body', () => {
  const taking = (content: object) =>
    load(documentWith({ method: 'post', operation: { requestBody: { content } } }));

  it('has the media type that the caller chooses, or the preferred one', () => {
    const schema = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } };
    const { send, refusal } = taking({
      'application/x-www-form-urlencoded': { schema },
      'application/vnd.things+json': { schema },
    });
    expect(send({ body: { a: 1 } })).toMatchObject({
      headers: { 'content-type': 'application/vnd.things+json' },
      text: '{"a":1}',
    });
    const contentType = 'application/x-www-form-urlencoded';
    expect(send({ contentType, body: { a: 1 } })).toMatchObject({
      headers: { 'content-type': contentType },
      text: 'a=1',
    });
    expect(refusal({ contentType, body: {} })).toContain("body must have required property 'a'");
    expect(refusal({ contentType: 'text/plain', body: { a: 1 } })[0]).toMatch(/must be one of/);
  });

  it('that is a form has members, whatever its schema says', () => {
    const form = taking({ 'application/x-www-form-urlencoded': { schema: { type: 'string' } } });
    expect(form.send({ body: { q: 'a b' } }).text).toBe('q=a+b');
    expect(form.refusal({ body: 'q=a' })).toEqual(['body must be object']);
  });

  it('may be text, or bytes', () => {
    expect(taking({ 'text/csv': {} }).send({ body: 'a,b' })).toMatchObject({
      headers: { 'content-type': 'text/csv' },
      text: 'a,b',
    });
    const bytes = taking({ 'image/png': { schema: { type: 'string', format: 'binary' } } });
    expect(bytes.send({ body: { base64: 'aGVsbG8=' } })).toMatchObject({ text: 'hello' });
    expect(bytes.refusal({ body: { base64: '***' } })).toEqual([
      'body/base64 must match format "base64"',
    ]);
  });

  it('is required except for members that only the service writes', () => {
    const schema = {
      required: ['id', 'name', 'kind'],
      properties: { id: { readOnly: true }, name: {}, kind: { $ref: '#/components/schemas/kind' } },
    };
    const { refusal } = load(
      documentWith({
        method: 'post',
        operation: { requestBody: { content: { 'application/json': { schema } } } },
        components: { schemas: { kind: { type: 'string', nullable: true, enum: ['a', null] } } },
      }),
    );
    expect(refusal({ body: { name: 'x', kind: null } })).toEqual([]);
    expect(refusal({ body: { kind: 'b' } })).toContain("body must have required property 'name'");
  });
});
