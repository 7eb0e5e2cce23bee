/** The maximum number of rows that one statement deletes. A larger one would hold its locks for too long. */
const BATCH_ROWS = 1_000;

export interface DeletionOptions {
  readonly signal: AbortSignal;
  /** Receives the number of rows deleted so far, after each full batch. */
  readonly progress?: (deleted: number) => void;
}

/**
 * Deletes rows in batches until one is not full or the signal is aborted; returns their number. `deleteBatch` deletes at most
 * `limit` rows and returns how many it has deleted.
 */
export async function deleteInBatches(
  deleteBatch: (limit: number) => Promise<number>,
  { signal, progress }: DeletionOptions,
): Promise<number> {
  let deleted = 0;
  while (!signal.aborted) {
    const count = await deleteBatch(BATCH_ROWS);
    deleted += count;
    if (count < BATCH_ROWS) break;
    progress?.(deleted);
  }
  return deleted;
}
