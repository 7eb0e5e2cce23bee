import { LRUCache } from 'lru-cache';

import { UsageMeter } from '../../../schemas/UsageMeter.js';
import type { RowOf } from '../../contract/index.js';
import type { Clock } from '../clock.js';
import type { Database } from '../database/index.js';
import { derivedId } from '../ids.js';

/** The stored state of a meter: small JSON. */
export type MeterState = Readonly<Record<string, unknown>>;

/** A decision over the newest state. Pure: it is repeated when another process was faster. */
export type Decide<Result> = (
  state: MeterState,
  nowMs: number,
) => {
  /** The same object when nothing changes. */
  readonly state: MeterState;
  readonly result: Result;
  /** Until when the state must be kept, in milliseconds since 1970. */
  readonly keepUntilMs?: number;
};

/**
 * Counts that all processes share, one row per meter, changed by compare-and-set: of calls that compete for the last
 * slot exactly one gets it. Concurrent decisions of this process are made together, in one statement.
 */
export interface Meters {
  /** A decision that changes nothing may be based on a state up to a quarter of a second old. */
  decide<Result>(key: string, decide: Decide<Result>): Promise<Result>;
  /** Returns the state as it is stored now. */
  read(key: string): Promise<MeterState>;
  /** The time that decisions use. */
  nowMs(): number;
  /** Deletes up to `limit` meters whose state no longer matters; returns how many. */
  forget(limit: number): Promise<number>;
}

/** How old a known state may be for a decision that changes nothing. */
const STALE_MS = 250;
/** The maximum number of known meters; the least recently used one is dropped first. */
const KNOWN_MAX = 10_000;
const EMPTY: MeterState = {};

interface PendingDecision {
  readonly decide: Decide<unknown>;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface KnownMeter {
  readonly revision: number;
  readonly state: MeterState;
  readonly keepUntilMs: number;
  readonly readAtMs: number;
}

interface MetersDeps {
  readonly database: Database;
  readonly clock: Clock;
}

export function createMeters(deps: MetersDeps): Meters {
  return new SharedMeters(deps);
}

class SharedMeters implements Meters {
  readonly #known = new LRUCache<string, KnownMeter>({ max: KNOWN_MAX });
  readonly #waiting = new Map<string, PendingDecision[]>();

  constructor(private readonly deps: MetersDeps) {}

  decide<Result>(key: string, decide: Decide<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const one = { decide, resolve, reject };
      const queue = this.#waiting.get(key);
      if (queue) {
        queue.push(one);
        return;
      }
      const made = [one];
      this.#waiting.set(key, made);
      // Every call of this turn of the event loop still joins.
      setImmediate(() => void this.#work(key, made));
    });
  }

  async read(key: string): Promise<MeterState> {
    return (await this.#load(key)).state;
  }

  nowMs(): number {
    return this.deps.clock.now().getTime();
  }

  forget(limit: number): Promise<number> {
    const { database, clock } = this.deps;
    return database.deleteBefore(UsageMeter, { field: 'forgetAt', before: clock.now(), limit });
  }

  async #work(key: string, queue: PendingDecision[]): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0);
      try {
        await this.#flush(key, batch);
      } catch (error) {
        this.#known.delete(key);
        for (const { reject } of batch) reject(error);
      }
    }
    this.#waiting.delete(key);
  }

  async #flush(key: string, batch: readonly PendingDecision[]): Promise<void> {
    const { clock } = this.deps;
    let from = this.#known.get(key) ?? (await this.#load(key));
    for (;;) {
      const { next, results } = decideAll(from, batch, this.nowMs());
      const readAtMs = clock.monotonicMs();
      if (next.state === from.state) {
        if (readAtMs - from.readAtMs <= STALE_MS) {
          resolveAll(batch, results);
          return;
        }
      } else if (await this.#store(key, from, next)) {
        this.#remember(key, { ...next, readAtMs });
        resolveAll(batch, results);
        return;
      }
      from = await this.#load(key);
    }
  }

  async #load(key: string): Promise<KnownMeter> {
    const readAtMs = this.deps.clock.monotonicMs();
    const [row] = await this.deps.database.loadMany(UsageMeter, [derivedId(key)]);
    return this.#remember(key, row ? readRow(row, readAtMs) : { ...NONE, readAtMs });
  }

  #remember(key: string, next: KnownMeter): KnownMeter {
    this.#known.set(key, next);
    return next;
  }

  /** Replaces the state that it was made from. Returns false when another process has changed that one. */
  async #store(key: string, from: KnownMeter, next: KnownMeter): Promise<boolean> {
    const { database, clock } = this.deps;
    const id = derivedId(key);
    const set = {
      state: JSON.stringify(next.state),
      forgetAt: new Date(next.keepUntilMs),
      revision: next.revision,
    };
    if (from.revision > 0) {
      return database.change(UsageMeter, { id, was: { revision: from.revision }, set });
    }
    const row = { id, key, ...set, createdAt: clock.now(), readers: [] };
    return (await database.insertMany(UsageMeter, [row])).has(id);
  }
}

const NONE: Omit<KnownMeter, 'readAtMs'> = { revision: 0, state: EMPTY, keepUntilMs: 0 };

function readRow(row: RowOf<typeof UsageMeter>, readAtMs: number): KnownMeter {
  return {
    revision: row.revision,
    state: JSON.parse(row.state) as MeterState,
    keepUntilMs: row.forgetAt.getTime(),
    readAtMs,
  };
}

/** Makes the decisions in order, each over the state that the previous one left. */
function decideAll(from: KnownMeter, batch: readonly PendingDecision[], nowMs: number) {
  let { state, keepUntilMs } = from;
  const results = batch.map(({ decide }) => {
    const decided = decide(state, nowMs);
    state = decided.state;
    keepUntilMs = Math.max(keepUntilMs, decided.keepUntilMs ?? nowMs);
    return decided.result;
  });
  return { next: { ...from, state, keepUntilMs, revision: from.revision + 1 }, results };
}

function resolveAll(batch: readonly PendingDecision[], results: readonly unknown[]): void {
  batch.forEach(({ resolve }, nth) => {
    resolve(results[nth]);
  });
}
