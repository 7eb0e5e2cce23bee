import { z } from 'zod';

/** The parameters that every list takes. */
export const pageParams = {
  limit: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(20)
    .describe('The maximum number of items, 1 to 100.'),
  cursor: z
    .string()
    .max(500)
    .optional()
    .describe('`nextCursor` of the previous page; omit it for the first page.'),
};

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Pass it as `cursor` for the next page; absent on the last one. */
  readonly nextCursor?: string;
}

/** Returns the schema of a list's result. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    items: z.array(item),
    nextCursor: z
      .string()
      .optional()
      .describe('Pass it as `cursor` for the next page; absent on the last one.'),
  });
}
