import { AsyncLocalStorage } from 'node:async_hooks';

import type { ClassSpec, RowOf } from '../contract/index.js';

/** A row as it was and as it is: without `before` it was made, without `after` it was removed. */
export interface SeenChange {
  readonly cls: ClassSpec;
  readonly id: string;
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  readonly after?: Readonly<Record<string, unknown>> | undefined;
}

/** Work that changes more than this is told of as far as that. */
const SEEN_MAX = 500;

const changeRecorder = new AsyncLocalStorage<SeenChange[]>();

/**
 * Said by a store of a row that it has made, changed or removed, once that is stored: the row as the store had it at hand,
 * so that telling of it costs no read. Whoever does the work under `witnessed` hears of it; nobody else does.
 */
export function noteChange<C extends ClassSpec>(
  cls: C,
  before: Partial<RowOf<C>> | undefined,
  after: Partial<RowOf<C>> | undefined,
): void {
  const seen = changeRecorder.getStore();
  const id = after?.id ?? before?.id;
  if (!seen || seen.length >= SEEN_MAX || id === undefined) return;
  seen.push({ cls, id, before, after });
}

/** Does work, and puts what stores say of it into `seen`, also when it fails. Of work within work, the inner hears. */
export function withChangeRecorder<Result>(
  seen: SeenChange[],
  work: () => Promise<Result>,
): Promise<Result> {
  return changeRecorder.run(seen, work);
}
