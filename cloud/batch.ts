import { z } from 'zod';

import { AppError } from '../src/contract/index.js';

/** Why an item of a batch was refused: what the function for one of them would have thrown. */
export const refusal = z
  .strictObject({ code: z.number().int(), message: z.string() })
  .describe('Why it was refused, if it was.');
type Refusal = z.input<typeof refusal>;

/**
 * Takes or refuses each item by itself. What we failed at fails the whole call: batches are of what can be repeated
 * safely.
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

/** Ids that a batch takes, each once. */
export function idsParam(what: string, max: number) {
  return z
    .array(z.string().min(1).max(64))
    .min(1)
    .max(max)
    .refine((ids) => new Set(ids).size === ids.length, 'Each id may be there once.')
    .describe(`Of 1 to ${String(max)} ${what}.`);
}
