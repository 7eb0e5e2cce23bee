import type { Clock } from '../clock.js';
import type { Database, Hold } from '../database/index.js';
import type { Log } from '../log.js';

export interface HoldsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly holdMs: number;
  readonly prolongMs: number;
}

interface InHand {
  hold: Hold;
  readonly abort: AbortController;
  end: Promise<void>;
}

/** A held lane, for its worker. */
export interface KeptHold {
  readonly signal: AbortSignal;
  /** How long the hold lasts unless it is prolonged. */
  leftMs(): number;
}

/** The lanes that this process holds. Each is prolonged for as long as it is worked, and has a signal. */
export class Holds {
  readonly #options: HoldsOptions;
  readonly #inHand = new Set<InHand>();
  #isAborted = false;
  #prolonging: NodeJS.Timeout | undefined;

  constructor(options: HoldsOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#inHand.size;
  }

  /** The ends of the lanes held now. */
  ends(): Promise<void>[] {
    return [...this.#inHand].map(({ end }) => end);
  }

  /**
   * Keeps the lane held until `work`, which must not reject, has ended; returns that end. The signal is aborted when
   * the hold is or may be lost: it ran out and the database did not respond.
   */
  keep(hold: Hold, work: (kept: KeptHold) => Promise<void>): Promise<void> {
    const abort = new AbortController();
    if (this.#isAborted) abort.abort();
    const inHand: InHand = { hold, abort, end: Promise.resolve() };
    const kept = { signal: abort.signal, leftMs: () => this.#leftMs(inHand) };
    this.#inHand.add(inHand);
    // So that the lane is registered before its work begins.
    inHand.end = inHand.end.then(() => work(kept)).finally(() => this.#inHand.delete(inHand));
    this.#prolongLater();
    return inHand.end;
  }

  /** Aborts the work under way, and all that is begun until `reset`. */
  abort(): void {
    this.#isAborted = true;
    for (const { abort } of this.#inHand) abort.abort();
  }

  reset(): void {
    this.#isAborted = false;
  }

  #leftMs({ hold }: InHand): number {
    return hold.endsAtMs - this.#options.clock.monotonicMs();
  }

  #prolongLater(): void {
    this.#prolonging ??= setTimeout(() => {
      this.#prolonging = undefined;
      if (this.#inHand.size > 0) void this.#prolong();
    }, this.#options.prolongMs).unref();
  }

  async #prolong(): Promise<void> {
    const { database, holdMs, log } = this.#options;
    const held = [...this.#inHand];
    try {
      const renewed = await database.prolong(
        held.map(({ hold }) => hold),
        holdMs,
      );
      const ours = new Map(renewed.map((hold) => [handleOf(hold), hold]));
      for (const inHand of held) {
        const hold = ours.get(handleOf(inHand.hold));
        if (hold) inHand.hold = hold;
        else inHand.abort.abort();
      }
    } catch (error) {
      log.error({ err: error }, 'lanes.prolongFailed');
      for (const inHand of held) if (this.#leftMs(inHand) <= 0) inHand.abort.abort();
    }
    this.#prolongLater();
  }
}

/** Returns the key of a hold in this process. Lanes of different kinds may have the same key and get the same token. */
function handleOf({ token, kind, key }: Hold): string {
  return `${token}:${kind}:${key}`;
}
