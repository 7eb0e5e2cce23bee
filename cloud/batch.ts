import { z } from 'zod';

import { AppError } from '../src/contract/index.js';

/** Why an item of a batch was refused: the error that the function for a single item would have thrown. */
export const refusal = z
  .strictObject({ code: z.number().int(), message: z.string() })
  .describe('The error of this item; absent when it was accepted.');
type Refusal = z.input<typeof refusal>;

/**
 * Accepts or refuses each item by itself. An internal error fails the whole call, because every batch can be repeated safely.
 */
export function eachByItself<Item, Result extends object>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<(Result | { readonly error: Refusal })[]> {
  return Promise.all(
    items.map(async (item) => {
      try {
        return await work(item);
      } catch (error) {
        if (!(error instanceof AppError) || error.spec.status >= 500) throw error;
        return { error: { code: error.spec.code, message: error.message } };
      }
    }),
  );
}

/** Returns the parameter for the ids of a batch, without duplicates. */
export function idsParam(what: string, max: number) {
  return z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(max)
    .refine((ids) => new Set(ids).size === ids.length, 'Pass each id only once.')
    .describe(`The ids of 1 to ${String(max)} ${what}.`);
}
