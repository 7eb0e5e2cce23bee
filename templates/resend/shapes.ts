import { z } from 'zod';

// Shapes shared by several operations of Resend.

export const id = z.string().min(1);

/** One address or several. */
export const addresses = (max: number) =>
  z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(max)]);

/** https://resend.com/docs/api-reference/pagination */
export const pageInput = {
  limit: z.int().min(1).max(100).optional().describe('How many on a page.'),
  after: z.string().min(1).optional().describe('The id of the last item of the previous page.'),
};

export const PAGES = {
  kind: 'lastId',
  items: '/data',
  id: '/id',
  param: 'after',
  hasMore: '/has_more',
} as const;

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({ object: z.literal('list'), has_more: z.boolean(), data: z.array(item) });

/** The response to a change: the id of the changed object only. */
export const reference = z.looseObject({ object: z.string(), id });
