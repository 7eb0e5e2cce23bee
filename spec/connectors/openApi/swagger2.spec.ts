import { load } from './document.js';

/** In the terms of https://swagger.io/specification/v2/, as far as they differ from those of OpenAPI 3. */
const DOCUMENT = {
  swagger: '2.0',
  info: { title: 'Pets', version: '1', description: 'Keeps <b>pets</b>. And more.' },
  host: 'api.example.com',
  basePath: '/v2/',
  schemes: ['http', 'https'],
  consumes: ['application/json'],
  produces: ['application/json'],
  securityDefinitions: {
    basic: { type: 'basic' },
    key: { type: 'apiKey', in: 'query', name: 'api_key' },
    grant: {
      type: 'oauth2',
      flow: 'accessCode',
      authorizationUrl: 'https://example.com/authorize',
      tokenUrl: 'https://example.com/token',
      scopes: { 'pets:read': 'See pets', 'pets:write': 'Change pets' },
    },
    implicit: { type: 'oauth2', flow: 'implicit', authorizationUrl: 'https://example.com/a' },
  },
  security: [{ grant: ['pets:read'] }],
  parameters: { limit: { name: 'limit', in: 'query', type: 'integer', maximum: 100 } },
  definitions: {
    Pet: {
      type: 'object',
      required: ['id', 'name'],
      properties: {
        id: { type: 'integer', readOnly: true },
        name: { type: 'string' },
        nick: { type: 'string', 'x-nullable': true },
      },
    },
  },
  paths: {
    '/pets': {
      get: {
        operationId: 'list_pets',
        summary: 'Lists pets',
        parameters: [
          { $ref: '#/parameters/limit' },
          ...(['csv', 'ssv', 'tsv', 'pipes', 'multi', 'constructor'] as const).map((format) => ({
            name: format,
            in: 'query',
            type: 'array',
            items: { type: 'string' },
            collectionFormat: format,
          })),
        ],
        responses: { 200: { schema: { type: 'array', items: { $ref: '#/definitions/Pet' } } } },
      },
      post: {
        operationId: 'addPet',
        security: [{ grant: ['pets:write'] }],
        parameters: [
          { name: 'pet', in: 'body', required: true, schema: { $ref: '#/definitions/Pet' } },
        ],
        responses: { 201: { schema: { $ref: '#/definitions/Pet' } } },
      },
    },
    '/pets/{id}/photo': {
      parameters: [{ name: 'id', in: 'path', required: true, type: 'integer' }],
      post: {
        operationId: 'addPhoto',
        consumes: ['multipart/form-data'],
        parameters: [
          { name: 'file', in: 'formData', required: true, type: 'file' },
          { name: 'caption', in: 'formData', type: 'string', maxLength: 10 },
        ],
        responses: {},
      },
      put: {
        operationId: 'setCaption',
        consumes: ['application/x-www-form-urlencoded'],
        parameters: [
          { name: 'caption', in: 'formData', required: true, type: 'string' },
          { name: 'tags', in: 'formData', type: 'array', items: {}, collectionFormat: 'multi' },
        ],
        responses: {},
      },
    },
  },
};

const { connector, action, send, refusal } = load(DOCUMENT);

it('is a connector of its host, by https, with its auth methods', () => {
  expect(connector.servers).toEqual({ default: 'https://api.example.com/v2' });
  expect(connector.name).toBe('Pets');
  expect(connector.description).toBe('Keeps pets.');
  const names = connector.actions.map(({ name }) => name);
  expect(names).toEqual(['listPets', 'addPet', 'addPhoto', 'setCaption']);
  expect(connector.auth).toMatchObject({
    grant: {
      kind: 'oauth2Code',
      tokenUrl: 'https://example.com/token',
      scopes: { 'pets:read': 'See pets', 'pets:write': 'Change pets' },
      defaultScopes: ['pets:read'],
    },
    basic: { kind: 'basic' },
    key: { kind: 'apiKey', location: { in: 'query', name: 'api_key' } },
    implicit: { kind: 'bearer' },
  });
  expect(action('addPet').scopes).toEqual(['pets:write']);
  expect(connector.test.example.url).toBe('https://api.example.com/v2/pets');
});

it.each([
  ['csv', 'csv=a%2Cb'],
  ['ssv', 'ssv=a+b'],
  ['tsv', 'tsv=a%09b'],
  ['pipes', 'pipes=a%7Cb'],
  ['multi', 'multi=a&multi=b'],
  ['constructor', 'constructor=a%2Cb'],
])('writes lists as %s', (format, query) => {
  const key = format === 'constructor' ? 'constructor_query' : format;
  expect(send({ [key]: ['a', 'b'] }, 'listPets').url).toBe(
    `https://api.example.com/v2/pets?${query}`,
  );
});

it('sends bodies, forms and files', async () => {
  const pet = { name: 'Rex', nick: null };
  const sent = send({ body: pet }, 'addPet');
  expect(JSON.parse(sent.text ?? '')).toEqual(pet);
  expect(sent.headers['content-type']).toBe('application/json');
  const form = send({ id: 1, body: { caption: 'A & B', tags: ['x', 'y'] } }, 'setCaption');
  expect(form.url).toBe('https://api.example.com/v2/pets/1/photo');
  expect(form.text).toBe('caption=A+%26+B&tags=x&tags=y');
  const file = { base64: 'aGVsbG8=', filename: 'hello.txt', contentType: 'text/plain' };
  const photo = send({ id: 1, body: { file, caption: 'Hi' } }, 'addPhoto');
  const parts = await new Response(photo.text, { headers: photo.headers }).formData();
  expect(parts.get('caption')).toBe('Hi');
  expect(await (parts.get('file') as File).text()).toBe('hello');
});

it('refuses what the document does not allow', () => {
  expect(refusal({ limit: 101 }, 'listPets')).toEqual(['limit must be <= 100']);
  expect(refusal({ body: { nick: 'Rex' } }, 'addPet')).toEqual([
    "body must have required property 'name'",
  ]);
  expect(refusal({ id: 1, body: { file: 'text' } }, 'addPhoto')).toEqual([
    'body/file must be object',
  ]);
  expect(refusal({ id: 'x', body: { caption: 'a' } }, 'setCaption')).toEqual([
    'id must be integer',
  ]);
});
