import { itemsOf, nextPage } from '../../src/connectors/index.js';
import type { Pagination, ProviderResponse } from '../../src/contract/index.js';

const SENT = 'https://api.example.com/v1/things';
const sent = (query = '') => ({ url: new URL(SENT + query) });
const response = (body: unknown, headers: ProviderResponse['headers'] = {}): ProviderResponse => ({
  status: 200,
  headers,
  body,
});
const inQuery = (params: Record<string, string>) => ({ kind: 'params', in: 'query', params });
const toUrl = (url: string) => ({ kind: 'url', url });
const things = (count: number) => Array.from({ length: count }, (_, nth) => ({ id: `t${nth}` }));

describe('the items', () => {
  const at = (items: Pagination['items']): Pagination => ({ kind: 'link', items });

  it.each<[string, Pagination['items'], unknown, readonly unknown[]]>([
    ['in a member', '/data', { data: [1, 2] }, [1, 2]],
    ['further down', '/a/b', { a: { b: [1] } }, [1]],
    ['the whole', '', [1, 2], [1, 2]],
    ['where there is nothing', '/data', {}, []],
    ['where there is no list', '/data', { data: { id: 1 } }, []],
    ['of no document', '/data', null, []],
    ['of an object that was to be a list', '', { message: 'No' }, []],
  ])('%s', (_case, items, body, found) => {
    expect(itemsOf(at(items), response(body))).toEqual(found);
  });
});

describe('a cursor', () => {
  const pages: Pagination = { kind: 'cursor', items: '/data', next: '/meta/next', param: 'cursor' };

  it.each<[string, unknown, string, string]>([
    ['begins', 'abc', '', 'abc'],
    ['goes on', 'def', '?cursor=abc', 'def'],
    ['may be a number', 7, '?cursor=6', '7'],
  ])('%s', (_case, next, query, cursor) => {
    expect(nextPage(pages, sent(query), response({ meta: { next } }))).toEqual(inQuery({ cursor }));
  });

  it.each<[string, unknown, string]>([
    ['missing', { meta: {} }, ''],
    ['null', { meta: { next: null } }, ''],
    ['empty', { meta: { next: '' } }, ''],
    ['false', { meta: { next: false } }, ''],
    ['the same again', { meta: { next: 'abc' } }, '?cursor=abc'],
    ['without its parent', {}, ''],
  ])('ends when it is %s', (_case, body, query) => {
    expect(nextPage(pages, sent(query), response(body))).toBeUndefined();
  });

  it('may go into the body', () => {
    expect(nextPage({ ...pages, in: 'body' }, sent(), response({ meta: { next: 'abc' } }))).toEqual(
      {
        kind: 'params',
        in: 'body',
        params: { cursor: 'abc' },
      },
    );
  });
});

describe('the last id', () => {
  const pages: Pagination = {
    kind: 'lastId',
    items: '/data',
    id: '/id',
    param: 'starting_after',
    hasMore: '/has_more',
  };

  it('is requested while there are more', () => {
    const body = { data: things(3), has_more: true };
    expect(nextPage(pages, sent(), response(body))).toEqual(inQuery({ starting_after: 't2' }));
  });

  it.each<[string, unknown]>([
    ['there are no more', { data: things(3), has_more: false }],
    ['it is missing', { data: things(3) }],
    ['it has another type', { data: things(3), has_more: 'true' }],
    ['the page is empty', { data: [], has_more: true }],
    ['the last has no id', { data: [{ id: 'a' }, {}], has_more: true }],
  ])('ends when %s', (_case, body) => {
    expect(nextPage(pages, sent(), response(body))).toBeUndefined();
  });

  it('ends when the page ends with the id of the request', () => {
    const body = { data: [{ id: 't1' }, { id: 't0' }], has_more: true };
    expect(nextPage(pages, sent('?starting_after=t0'), response(body))).toBeUndefined();
  });
});

describe('numbers of pages', () => {
  const pages: Pagination = {
    kind: 'page',
    items: '/data',
    param: 'page',
    first: 1,
    sizeParam: 'per_page',
    size: 2,
  };

  it.each<[string, string, number, string]>([
    ['begin at the first', '', 2, '2'],
    ['go on', '?page=2', 2, '3'],
    ['use the size of the request', '?page=2&per_page=5', 5, '3'],
    ['go on after a page longer than requested', '?page=2', 3, '3'],
  ])('%s', (_case, query, got, page) => {
    const body = { data: things(got) };
    expect(nextPage(pages, sent(query), response(body))).toEqual(inQuery({ page }));
  });

  it('may begin at 0', () => {
    const fromZero: Pagination = { ...pages, first: 0 };
    expect(nextPage(fromZero, sent(), response({ data: things(2) }))).toEqual(
      inQuery({ page: '1' }),
    );
  });

  it.each<[string, string, number]>([
    ['a short page', '?page=2', 1],
    ['a page shorter than requested', '?page=2&per_page=5', 4],
    ['an empty page', '?page=2', 0],
    ['an empty page of none', '?page=2&per_page=0', 0],
  ])('end with %s', (_case, query, got) => {
    expect(nextPage(pages, sent(query), response({ data: things(got) }))).toBeUndefined();
  });
});

describe('an offset', () => {
  const pages: Pagination = {
    kind: 'offset',
    items: '/data',
    param: 'offset',
    sizeParam: 'limit',
    size: 2,
  };

  it.each<[string, string, number, string]>([
    ['begins', '', 2, '2'],
    ['goes on', '?offset=4', 2, '6'],
    ['counts the items that came', '?offset=4&limit=2', 3, '7'],
  ])('%s', (_case, query, got, offset) => {
    const body = { data: things(got) };
    expect(nextPage(pages, sent(query), response(body))).toEqual(inQuery({ offset }));
  });

  it.each<[string, number]>([
    ['a short page', 1],
    ['an empty page', 0],
  ])('ends with %s', (_case, got) => {
    expect(nextPage(pages, sent('?offset=4'), response({ data: things(got) }))).toBeUndefined();
  });
});

describe('links', () => {
  const pages: Pagination = { kind: 'link', items: '' };
  const link = (text: string) => nextPage(pages, sent('?page=1'), response([], { link: text }));
  const NEXT = `${SENT}?page=2`;

  // https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api and RFC 8288 §3
  it.each<[string, string]>([
    ['alone', `<${NEXT}>; rel="next"`],
    ['first', `<${NEXT}>; rel="next", <${SENT}?page=5>; rel="last"`],
    ['after another', `<${SENT}?page=1>; rel="prev", <${NEXT}>; rel="next"`],
    ['without quotes', `<${NEXT}>; rel=next`],
    ['among other parameters', `<${NEXT}>; title="a"; rel="next"; type="x"`],
    ['one of several relations', `<${NEXT}>; rel="last next"`],
    ['in capitals', `<${NEXT}>; REL="Next"`],
    ['relative to what was sent', '</v1/things?page=2>; rel="next"'],
  ])('%s', (_case, text) => {
    expect(link(text)).toEqual(toUrl(NEXT));
  });

  it.each<[string, string]>([
    ['there is no next', `<${SENT}?page=1>; rel="prev", <${SENT}?page=1>; rel="first"`],
    ['the relation only contains the name', `<${NEXT}>; rel="nextish"`],
    ['it is on another server', '<https://evil.example.com/v1/things?page=2>; rel="next"'],
    ['it is on another port', '<https://api.example.com:8443/v1/things?page=2>; rel="next"'],
    ['it is in the clear', '<http://api.example.com/v1/things?page=2>; rel="next"'],
    ['it looks like the same server', '<https://api.example.com@evil.example.com/>; rel="next"'],
    ['it names a server without a scheme', '<//evil.example.com/v1/things>; rel="next"'],
    ['it is of another kind', '<javascript:alert(1)>; rel="next"'],
    ['it leads back to the same page', `<${SENT}?page=1>; rel="next"`],
    ['it is nonsense', 'next'],
    ['it is empty', ''],
  ])('end when %s', (_case, text) => {
    expect(link(text)).toBeUndefined();
  });

  it('end without the header', () => {
    expect(nextPage(pages, sent(), response([]))).toBeUndefined();
  });

  it('may be in the body, under the same rules', () => {
    const inBody: Pagination = { kind: 'link', items: '/data', next: '/paging/next' };
    const at = (next: unknown) => nextPage(inBody, sent('?page=1'), response({ paging: { next } }));
    expect(at(NEXT)).toEqual(toUrl(NEXT));
    expect(at('?page=2')).toEqual(toUrl(NEXT));
    expect(at('https://evil.example.com/')).toBeUndefined();
    expect(at(`${SENT}?page=1`)).toBeUndefined();
    expect(at(null)).toBeUndefined();
    expect(at('https://')).toBeUndefined();
  });
});
