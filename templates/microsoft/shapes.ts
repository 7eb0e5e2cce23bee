import { z } from 'zod';

import { path, type ProviderResponse } from '../../src/contract/index.js';

// Shapes shared by several operations of Microsoft Graph. Ids are encoded in paths here, which Graph reads the same.

export const GRAPH = 'https://graph.microsoft.com/v1.0';
export const REFERENCE = 'https://learn.microsoft.com/graph/api';

export const id = z.string().min(1);

/** https://learn.microsoft.com/graph/api/user-get: an app without a user has no `/me`. */
export const userId = id
  .optional()
  .describe(
    'Id or userPrincipalName; default: the account itself. Required for an app without a user.',
  );

export const ownerPath = (user: string | undefined) =>
  user === undefined ? path`/me` : path`/users/${user}`;

/** https://learn.microsoft.com/graph/paging */
export const PAGES = { kind: 'link', items: '/value', next: '/@odata.nextLink' } as const;

export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({ value: z.array(item), '@odata.nextLink': z.string().optional() });

export const topOf = (max: number) =>
  z.int().min(1).max(max).optional().describe('How many on a page.');

/** https://learn.microsoft.com/graph/query-parameters, without the dollar sign, which Parse does not allow in names. */
const options = {
  select: z.array(z.string().min(1)).optional().describe('The properties to return.'),
  filter: z.string().min(1).optional().describe("Such as `isRead eq false`; ' in text is ''."),
  search: z.string().min(1).optional().describe('In double quotes: `"subject:invoice"`.'),
  orderby: z.string().min(1).optional().describe('Such as `receivedDateTime desc`.'),
  expand: z.string().min(1).optional(),
  top: topOf(1000),
  skip: z.int().min(0).optional(),
};
export const { select, filter, search, orderby, expand, top, skip } = options;

type Options = { readonly [Name in keyof typeof options]?: z.output<(typeof options)[Name]> };

export function odata(given: Options) {
  return {
    $select: given.select?.join(','),
    $filter: given.filter,
    $search: given.search,
    $orderby: given.orderby,
    $expand: given.expand,
    $top: given.top,
    $skip: given.skip,
  };
}

export const timeZone = z
  .string()
  .regex(/^[\w .+/()&-]+$/)
  .optional()
  .describe('The time zone of the response, such as Pacific Standard Time; default UTC.');

export const bodyContentType = z.enum(['text', 'html']).optional().describe('Default html.');

/** https://learn.microsoft.com/graph/api/event-get#request-headers */
export function prefer(given: {
  readonly timeZone?: string | undefined;
  readonly bodyContentType?: string | undefined;
}): Readonly<Record<string, string | undefined>> {
  const preferences = [
    ...(given.timeZone === undefined ? [] : [`outlook.timezone="${given.timeZone}"`]),
    ...(given.bodyContentType === undefined
      ? []
      : [`outlook.body-content-type="${given.bodyContentType}"`]),
  ];
  return { Prefer: preferences.length === 0 ? undefined : preferences.join(', ') };
}

/** https://learn.microsoft.com/graph/api/resources/recipient */
export const recipient = z.strictObject({
  emailAddress: z.strictObject({ address: z.email(), name: z.string().optional() }),
});

/** https://learn.microsoft.com/graph/api/resources/itembody */
export const itemBody = z.strictObject({
  contentType: z.enum(['text', 'html', 'Text', 'HTML']).optional().describe('Default text.'),
  content: z.string(),
});

export const importance = z.enum(['low', 'normal', 'high']).optional();

export const time = z.iso.datetime({ offset: true }).describe('Such as 2026-01-31T12:00:00Z.');

/** 202 and 204 come without a body. */
export const nothing = z.looseObject({ done: z.literal(true) });
export const done = ({ body }: ProviderResponse): unknown =>
  body === null || body === '' ? { done: true } : body;
