import type { Collection, Db, Document } from 'mongodb';

import type { Clock } from '../../clock.js';
import { type Alignment, alignment } from '../alignment.js';
import type { EngineOptions } from '../database.js';
import type { MongodbRow } from './rows.js';

/** Rows per batch of a cursor, so that a result below 16 MB takes one round trip. */
const BATCH_ROWS = 10_000;

const PRIMARY = { readPreference: 'primary' } as const;

/** The collections of Parse Server's database, and the database server's current time. */
export interface MongodbSession extends Alignment {
  /** Read from the primary whatever the host prefers: reading a lane late would lose a wake. */
  collection(className: string): Collection<MongodbRow>;
  /** Returns the collection of lanes. */
  lanes(): Collection<MongodbRow>;
  /** An aggregation expression for the current time with the clock's offset; constant within one command. */
  present(): Document | string;
  /** Runs an aggregation that begins with `$documents`. */
  aggregate<Result extends Document>(pipeline: readonly Document[]): Promise<Result[]>;
  readonly clock: Clock;
}

export function mongodbSession(
  db: Db,
  prefix: string,
  { clock, lanes }: EngineOptions,
): MongodbSession {
  const collection = (className: string) =>
    db.collection<MongodbRow>(`${prefix}${className}`, PRIMARY);
  async function loadDatabaseNow() {
    const pipeline = [{ $documents: [{ now: '$$NOW' }] }];
    const result = await db.aggregate<{ now: Date }>(pipeline, PRIMARY).next();
    if (!result) throw new Error('MongoDB did not return its time.');
    return result.now;
  }
  return {
    ...alignment(clock, loadDatabaseNow),
    collection,
    lanes: () => collection(lanes.name),
    present: () => (clock.offsetMs === 0 ? '$$NOW' : { $add: ['$$NOW', clock.offsetMs] }),
    aggregate: (pipeline) =>
      db.aggregate([...pipeline], { ...PRIMARY, batchSize: BATCH_ROWS }).toArray() as Promise<
        never[]
      >,
    clock,
  };
}

interface WriteError {
  readonly index: number;
  readonly code: number;
}

/** A unique value or an id is taken: https://www.mongodb.com/docs/manual/reference/error-codes/ */
const DUPLICATE_KEY = 11000;

/**
 * Returns which operations of an unordered batch failed because a unique value or id was taken. Throws `error` again
 * when it is any other error.
 */
export function duplicatesIn(error: unknown): ReadonlySet<number> {
  if (!(error instanceof Error)) throw error;
  const { writeErrors, code, result } = error as Error & {
    readonly writeErrors?: WriteError | readonly WriteError[];
    readonly code?: number;
    readonly result?: { getWriteConcernError?(): unknown };
  };
  const errors = ([] as WriteError[]).concat(writeErrors ?? []);
  const onlyDuplicates =
    code === DUPLICATE_KEY &&
    errors.every((one) => one.code === DUPLICATE_KEY) &&
    !result?.getWriteConcernError?.();
  if (!onlyDuplicates) throw error;
  return new Set(errors.map((one) => one.index));
}

/**
 * Retries an upsert when another request inserted the same id at the same moment: the row exists now, so that the next
 * try updates it. The server retries where it can, and leaves it to the client where it cannot.
 * https://www.mongodb.com/docs/manual/reference/method/db.collection.updateOne/#upsert-with-duplicate-values
 */
export async function upsertWithRetry<T>(upsert: () => Promise<T>): Promise<T> {
  try {
    return await upsert();
  } catch (error) {
    duplicatesIn(error);
    return upsert();
  }
}
