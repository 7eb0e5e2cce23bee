import { itemsOf, pagesOf, type ServicePage } from '../../client.js';

const page = (nextCursor?: string, more: object = {}) =>
  ({ executionId: 'e1', state: 'succeeded', nextCursor, ...more }) as ServicePage;

/** A hub that answers these, one after the other. */
function answering<Answer>(...answers: (Answer | Error)[]) {
  const asked: object[] = [];
  const ask = (params: object = {}) => {
    asked.push(params);
    const answer = answers.shift();
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as Answer);
  };
  return { asked, ask };
}

async function read<Item>(items: AsyncIterable<Item>, most = Infinity): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) if (found.push(item) >= most) break;
  return found;
}

const params = { integrationId: 'i1', action: 'list' };

describe('pagesOf', () => {
  it('asks with the cursor of the page before, until there is none', async () => {
    const { asked, ask } = answering(page('a'), page('b'), page());
    const pages = await read(pagesOf({ executeIntegration: ask }, { ...params, input: { n: 1 } }));
    expect(pages.map(({ nextCursor }) => nextCursor)).toEqual(['a', 'b', undefined]);
    const first = { ...params, input: { n: 1 } };
    expect(asked).toEqual([first, { ...first, cursor: 'a' }, { ...first, cursor: 'b' }]);
  });

  it('begins where it is told to, and asks for no page that nobody takes', async () => {
    const { asked, ask } = answering(page('b'), page());
    await read(pagesOf({ executeIntegration: ask }, { ...params, cursor: 'a' }), 1);
    expect(asked).toEqual([{ ...params, cursor: 'a' }]);
  });

  it('rejects with what a page was refused with, after the pages before it', async () => {
    const refused = new Error('no');
    const pages = pagesOf({ executeIntegration: answering(page('a'), refused).ask }, params);
    await pages.next();
    await expect(pages.next()).rejects.toBe(refused);
  });

  it('says that a queued call has no page yet', async () => {
    const { ask } = answering(page(undefined, { state: 'queued' }));
    await expect(read(pagesOf({ executeIntegration: ask }, params))).rejects.toThrow(
      'The call was queued as execution e1',
    );
  });

  it('does not go round in circles', async () => {
    const { asked, ask } = answering(page('a'), page('a'), page('a'));
    await expect(read(pagesOf({ executeIntegration: ask }, params))).rejects.toThrow(
      'the same one',
    );
    expect(asked).toHaveLength(2);
  });
});

describe('itemsOf', () => {
  it('gives each item of each page', async () => {
    const { asked, ask } = answering(
      { items: [1, 2], nextCursor: 'a' },
      { items: [], nextCursor: 'b' },
      { items: [3] },
    );
    expect(await read(itemsOf(ask, { limit: 2 }))).toEqual([1, 2, 3]);
    expect(asked).toEqual([{ limit: 2 }, { limit: 2, cursor: 'a' }, { limit: 2, cursor: 'b' }]);
  });

  it('needs no parameters', async () => {
    const { asked, ask } = answering({ items: [] });
    expect(await read(itemsOf(ask))).toEqual([]);
    expect(asked).toEqual([{}]);
  });
});
