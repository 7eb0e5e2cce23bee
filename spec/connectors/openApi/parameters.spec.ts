import { PathValueRefused } from '../../../src/contract/index.js';
import { documentWith, load } from './document.js';

const LIST = ['blue', 'black', 'brown'];
const OBJECT = { R: 100, G: 200, B: 150 };

const colorIn = (location: string, more: object, path = '/things') =>
  load(
    documentWith({
      path,
      operation: {
        parameters: [{ name: 'color', in: location, required: true, schema: {}, ...more }],
      },
    }),
  );

describe('parameters are encoded as in the table of the specification', () => {
  // https://spec.openapis.org/oas/v3.0.4.html#style-examples, separators encoded where a query needs it.
  it.each<[string, boolean, unknown, string]>([
    ['matrix', false, 'blue', ';color=blue'],
    ['matrix', false, LIST, ';color=blue,black,brown'],
    ['matrix', false, OBJECT, ';color=R,100,G,200,B,150'],
    ['matrix', true, LIST, ';color=blue;color=black;color=brown'],
    ['matrix', true, OBJECT, ';R=100;G=200;B=150'],
    ['label', false, 'blue', '.blue'],
    ['label', false, LIST, '.blue,black,brown'],
    ['label', true, LIST, '.blue.black.brown'],
    ['label', true, OBJECT, '.R=100.G=200.B=150'],
    ['simple', false, LIST, 'blue,black,brown'],
    ['simple', false, OBJECT, 'R,100,G,200,B,150'],
    ['simple', true, OBJECT, 'R=100,G=200,B=150'],
  ])('in the path as %s, exploded: %s, %j', (style, explode, color, text) => {
    const { send } = colorIn('path', { style, explode }, '/things/{color}');
    expect(send({ color }).url).toBe(`https://api.example.com/v1/things/${text}`);
  });

  it.each<[string, boolean, unknown, string]>([
    ['form', false, 'blue', 'color=blue'],
    ['form', false, LIST, 'color=blue%2Cblack%2Cbrown'],
    ['form', false, OBJECT, 'color=R%2C100%2CG%2C200%2CB%2C150'],
    ['form', true, LIST, 'color=blue&color=black&color=brown'],
    ['form', true, OBJECT, 'R=100&G=200&B=150'],
    ['spaceDelimited', false, LIST, 'color=blue+black+brown'],
    ['pipeDelimited', false, LIST, 'color=blue%7Cblack%7Cbrown'],
    ['deepObject', true, OBJECT, 'color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150'],
  ])('in the query as %s, exploded: %s, %j', (style, explode, color, query) => {
    const { send } = colorIn('query', { style, explode });
    expect(send({ color }).url).toBe(`https://api.example.com/v1/things?${query}`);
  });

  it('in a header, in a cookie, and as JSON', () => {
    const header = colorIn('header', { explode: true });
    expect(header.send({ color: OBJECT }).headers['color']).toBe('R=100,G=200,B=150');
    expect(colorIn('cookie', {}).send({ color: 'a b;c' }).headers['cookie']).toBe(
      'color=a%20b%3Bc',
    );
    const json = colorIn('query', {
      schema: undefined,
      content: { 'application/json': { schema: { type: 'object' } } },
    });
    expect(new URL(json.send({ color: OBJECT }).url).searchParams.get('color')).toBe(
      '{"R":100,"G":200,"B":150}',
    );
  });
});

describe('a value of the path', () => {
  const { send } = load(
    documentWith({
      path: '/a{first}/{second}',
      operation: { parameters: [{ name: 'first', in: 'path', schema: { type: 'string' } }] },
    }),
  );

  it('is encoded, so that it stays one segment', () => {
    const values = ['/etc', 'a/../b', '?x=1', '#x', '@evil.example', '\\\\evil', '%2e%2e', ' '];
    for (const value of values) {
      const { host, pathname, search, hash } = new URL(send({ first: 'x', second: value }).url);
      expect([host, pathname.split('/').length, search, hash]).toEqual([
        'api.example.com',
        4,
        '',
        '',
      ]);
      expect(decodeURIComponent(pathname.split('/')[3] ?? '')).toBe(value);
    }
  });

  it.each(['.', '..', '', 'a\nb', '\0'])('is refused where it is %j', (second) => {
    expect(() => send({ first: 'x', second })).toThrow(PathValueRefused);
  });

  it('makes no `..` segment together with the text before it', () => {
    const dotted = load(documentWith({ path: '/things/.{rest}' }));
    expect(() => dotted.send({ rest: '.' })).toThrow(PathValueRefused);
    expect(dotted.send({ rest: 'x' }).url).toBe('https://api.example.com/v1/things/.x');
    const encoded = load(documentWith({ path: '/things/%2e{rest}' }));
    expect(() => encoded.send({ rest: '.' })).toThrow(PathValueRefused);
  });

  it('has slashes only where they are kept, and then no `..` segment', () => {
    const whole = load(documentWith({ path: '/files/{+name}' }));
    expect(whole.send({ name: 'a b/c' }).url).toBe('https://api.example.com/v1/files/a%20b/c');
    for (const name of ['a/../../b', '/a', 'a//b', './a'])
      expect(() => whole.send({ name })).toThrow(PathValueRefused);
    const named = load(documentWith({ path: '/files/{name}' }), { wholePaths: ['name'] });
    expect(named.send({ name: 'a/b' }).url).toBe('https://api.example.com/v1/files/a/b');
  });
});

describe('an input', () => {
  it('has a name for each parameter, even where two have the same', () => {
    const parameters = ['path', 'query', 'header', 'cookie'].map((location) => ({
      name: 'id',
      in: location,
      required: true,
      schema: { type: 'integer' },
    }));
    const { send } = load(documentWith({ path: '/things/{id}', operation: { parameters } }));
    const sent = send({ id: 1, id_query: 2, id_header: 3, id_cookie: 4 });
    expect(sent.url).toBe('https://api.example.com/v1/things/1?id=2');
    expect(sent.headers).toMatchObject({ id: '3', cookie: 'id=4' });
  });

  it('is refused with a sentence that does not repeat the value', () => {
    const parameters = [
      { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 100 } },
      { name: 'state', in: 'query', required: true, schema: { enum: ['open', 'closed'] } },
    ];
    const { refusal } = load(documentWith({ operation: { parameters } }));
    expect(refusal({ limit: 'SECRET', state: 'open' })).toEqual(['limit must be integer']);
    expect(refusal({ limit: 101, state: 'SECRET' })).toEqual([
      'limit must be <= 100',
      'state must be one of "open", "closed"',
    ]);
    expect(refusal({})).toEqual(["must have required property 'state'"]);
    expect(refusal({ state: 'open', other: 1 })).toEqual(['must not have "other"']);
  });

  it('sets no header of the credential, of the client, or made from the request', () => {
    const names = ['Authorization', 'Host', 'Connection', 'Transfer-Encoding', 'X-Key', 'X-Free'];
    const parameters = names.map((name) => ({ name, in: 'header', schema: { type: 'string' } }));
    const { refusal, send } = load(
      documentWith({
        operation: { parameters },
        components: { securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'x-key' } } },
        security: [{ key: [] }],
      }),
    );
    expect(send({ 'X-Free': 'a' }).headers).toMatchObject({ 'x-free': 'a' });
    for (const name of names.slice(0, -1))
      expect(refusal({ [name]: 'a' })).toEqual([`must not have "${name}"`]);
    expect(refusal({ 'X-Free': 'a\r\nHost: evil' })).toEqual([
      'X-Free has characters that a header cannot carry',
    ]);
  });
});
