import { AsyncLocalStorage } from 'node:async_hooks';

import type { ClassSpec, RowOf } from '../contract/index.js';

/** A row before and after a change: without `before` it was created, without `after` it was removed. */
export interface SeenChange {
  readonly cls: ClassSpec;
  readonly id: string;
  readonly before?: Readonly<Record<string, unknown>> | undefined;
  readonly after?: Readonly<Record<string, unknown>> | undefined;
}

/** The maximum number of changes that are recorded; further ones are dropped. */
const SEEN_MAX = 500;

const changeRecorder = new AsyncLocalStorage<SeenChange[]>();

/**
 * Records a change. Called by a store for a row that it has created, changed or removed, once that is stored: with the
 * row that the store already had, so that recording it costs no read. Only the work under `withChangeRecorder` gets it.
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

/**
 * Does work, and puts the changes that stores report into `seen`, also when it fails. With nested work, the inner
 * recorder gets them.
 */
export function withChangeRecorder<Result>(
  seen: SeenChange[],
  work: () => Promise<Result>,
): Promise<Result> {
  return changeRecorder.run(seen, work);
}
