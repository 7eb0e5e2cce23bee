import { performance } from 'node:perf_hooks';

import { yieldToOthers } from '../yieldToOthers.js';

/** Work of all organizations on the main thread, between two turns of the event loop. */
const SLICE_MS = 10;
/** Work of one organization on the main thread: so much at once, and so much for each second. */
const BURST_MS = 40;
const CREDIT_MS_PER_SECOND = 200;
/** Organizations that are remembered. One that is forgotten has all of its credit. */
const ORGANIZATIONS_MAX = 10_000;

/**
 * Bounds the sum of the short pieces of work that users influence and that are not worth another process. `nowMs` never goes back.
 */
export class InlineWork {
  readonly #nowMs: () => number;
  readonly #credits = new Map<string, { ms: number; atMs: number }>();
  #sliceMs = 0;

  constructor(nowMs = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /**
   * Runs a piece of work. Returns `undefined`, without running it, when the organization has used up its time: the work is for
   * another process then. Waits for the event loop where pieces follow each other.
   */
  async run<Result>(
    organizationId: string,
    work: () => Result,
  ): Promise<{ readonly result: Result } | undefined> {
    return this.slice(() => {
      const startedMs = this.#nowMs();
      const credit = this.#creditOf(organizationId, startedMs);
      if (credit.ms <= 0) return undefined;
      try {
        return { result: work() };
      } finally {
        credit.ms -= this.#nowMs() - startedMs;
      }
    });
  }

  /** Runs a piece of work that counts for no organization, when the event loop has had its turn. */
  async slice<Result>(work: () => Result): Promise<Result> {
    while (this.#sliceMs >= SLICE_MS) await yieldToOthers();
    if (this.#sliceMs === 0) setImmediate(() => (this.#sliceMs = 0));
    const startedMs = this.#nowMs();
    try {
      return work();
    } finally {
      // More than nothing: the slice has begun.
      this.#sliceMs += Math.max(this.#nowMs() - startedMs, Number.EPSILON);
    }
  }

  #creditOf(organizationId: string, nowMs: number): { ms: number; atMs: number } {
    const credit = this.#credits.get(organizationId) ?? { ms: BURST_MS, atMs: nowMs };
    const gainedMs = ((nowMs - credit.atMs) / 1_000) * CREDIT_MS_PER_SECOND;
    credit.ms = Math.min(BURST_MS, credit.ms + gainedMs);
    credit.atMs = nowMs;
    this.#credits.delete(organizationId);
    this.#credits.set(organizationId, credit);
    const [oldest] = this.#credits.keys();
    if (this.#credits.size > ORGANIZATIONS_MAX && oldest !== undefined)
      this.#credits.delete(oldest);
    return credit;
  }
}
