import { type Pagination, parseUrl, type ProviderResponse } from '../../contract/index.js';
import type { Outgoing } from '../request/outgoing.js';
import { textAt, valueAt } from './pointer.js';

/** Returns the items of a page; an empty list when there is no list at the pointer. */
export function itemsOf(
  { items }: Pagination,
  { body }: Pick<ProviderResponse, 'body'>,
): readonly unknown[] {
  const found = valueAt(body, items);
  return Array.isArray(found) ? found : [];
}

/**
 * How the request of the next page differs from `sent`: values for parameters, or a whole URL on the same server.
 * `undefined` after the last page, and when the URL repeats a page or is on another server.
 */
export type NextPage =
  | {
      readonly kind: 'params';
      readonly in: 'query' | 'body';
      readonly params: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'url'; readonly url: string };

export function nextPage(
  pages: Pagination,
  sent: Pick<Outgoing, 'url'>,
  response: ProviderResponse,
): NextPage | undefined {
  const query = sent.url.searchParams;
  switch (pages.kind) {
    case 'cursor': {
      const cursor = textAt(response.body, pages.next);
      if (cursor === undefined || cursor === query.get(pages.param)) return undefined;
      return { kind: 'params', in: pages.in ?? 'query', params: { [pages.param]: cursor } };
    }
    case 'lastId': {
      const last = itemsOf(pages, response).at(-1);
      const id = textAt(last, pages.id);
      if (valueAt(response.body, pages.hasMore) !== true || id === undefined) return undefined;
      if (id === query.get(pages.param)) return undefined;
      return { kind: 'params', in: 'query', params: { [pages.param]: id } };
    }
    case 'page':
    case 'offset':
      return nextNumber(pages, query, itemsOf(pages, response).length);
    case 'link':
      return nextUrl(
        pages.next === undefined ? linkNext(response) : textAt(response.body, pages.next),
        sent.url,
      );
  }
}

function nextNumber(
  pages: Extract<Pagination, { kind: 'page' | 'offset' }>,
  query: URLSearchParams,
  got: number,
): NextPage | undefined {
  const size = Number(query.get(pages.sizeParam) ?? pages.size);
  if (got === 0 || got < size) return undefined;
  const first = pages.kind === 'page' ? pages.first : 0;
  const at = Number(query.get(pages.param) ?? first);
  const next = pages.kind === 'page' ? at + 1 : at + got;
  return { kind: 'params', in: 'query', params: { [pages.param]: String(next) } };
}

/** https://www.rfc-editor.org/rfc/rfc8288#section-3 */
function linkNext({ headers }: ProviderResponse): string | undefined {
  const links = (headers['link'] ?? '').matchAll(/<([^<>]*)>((?:[^<",]|"[^"]*")*)/g);
  for (const [, url, params = ''] of links) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;]*))/i.exec(params) ?? [];
    if ((quoted ?? bare ?? '').toLowerCase().split(/\s+/).includes('next')) return url;
  }
  return undefined;
}

/**
 * Returns the URL of the next page, which must be on the same server because the credential is sent with the request.
 */
function nextUrl(text: string | undefined, sent: URL): NextPage | undefined {
  const url = text === undefined ? undefined : parseUrl(text, sent);
  if (!url) return undefined;
  if (url.origin !== sent.origin || url.href === sent.href) return undefined;
  return { kind: 'url', url: url.href };
}
