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
  /** Whether `hold` was taken after the work began: the hold that the work was given has expired. */
  isRetaken: boolean;
  readonly abort: AbortController;
  end: Promise<void>;
}

/** A held lane, for its worker. */
export interface KeptHold {
  readonly signal: AbortSignal;
  /** How long the hold of this work lasts unless it is prolonged. */
  leftMs(): number;
  /**
   * Ends the work, before the release of the hold that it returns. If it `isRetaken`, another process may have worked the
   * lane in between: the outcome of the work is outdated, and the lane must stay due.
   */
  endWork(): { readonly hold: Hold; readonly isRetaken: boolean };
}

/** The lanes that this process holds. Each is prolonged for as long as it is worked, and has a signal. */
export class Holds {
  readonly #options: HoldsOptions;
  readonly #inHand = new Set<InHand>();
  /** By lane: those with work in progress. A process works a lane once at a time. */
  readonly #working = new Map<string, InHand>();
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
    const inHand: InHand = { hold, isRetaken: false, abort, end: Promise.resolve() };
    const lane = laneOf(hold);
    const kept = {
      signal: abort.signal,
      leftMs: () => (inHand.isRetaken ? 0 : this.#leftMs(inHand)),
      endWork: () => {
        this.#working.delete(lane);
        return inHand;
      },
    };
    this.#inHand.add(inHand);
    this.#working.set(lane, inHand);
    // So that the lane is registered before its work begins.
    inHand.end = inHand.end.then(() => work(kept)).finally(() => this.#inHand.delete(inHand));
    this.#prolongLater();
    return inHand.end;
  }

  /**
   * Returns whether the lane is being worked already: a process that was suspended for longer than its holds last takes its
   * own lanes again. A second worker would repeat the requests in progress, so the work in progress keeps the new hold
   * until it ends. It starts nothing new, because another process may have continued after the old hold expired.
   */
  retake(hold: Hold): boolean {
    const inHand = this.#working.get(laneOf(hold));
    if (!inHand) return false;
    inHand.hold = hold;
    inHand.isRetaken = true;
    return true;
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
    // Aborted work loses its lane if it does not end, so that another process can take it.
    const requested = [...this.#inHand]
      .filter(({ abort }) => !abort.signal.aborted)
      .map((inHand) => ({ inHand, hold: inHand.hold }));
    try {
      const renewed = await database.prolong(
        requested.map(({ hold }) => hold),
        holdMs,
      );
      const ours = new Map(renewed.map((hold) => [handleOf(hold), hold]));
      for (const { inHand, hold } of requested) {
        // Taken again meanwhile: the result is about the previous hold.
        if (inHand.hold.token !== hold.token) continue;
        const prolonged = ours.get(handleOf(hold));
        if (prolonged) inHand.hold = prolonged;
        else inHand.abort.abort();
      }
    } catch (error) {
      log.error({ err: error }, 'lanes.prolongFailed');
      for (const { inHand } of requested) if (this.#leftMs(inHand) <= 0) inHand.abort.abort();
    }
    this.#prolongLater();
  }
}

/** Returns the key of a hold in this process. Lanes of different kinds may have the same key and get the same token. */
function handleOf(hold: Hold): string {
  return `${hold.token}:${laneOf(hold)}`;
}

function laneOf({ kind, key }: Hold): string {
  return `${kind}:${key}`;
}
