import { setTimeout as pause } from 'node:timers/promises';

import type { Clock } from '../../platform/clock.js';
import { newRequestId } from '../../platform/ids.js';
import type { Log } from '../../platform/log.js';
import type { Seals } from '../chain/seal.js';
import type { AuditStore } from '../store.js';
import { createAppend } from './append.js';
import { type AuditEntry, chainOf, dated, type DatedEntry } from './entry.js';
import { createStrangers, isStrangers } from './unauthenticated.js';

/** Entries in one statement. */
const BATCH_MAX = 100;
/** How long an answer waits for an entry that cannot be stored; it is tried further, as long as the process lives. */
const PATIENCE_MS = 3_000;
const RETRY_MS = { first: 100, most: 10_000 };
/** How often it is looked for minutes that are over. */
const FOLD_EVERY_MS = 60_000;
/** Entries that may wait in this process; one more goes to the log, whole. */
const WAITING_MAX = 10_000;

export interface TrailDeps {
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly seals: Seals;
}

export interface Trail {
  /**
   * Comes back when the entry is stored. Never throws: what happened has happened, and its caller must not take it for
   * undone. An entry that cannot be stored is an error in the log and tried again; the answer waits for three seconds.
   * Of refusals of strangers, who have no end of them, those beyond the first of a minute are counted instead; `isAtDoor`:
   * the key was refused, not what it asked for.
   */
  record(entry: AuditEntry, isAtDoor?: boolean): Promise<void>;
  /** Stores what has been counted so far. */
  flush(): Promise<void>;
  /** Stores what waits, once more; what cannot be stored goes to the log, whole. */
  close(): Promise<void>;
}

interface Waiting {
  readonly dated: DatedEntry;
  resolve(): void;
}

export function createTrail(deps: TrailDeps): Trail {
  return new ChainTrail(deps);
}

class ChainTrail implements Trail {
  readonly #queues = new Map<string, Waiting[]>();
  readonly #working = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #strangers = createStrangers();
  #timer: NodeJS.Timeout | undefined;
  readonly #appending: ReturnType<typeof createAppend>;
  #waiting = 0;

  constructor(private readonly deps: TrailDeps) {
    this.#appending = createAppend(deps.store, deps.seals);
  }

  async record(entry: AuditEntry, isAtDoor = false): Promise<void> {
    if (!isStrangers(entry, isAtDoor)) return this.#take(entry);
    const now = this.deps.clock.now();
    const isTold = this.#strangers.isTold(entry, now);
    this.#timer ??= setInterval(() => void this.#fold(), FOLD_EVERY_MS).unref();
    const folded = this.#fold(now);
    await (isTold ? this.#take(entry) : folded);
  }

  async flush(): Promise<void> {
    await this.#fold(this.deps.clock.now(), true);
  }

  /** Stores what was counted in minutes that are over. */
  async #fold(now = this.deps.clock.now(), all = false): Promise<void> {
    const folded = this.#strangers.take(now, all);
    if (!this.#strangers.isWaiting) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    await Promise.all(folded.map((each) => this.#take({ ...each, requestId: newRequestId() })));
  }

  #take(entry: AuditEntry): Promise<void> {
    const made = dated(entry, this.deps.clock.now());
    if (this.#waiting >= WAITING_MAX) {
      this.#give([made]);
      return Promise.resolve();
    }
    this.#waiting += 1;
    return new Promise<void>((resolve) => {
      const patience = setTimeout(resolve, PATIENCE_MS);
      patience.unref();
      const done = () => {
        clearTimeout(patience);
        this.#waiting -= 1;
        resolve();
      };
      this.#enqueue(chainOf(entry.organizationId), { dated: made, resolve: done });
    });
  }

  async close(): Promise<void> {
    const flushed = this.flush();
    this.#closing.abort();
    clearInterval(this.#timer);
    await Promise.all([flushed, ...this.#working]);
  }

  #enqueue(chain: string, one: Waiting): void {
    const queue = this.#queues.get(chain);
    if (queue) {
      queue.push(one);
      return;
    }
    const made = [one];
    this.#queues.set(chain, made);
    // Everything of this turn of the event loop still joins.
    const work = new Promise<void>((resolve) => {
      setImmediate(() => void this.#work(chain, made).then(resolve));
    });
    this.#working.add(work);
    void work.then(() => this.#working.delete(work));
  }

  async #work(chain: string, queue: Waiting[]): Promise<void> {
    while (queue.length > 0) {
      while (queue.length > 0) {
        const batch = queue.splice(0, BATCH_MAX);
        await this.#store(
          chain,
          batch.map((one) => one.dated),
        );
        for (const { resolve } of batch) resolve();
      }
      await this.#rest(chain);
    }
    this.#queues.delete(chain);
  }

  /** Until they are stored, or the process ends. */
  async #store(chain: string, entries: readonly DatedEntry[]): Promise<void> {
    for (let tries = 1, waitMs = RETRY_MS.first; ; tries += 1) {
      try {
        await this.#appending.append(chain, entries, tries > 1);
        return;
      } catch (err) {
        const requestIds = entries.map(({ entry }) => entry.requestId);
        this.deps.log.error({ err, chain, requestIds, tries }, 'audit.notStored');
      }
      if (this.#closing.signal.aborted) {
        this.#give(entries);
        return;
      }
      await pause(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, RETRY_MS.most);
    }
  }

  /** Not needed for what is stored to be whole: whoever comes next does without. */
  async #rest(chain: string): Promise<void> {
    try {
      await this.#appending.rest(chain);
    } catch (err) {
      this.deps.log.warn({ err, chain }, 'audit.notRested');
    }
  }

  /** The log is then the record: entries have no secrets. */
  #give(entries: readonly DatedEntry[]): void {
    for (const { id, at, entry } of entries) {
      this.deps.log.error({ id, at: at.toISOString(), entry }, 'audit.lost');
    }
  }
}
