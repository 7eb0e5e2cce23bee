import { z } from 'zod';

import type { QueryValues } from '../../src/contract/index.js';

// Shapes shared by several operations of Stripe. https://docs.stripe.com/api

/** Every POST takes one; the same key within 24 hours returns the same response. https://docs.stripe.com/api/idempotent_requests */
export const IDEMPOTENT = { header: 'Idempotency-Key' } as const;

/** With OAuth; an API key has no scopes. https://docs.stripe.com/connect/oauth-reference */
export const READS = [['read_write', 'read_only']] as const;
export const WRITES = ['read_write'] as const;

/** https://docs.stripe.com/api/pagination */
export const LIST_PAGES = {
  kind: 'lastId',
  items: '/data',
  id: '/id',
  param: 'starting_after',
  hasMore: '/has_more',
} as const;

/** https://docs.stripe.com/api/pagination/search */
export const SEARCH_PAGES = {
  kind: 'cursor',
  items: '/data',
  next: '/next_page',
  param: 'page',
} as const;

export const id = (...prefixes: readonly string[]) =>
  z
    .string()
    .regex(new RegExp(`^(?:${prefixes.join('|')})_[\\w-]+$`))
    .describe(`Begins with ${prefixes.map((prefix) => `\`${prefix}_\``).join(' or ')}.`);

export const text = z.string().min(1);

export const amount = z
  .int()
  .min(0)
  .max(99_999_999)
  .describe('In the smallest unit of the currency: 1099 is $10.99, or ¥1099.');

export const currency = z
  .string()
  .regex(/^[a-z]{3}$/)
  .describe('ISO 4217 in lower case: `usd`.');

export const seconds = z.int().min(0).describe('Unix time in seconds.');

/** At most 50 keys of 40 characters with values of 500: https://docs.stripe.com/api/metadata */
export const metadata = z
  .record(z.string().min(1).max(40), z.string().max(500))
  .optional()
  .describe('Your own keys; an empty value removes one.');

export const expand = z
  .array(text)
  .optional()
  .describe('Ids to return as objects: `customer`, in lists `data.customer`.');

const range = z.strictObject({
  gt: seconds.optional(),
  gte: seconds.optional(),
  lt: seconds.optional(),
  lte: seconds.optional(),
});

export const listInput = {
  limit: z.int().min(1).max(100).optional().describe('How many on a page; default 10.'),
  starting_after: text.optional().describe('The id of the last item of the previous page.'),
  ending_before: text.optional(),
  created: range.optional().describe('When it was created.'),
  expand,
};

export const searchInput = {
  query: text.describe('https://docs.stripe.com/search#search-query-language'),
  limit: z.int().min(1).max(100).optional(),
  page: text.optional().describe('`next_page` of the previous page.'),
  expand,
};

export const list = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({ data: z.array(item), has_more: z.boolean() });

export const address = z.strictObject({
  line1: z.string().optional(),
  line2: z.string().optional(),
  city: z.string().optional(),
  state: z.string().optional(),
  postal_code: z.string().optional(),
  country: z.string().length(2).optional(),
});

/** Objects and lists as `created[gte]` and `expand[]`, which is how Stripe reads a query. */
export function queryOf(input: Readonly<Record<string, unknown>>): QueryValues {
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, value]): [string, QueryValues[string]][] => {
      if (Array.isArray(value)) return [[`${name}[]`, value.map(String)]];
      if (typeof value === 'object' && value !== null)
        return Object.entries(value).map(([key, inner]) => [`${name}[${key}]`, scalar(inner)]);
      return [[name, scalar(value)]];
    }),
  );
}

function scalar(value: unknown): string | number | boolean | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : undefined;
}
