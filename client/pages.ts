import type { HubClient } from './hubClient.js';

type ExecuteParams = Parameters<HubClient['executeIntegration']>[0];

/** One answer of a service, as executeIntegration answers it. */
export type ServicePage = Awaited<ReturnType<HubClient['executeIntegration']>>;

/**
 * The pages of what an action lists, each asked of the service when it is its turn:
 * `for await (const { output } of pagesOf(hub, { integrationId, action: 'listCustomers' }))`. Leave the loop and no more is
 * asked. Begins where `params.cursor` says, if it does. Rejects with the Parse.Error of the page that failed, and with an
 * Error when a limit has queued the call (`whenReached: 'queue'`): its answer comes later, and no next page can be asked for.
 */
export async function* pagesOf(
  client: Pick<HubClient, 'executeIntegration'>,
  params: ExecuteParams,
): AsyncGenerator<ServicePage, void, undefined> {
  for await (const page of follow(
    (given: ExecuteParams) => client.executeIntegration(given),
    params,
  )) {
    if (page.state === 'queued') {
      throw new Error(
        `The call was queued as execution ${page.executionId}: ask for its pages later.`,
      );
    }
    yield page;
  }
}

/**
 * Every item of a list of the hub's, page after page: `for await (const webhook of itemsOf(hub.getWebhooks))`. `limit` says
 * how many are asked for at once. Rejects with the Parse.Error of the page that failed.
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
    if (page.nextCursor === cursor) throw new Error('The next page would be the same one again.');
    cursor = page.nextCursor;
  }
}
