import { setTimeout as pause } from 'node:timers/promises';

import type { Clock } from '../platform/clock.js';
import type { Log } from '../platform/log.js';
import { createAppend } from './append.js';
import { type AuditEntry, chainOf, dated, type DatedEntry } from './entry.js';
import type { AuditStore } from './store.js';

/** Entries in one statement. */
const BATCH_MAX = 100;
/** How long an answer waits for an entry that cannot be stored; it is tried further, as long as the process lives. */
const PATIENCE_MS = 3_000;
const RETRY_MS = { first: 100, most: 10_000 };
/** Entries that may wait in this process; one more goes to the log, whole. */
const WAITING_MAX = 10_000;

export interface TrailDeps {
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Trail {
  /**
   * Comes back when the entry is stored. Never throws: what happened has happened, and its caller must not take it for
   * undone. An entry that cannot be stored is an error in the log and tried again; the answer waits for three seconds.
   */
  record(entry: AuditEntry): Promise<void>;
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
  readonly #appending: ReturnType<typeof createAppend>;
  #waiting = 0;

  constructor(private readonly deps: TrailDeps) {
    this.#appending = createAppend(deps.store);
  }

  record(entry: AuditEntry): Promise<void> {
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
    this.#closing.abort();
    await Promise.all(this.#working);
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
