interface QueuedItem<Item, Result> {
  readonly item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export interface BatchOptions {
  /** The maximum number of items in one flush. */
  readonly max: number;
  /** The maximum number of flushes under way at once. While all are, items gather, so batches grow with the load. */
  readonly flights?: number;
}

/**
 * Turns many single calls into few calls with many items: items that arrive while a flush is under way go into the next
 * one. `flush` returns one result per item, in the same order. When it throws, each item of a batch of several is tried
 * alone, so that one bad item fails only itself.
 */
export function batchCalls<Item, Result>(
  flush: (items: readonly Item[]) => Promise<readonly Result[]>,
  { max: most, flights = 1 }: BatchOptions,
): (item: Item) => Promise<Result> {
  const waiting: QueuedItem<Item, Result>[] = [];
  let flying = 0;

  async function flushNow(batch: readonly QueuedItem<Item, Result>[]): Promise<void> {
    try {
      const results = await flush(batch.map((entry) => entry.item));
      batch.forEach((entry, i) => {
        entry.resolve(results[i] as Result);
      });
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const entry of batch) await flushNow([entry]);
    }
  }

  async function fly(): Promise<void> {
    while (waiting.length > 0) await flushNow(waiting.splice(0, most));
    flying -= 1;
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (flying < flights) {
        flying += 1;
        // Every call of this turn of the event loop still joins the first flush.
        setImmediate(() => void fly());
      }
    });
}
