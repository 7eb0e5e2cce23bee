import { failureOf, limitSigns, nextPage, readResponse } from '../../src/connectors/index.js';
import type { ConnectorSpec, LimitHeader, Pagination } from '../../src/contract/index.js';

const NOW = new Date('2026-01-02T03:04:05.000Z');

describe('a response', () => {
  const response = (contentType: string, body: string | Buffer, status = 200) => ({
    kind: 'response' as const,
    status,
    body: Buffer.from(body),
    headers: contentType === '' ? [] : ([['Content-Type', contentType]] as [string, string][]),
    bodyTruncated: false,
    durationMs: 1,
  });
  const read = (contentType: string, body: string | Buffer) =>
    readResponse(response(contentType, body)).body;

  it.each([
    ['application/json', '{"a":1}', { a: 1 }],
    ['application/vnd.api+json; charset=utf-8', '[1]', [1]],
    ['text/plain', '{"ok":true}', { ok: true }],
    ['', '{"ok":true}', { ok: true }],
    ['application/json', '{"a":', '{"a":'],
    ['text/html', '<p>', '<p>'],
    ['application/json', '', null],
    ['image/png', 'hi', { base64: 'aGk=', contentType: 'image/png' }],
    ['application/x-amz-json-1.0', '{"a":1}', { a: 1 }],
    ['application/x-amz-json-1.1; charset=utf-8', '{"a":', '{"a":'],
    ['application/xml', '<a/>', '<a/>'],
  ])('%s %s', (type, body, value) => {
    expect(read(type, body)).toEqual(value);
  });

  it('stays text where it is deeper than can be handled; brackets in its texts are not depth', () => {
    const deep = '['.repeat(1_001) + ']'.repeat(1_001);
    expect(read('application/json', deep)).toBe(deep);
    expect(read('application/json', deep.slice(1, -1))).toBeInstanceOf(Array);
    const text = `"${'{'.repeat(3_000)}`;
    expect(read('application/json', JSON.stringify({ text }))).toEqual({ text });
  });

  it('is read as its connector defines', () => {
    const connector = { read: (body: unknown) => ({ read: body }) };
    const body = (type: string, text: string) => readResponse(response(type, text), connector).body;
    expect(body('application/xml', '<a/>')).toEqual({ read: '<a/>' });
    expect(body('application/json', '{"a":1}')).toEqual({ read: { a: 1 } });
    expect(body('', '')).toEqual({ read: null });
  });

  it('that is a file is bytes, unless it is an error', () => {
    const connector = { read: () => 'read' };
    const body = (status: number, text: string) =>
      readResponse(response('Text/Plain; charset=latin1', text, status), connector, {
        reads: 'bytes',
      }).body;
    expect(body(200, '{"a":1}')).toEqual({ base64: 'eyJhIjoxfQ==', contentType: 'text/plain' });
    expect(body(206, '')).toEqual({ base64: '', contentType: 'text/plain' });
    expect(body(404, '{"a":1}')).toBe('read');
  });

  const FAILURES: ConnectorSpec['failures'] = {
    when: { at: '/ok', is: false },
    code: ['/error/code', '/error'],
    message: ['/error/message'],
    codes: { ratelimited: 'rateLimit', invalid_auth: 'authentication', constructor_: 'system' },
    statuses: { 418: 'conflict' },
  };

  it.each([
    [200, { ok: true }, undefined],
    [
      200,
      { ok: false, error: 'invalid_auth' },
      { kind: 'authentication', retryable: false, code: 'invalid_auth' },
    ],
    [200, { ok: false, error: 'ratelimited' }, { kind: 'rateLimit', retryable: true }],
    [200, { ok: false, error: 'constructor' }, { kind: 'provider', retryable: false }],
    [
      400,
      { error: { code: 'x', message: 'No such thing' } },
      { kind: 'validation', message: 'No such thing' },
    ],
    [401, null, { kind: 'authentication', retryable: false }],
    [402, null, { kind: 'permission' }],
    [403, null, { kind: 'permission' }],
    [404, null, { kind: 'notFound' }],
    [410, null, { kind: 'notFound' }],
    [408, null, { kind: 'provider', retryable: true }],
    [409, null, { kind: 'conflict' }],
    [418, null, { kind: 'conflict' }],
    [422, null, { kind: 'validation' }],
    [429, null, { kind: 'rateLimit', retryable: true }],
    [301, null, { kind: 'provider', retryable: false }],
    [500, '<html>', { kind: 'provider', retryable: true }],
    [501, 'plain text', { kind: 'provider', retryable: false, message: 'plain text' }],
    [503, null, { kind: 'provider', retryable: true }],
  ])('%i %j', (status, body, expected) => {
    const failure = failureOf({ failures: FAILURES }, { status, headers: {}, body });
    if (expected) expect(failure).toMatchObject({ status, ...expected });
    else expect(failure).toBeUndefined();
  });
});

describe('the limit in headers', () => {
  const at = (ms: number) => new Date(NOW.getTime() + ms);
  it.each<[string, LimitHeader[], Record<string, string>, object]>([
    ['Retry-After in seconds, undeclared', [], { 'retry-after': '7' }, { waitMs: 7_000 }],
    ['Retry-After as a date', [], { 'retry-after': at(9_000).toUTCString() }, { waitMs: 9_000 }],
    ['a date gone by', [], { 'retry-after': at(-9_000).toUTCString() }, { waitMs: 0 }],
    ['nonsense', [], { 'retry-after': 'soon' }, {}],
    ['more than a day', [], { 'retry-after': '999999' }, { waitMs: 86_400_000 }],
    [
      'milliseconds',
      [{ name: 'X-Wait', kind: 'wait', unit: 'milliseconds' }],
      { 'x-wait': '1500' },
      { waitMs: 1_500 },
    ],
    [
      'epoch seconds',
      [{ name: 'X-Reset', kind: 'reset', unit: 'epochSeconds' }],
      { 'x-reset': String(NOW.getTime() / 1000 + 60) },
      { resetsAt: at(60_000) },
    ],
    [
      'epoch milliseconds',
      [{ name: 'X-Reset', kind: 'reset', unit: 'epochMilliseconds' }],
      { 'x-reset': String(NOW.getTime() + 60_000) },
      { resetsAt: at(60_000) },
    ],
    [
      'the narrowest window and the longest wait',
      [
        { name: 'a', kind: 'remaining' },
        { name: 'b', kind: 'remaining' },
        { name: 'c', kind: 'wait', unit: 'seconds' },
      ],
      { a: '10', b: '3', c: '5', 'retry-after': '4' },
      { remaining: 3, waitMs: 5_000 },
    ],
  ])('%s', (_name, declared, headers, signs) => {
    expect(limitSigns(declared, { headers }, NOW)).toEqual(signs);
  });
});

describe('the next page', () => {
  const next = (
    pages: Pagination,
    url: string,
    body: unknown,
    headers: Record<string, string> = {},
  ) => nextPage(pages, { url: new URL(url) }, { status: 200, headers, body });
  const URL_ = 'https://api.example.com/list';
  const items = '/items' as const;

  it.each<[string, Pagination, string, unknown, object | undefined]>([
    [
      'cursor',
      { kind: 'cursor', items, next: '/next', param: 'cursor' },
      URL_,
      { next: 'c2' },
      { params: { cursor: 'c2' } },
    ],
    [
      'no cursor',
      { kind: 'cursor', items, next: '/next', param: 'cursor' },
      URL_,
      { next: '' },
      undefined,
    ],
    [
      'the same cursor',
      { kind: 'cursor', items, next: '/next', param: 'cursor' },
      `${URL_}?cursor=c2`,
      { next: 'c2' },
      undefined,
    ],
    [
      'last id',
      { kind: 'lastId', items, id: '/id', param: 'after', hasMore: '/more' },
      URL_,
      { items: [{ id: 'a' }, { id: 'b' }], more: true },
      { params: { after: 'b' } },
    ],
    [
      'last id of the end',
      { kind: 'lastId', items, id: '/id', param: 'after', hasMore: '/more' },
      URL_,
      { items: [{ id: 'a' }], more: false },
      undefined,
    ],
    [
      'page',
      { kind: 'page', items, param: 'page', first: 1, sizeParam: 'n', size: 2 },
      URL_,
      { items: [1, 2] },
      { params: { page: '2' } },
    ],
    [
      'page after the second',
      { kind: 'page', items, param: 'page', first: 1, sizeParam: 'n', size: 2 },
      `${URL_}?page=2`,
      { items: [1, 2] },
      { params: { page: '3' } },
    ],
    [
      'a short page',
      { kind: 'page', items, param: 'page', first: 1, sizeParam: 'n', size: 2 },
      URL_,
      { items: [1] },
      undefined,
    ],
    [
      'offset',
      { kind: 'offset', items, param: 'o', sizeParam: 'n', size: 50 },
      `${URL_}?o=4&n=2`,
      { items: [1, 2] },
      { params: { o: '6' } },
    ],
    [
      'a URL in the body',
      { kind: 'link', items, next: '/next' },
      URL_,
      { next: `${URL_}?p=2` },
      { url: `${URL_}?p=2` },
    ],
    [
      'a URL on another server',
      { kind: 'link', items, next: '/next' },
      URL_,
      { next: 'https://evil.example/list?p=2' },
      undefined,
    ],
    [
      'a URL that is the same',
      { kind: 'link', items, next: '/next' },
      URL_,
      { next: URL_ },
      undefined,
    ],
  ])('%s', (_name, pages, url, body, expected) => {
    const found = next(pages, url, body);
    if (expected) expect(found).toMatchObject(expected);
    else expect(found).toBeUndefined();
  });

  it.each([
    [`<${URL_}?page=2>; rel="next", <${URL_}?page=9>; rel="last"`, `${URL_}?page=2`],
    [`<${URL_}?page=1>; rel="prev", <${URL_}?page=3>; rel="next"`, `${URL_}?page=3`],
    [`<${URL_}?page=1>; rel="prev"`, undefined],
    ['<https://evil.example/>; rel="next"', undefined],
    ['', undefined],
  ])('of a Link header: %s', (link, url) => {
    expect(next({ kind: 'link', items: '' }, URL_, [], { link })).toEqual(
      url === undefined ? undefined : { kind: 'url', url },
    );
  });
});
