import { itemsOf, pagesOf, type ServicePage } from '../../client.js';

const page = (nextCursor?: string, more: object = {}) =>
  ({ executionId: 'e1', state: 'succeeded', nextCursor, ...more }) as ServicePage;

/** A hub that returns these pages one after the other. */
function stubPages<Response>(...responses: (Response | Error)[]) {
  const requests: object[] = [];
  const load = (params: object = {}) => {
    requests.push(params);
    const response = responses.shift();
    return response instanceof Error
      ? Promise.reject(response)
      : Promise.resolve(response as Response);
  };
  return { requests, load };
}

async function read<Item>(items: AsyncIterable<Item>, max = Infinity): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) if (found.push(item) >= max) break;
  return found;
}

const params = { integrationId: 'i1', action: 'list' };

describe('pagesOf', () => {
  it('passes the cursor of the previous page, until there is none', async () => {
    const { requests, load } = stubPages(page('a'), page('b'), page());
    const pages = await read(pagesOf({ executeIntegration: load }, { ...params, input: { n: 1 } }));
    expect(pages.map(({ nextCursor }) => nextCursor)).toEqual(['a', 'b', undefined]);
    const first = { ...params, input: { n: 1 } };
    expect(requests).toEqual([first, { ...first, cursor: 'a' }, { ...first, cursor: 'b' }]);
  });

  it('starts at the given cursor, and requests only the pages that are iterated', async () => {
    const { requests, load } = stubPages(page('b'), page());
    await read(pagesOf({ executeIntegration: load }, { ...params, cursor: 'a' }), 1);
    expect(requests).toEqual([{ ...params, cursor: 'a' }]);
  });

  it('rejects with the error of a page, after the previous pages', async () => {
    const refused = new Error('no');
    const pages = pagesOf({ executeIntegration: stubPages(page('a'), refused).load }, params);
    await pages.next();
    await expect(pages.next()).rejects.toBe(refused);
  });

  it('rejects when a queued call has no page yet', async () => {
    const { load } = stubPages(page(undefined, { state: 'queued' }));
    await expect(read(pagesOf({ executeIntegration: load }, params))).rejects.toThrow(
      'The call was queued as execution e1',
    );
  });

  it('does not loop on a repeated cursor', async () => {
    const { requests, load } = stubPages(page('a'), page('a'), page('a'));
    await expect(read(pagesOf({ executeIntegration: load }, params))).rejects.toThrow(
      'cursor of the same page',
    );
    expect(requests).toHaveLength(2);
  });
});

describe('itemsOf', () => {
  it('returns each item of each page', async () => {
    const { requests, load } = stubPages(
      { items: [1, 2], nextCursor: 'a' },
      { items: [], nextCursor: 'b' },
      { items: [3] },
    );
    expect(await read(itemsOf(load, { limit: 2 }))).toEqual([1, 2, 3]);
    expect(requests).toEqual([{ limit: 2 }, { limit: 2, cursor: 'a' }, { limit: 2, cursor: 'b' }]);
  });

  it('needs no parameters', async () => {
    const { requests, load } = stubPages({ items: [] });
    expect(await read(itemsOf(load))).toEqual([]);
    expect(requests).toEqual([{}]);
  });
});
