import type { DeliveryRow, WebhookStore } from '../store.js';

/** Rows read at once. Two pages are in memory for each lane that this process holds. */
const PAGE_ROWS = 100;

/** Due deliveries of a webhook in order; while a page is worked, the next one is read. */
export async function* duePages(
  store: WebhookStore,
  webhookId: string,
): AsyncGenerator<readonly DeliveryRow[]> {
  const load = (after?: { dueAt: Date; id: string }) =>
    store.loadDue({ key: webhookId, after, limit: PAGE_ROWS });
  let page = await load();
  for (;;) {
    const { dueAt, id = '' } = page.length < PAGE_ROWS ? {} : (page.at(-1) ?? {});
    const next = dueAt && load({ dueAt, id });
    // Whoever stops before the next page does not meet its failure.
    next?.catch(() => undefined);
    yield page;
    if (!next) return;
    page = await next;
  }
}
