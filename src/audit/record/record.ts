import { setTimeout as pause } from 'node:timers/promises';

import type { Clock } from '../../platform/clock.js';
import { newRequestId } from '../../platform/ids.js';
import type { Log } from '../../platform/log.js';
import type { Seals } from '../chain/seal.js';
import type { AuditStore } from '../store.js';
import { createAppend } from './append.js';
import { type AuditEntry, chainOf, type DatedEntry, dateEntry } from './entry.js';
import { createUnauthenticatedRefusals, isUnauthenticatedRefusal } from './unauthenticated.js';

/** The maximum of entries in one statement. */
const BATCH_MAX = 100;
/** How long a response waits for an entry that cannot be stored; storing is retried as long as the process lives. */
const WAIT_BUDGET_MS = 3_000;
const RETRY_MS = { first: 100, max: 10_000 };
/** The interval at which finished minutes are looked for. */
const FOLD_EVERY_MS = 60_000;
/** The maximum of entries waiting in this process; further ones are written to the log whole. */
const WAITING_MAX = 10_000;

export interface AuditWriterDeps {
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly seals: Seals;
}

export interface AuditWriter {
  /**
   * Resolves when the entry is stored. Never throws, because the changes of the call are made and must not look undone. An
   * entry that cannot be stored is an error in the log and is retried; the response waits up to three seconds. Refusals of
   * unauthenticated callers beyond the first of a minute are counted instead. `isAtGateway`: the key itself was refused, not
   * its request.
   */
  record(entry: AuditEntry, isAtGateway?: boolean): Promise<void>;
  /** Stores the counts so far. */
  flush(): Promise<void>;
  /** Tries once more to store the waiting entries; those that cannot be stored are written to the log whole. */
  close(): Promise<void>;
}

interface QueuedEntry {
  readonly dated: DatedEntry;
  resolve(): void;
}

export function createAuditWriter(deps: AuditWriterDeps): AuditWriter {
  return new ChainWriter(deps);
}

class ChainWriter implements AuditWriter {
  readonly #queues = new Map<string, QueuedEntry[]>();
  readonly #working = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #unauthenticated = createUnauthenticatedRefusals();
  #timer: NodeJS.Timeout | undefined;
  readonly #appending: ReturnType<typeof createAppend>;
  #waiting = 0;

  constructor(private readonly deps: AuditWriterDeps) {
    this.#appending = createAppend(deps.store, deps.seals);
  }

  async record(entry: AuditEntry, isAtGateway = false): Promise<void> {
    if (!isUnauthenticatedRefusal(entry, isAtGateway)) return this.#take(entry);
    const now = this.deps.clock.now();
    const isRecorded = this.#unauthenticated.isRecorded(entry, now);
    this.#timer ??= setInterval(() => void this.#fold(), FOLD_EVERY_MS).unref();
    const folded = this.#fold(now);
    await (isRecorded ? this.#take(entry) : folded);
  }

  async flush(): Promise<void> {
    await this.#fold(this.deps.clock.now(), true);
  }

  /** Stores the counts of finished minutes. */
  async #fold(now = this.deps.clock.now(), all = false): Promise<void> {
    const folded = this.#unauthenticated.take(now, all);
    if (!this.#unauthenticated.isWaiting) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    await Promise.all(folded.map((each) => this.#take({ ...each, requestId: newRequestId() })));
  }

  #take(entry: AuditEntry): Promise<void> {
    const made = dateEntry(entry, this.deps.clock.now());
    if (this.#waiting >= WAITING_MAX) {
      this.#logUnstored([made]);
      return Promise.resolve();
    }
    this.#waiting += 1;
    return new Promise<void>((resolve) => {
      const waitBudget = setTimeout(resolve, WAIT_BUDGET_MS);
      waitBudget.unref();
      const done = () => {
        clearTimeout(waitBudget);
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

  #enqueue(chain: string, one: QueuedEntry): void {
    const queue = this.#queues.get(chain);
    if (queue) {
      queue.push(one);
      return;
    }
    const made = [one];
    this.#queues.set(chain, made);
    // Entries recorded in the same tick of the event loop still join.
    const work = new Promise<void>((resolve) => {
      setImmediate(() => void this.#work(chain, made).then(resolve));
    });
    this.#working.add(work);
    void work.then(() => this.#working.delete(work));
  }

  async #work(chain: string, queue: QueuedEntry[]): Promise<void> {
    while (queue.length > 0) {
      while (queue.length > 0) {
        const batch = queue.splice(0, BATCH_MAX);
        await this.#store(
          chain,
          batch.map((one) => one.dated),
        );
        for (const { resolve } of batch) resolve();
      }
      await this.#clearPending(chain);
    }
    this.#queues.delete(chain);
  }

  /** Retries until the entries are stored or the process ends. */
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
        this.#logUnstored(entries);
        return;
      }
      await pause(waitMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, RETRY_MS.max);
    }
  }

  /** Clears `pending` without waiting. It is optional: the next append works without it. */
  async #clearPending(chain: string): Promise<void> {
    try {
      await this.#appending.clearPending(chain);
    } catch (err) {
      this.deps.log.warn({ err, chain }, 'audit.pendingNotCleared');
    }
  }

  /** Writes entries to the log, which is then the record: they contain no secrets. */
  #logUnstored(entries: readonly DatedEntry[]): void {
    for (const { id, at, entry } of entries) {
      this.deps.log.error({ id, at: at.toISOString(), entry }, 'audit.lost');
    }
  }
}
