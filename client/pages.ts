import type { HubClient } from './hubClient.js';

type ExecuteParams = Parameters<HubClient['executeIntegration']>[0];

/** One page of a service, as executeIntegration returns it. */
export type ServicePage = Awaited<ReturnType<HubClient['executeIntegration']>>;

/**
 * Iterates over the pages of an action that lists:
 * `for await (const { output } of pagesOf(hub, { integrationId, action: 'listCustomers' }))`. Each page is requested when the
 * loop reaches it, from `params.cursor` on. Rejects with the Parse.Error of the page that failed, and with an Error when a
 * limit has queued the call (`whenReached: 'queue'`), as a queued call has no next page.
 */
export async function* pagesOf(
  client: Pick<HubClient, 'executeIntegration'>,
  params: ExecuteParams,
): AsyncGenerator<ServicePage, void, undefined> {
  for await (const page of follow(
    (page: ExecuteParams) => client.executeIntegration(page),
    params,
  )) {
    if (page.state === 'queued') {
      throw new Error(
        `The call was queued as execution ${page.executionId}: call it again later for its pages.`,
      );
    }
    yield page;
  }
}

/**
 * Iterates over all items of a list of the hub, page by page: `for await (const webhook of itemsOf(hub.getWebhooks))`. `limit` is
 * the page size. Rejects with the Parse.Error of the page that failed.
 */
export async function* itemsOf<Params extends object, Item>(
  list: (params?: Params) => Promise<{
    readonly items: readonly Item[];
    readonly nextCursor?: string | undefined;
  }>,
  params?: Params,
): AsyncGenerator<Item, void, undefined> {
  for await (const { items } of follow(list, params ?? ({} as Params))) yield* items;
}

async function* follow<
  Params extends { readonly cursor?: string | undefined },
  Page extends { readonly nextCursor?: string | undefined },
>(load: (params: Params) => Promise<Page>, params: Params): AsyncGenerator<Page, void, undefined> {
  let { cursor } = params;
  for (;;) {
    const page = await load(cursor === undefined ? params : { ...params, cursor });
    yield page;
    if (page.nextCursor === undefined) return;
    if (page.nextCursor === cursor)
      throw new Error('The server returned the cursor of the same page again.');
    cursor = page.nextCursor;
  }
}
