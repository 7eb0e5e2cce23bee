import type { Clock } from '../clock.js';
import type { Database, Hold, LaneState } from '../database/index.js';
import type { Log } from '../log.js';

/** A lane as its worker sees it. */
export interface HeldLane {
  readonly kind: string;
  readonly key: string;
  /** What the holder before handed on. */
  readonly state: LaneState;
  /** Whether something that takes up to `forMs` may still be started: the hold outlasts it and nobody is stopping. */
  mayStart(forMs: number): boolean;
  /** Aborted when work under way must end at once: the hold is lost, or stopping takes too long. */
  readonly signal: AbortSignal;
}

/** What a worker knows when it lets go of a lane. */
export interface LaneRest {
  /** When there is something to do again; left out: nothing waits. A wake meanwhile counts anyway. */
  readonly nextDueAt?: Date | undefined;
  /** Handed on to the next holder; left out: what was there stays. */
  readonly state?: LaneState | undefined;
}

/** Works the lanes of one kind. An exception means that we failed: the lane is due again in a few seconds. */
export type LaneWorker = (lane: HeldLane) => Promise<LaneRest>;

export interface LaneLoopOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly workers: Readonly<Record<string, LaneWorker>>;
  /** Lanes held at once. */
  readonly lanesMax?: number;
  readonly holdMs?: number;
  /** The longest wait between two looks, for what other processes wake. */
  readonly pollMs?: number;
  /** How long `stop` lets work under way end by itself before it is aborted. */
  readonly drainMs?: number;
}

/** After a worker failed, its lane waits this long. */
const FAILED_WAIT_MS = 5_000;
/** What must be left of a hold beyond the work itself when it starts. */
const HOLD_MARGIN_MS = 10_000;

interface InHand {
  hold: Hold;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/**
 * Takes due lanes and works them: `start` until `stop`, or `drain` once. Any number of processes do so on one database;
 * each lane is with one of them.
 */
export class LaneLoop {
  readonly #options: Required<LaneLoopOptions>;
  readonly #inHand = new Map<string, InHand>();
  #running: Promise<void> | undefined;
  #stopping = false;
  #wake: (() => void) | undefined;
  #wakeMissed = false;
  #prolonging: NodeJS.Timeout | undefined;

  constructor(options: LaneLoopOptions) {
    this.#options = { lanesMax: 200, holdMs: 60_000, pollMs: 1_000, drainMs: 20_000, ...options };
  }

  start(): void {
    this.#stopping = false;
    this.#running ??= this.#run();
  }

  /** Something became due: look at once. */
  wake(): void {
    this.#wakeMissed = true;
    this.#wake?.();
  }

  /** Starts nothing new, lets work under way end, gives every lane back. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    const late = setTimeout(() => {
      for (const { abort } of this.#inHand.values()) abort.abort();
    }, this.#options.drainMs);
    await this.#running;
    await Promise.all([...this.#inHand.values()].map(({ done }) => done));
    clearTimeout(late);
    clearTimeout(this.#prolonging);
    this.#prolonging = undefined;
    this.#running = undefined;
  }

  /** Works everything that is due, by whatever kinds, until nothing is; answers how many lanes it held for that. */
  async drain(kinds: readonly string[] = Object.keys(this.#options.workers)): Promise<number> {
    let held = 0;
    while (!this.#stopping) {
      const taken = await this.#take(kinds);
      if (taken.length === 0 && this.#inHand.size === 0) break;
      held += taken.length;
      await Promise.race([...this.#inHand.values()].map(({ done }) => done));
    }
    return held;
  }

  async #run(): Promise<void> {
    const kinds = Object.keys(this.#options.workers);
    while (!this.#stopping) {
      this.#wakeMissed = false;
      try {
        const taken = await this.#take(kinds);
        await this.#idle(taken.length > 0 ? this.#options.pollMs : await this.#untilNextDue(kinds));
      } catch (error) {
        this.#options.log.error({ err: error }, 'lanes.lookFailed');
        await this.#idle(this.#options.pollMs);
      }
    }
  }

  async #take(kinds: readonly string[]): Promise<readonly Hold[]> {
    const { database, holdMs, lanesMax } = this.#options;
    const count = lanesMax - this.#inHand.size;
    if (count <= 0) return [];
    const holds = await database.hold({ kinds, count, holdMs });
    for (const hold of holds) this.#work(hold);
    return holds;
  }

  #work(hold: Hold): void {
    const abort = new AbortController();
    const inHand: InHand = { hold, abort, done: this.#workToEnd(hold, abort.signal) };
    this.#inHand.set(hold.token + hold.key, inHand);
    this.#prolongLater();
  }

  async #workToEnd(hold: Hold, signal: AbortSignal): Promise<void> {
    const { database, log, workers } = this.#options;
    const handle = hold.token + hold.key;
    // So that the lane is in hand before its work begins.
    await Promise.resolve();
    const lane: HeldLane = {
      kind: hold.kind,
      key: hold.key,
      state: hold.state,
      signal,
      mayStart: (forMs) =>
        !this.#stopping && !signal.aborted && this.#leftMs(handle) > forMs + HOLD_MARGIN_MS,
    };
    try {
      const rest = await this.#restOf(lane, workers[hold.kind]);
      await database.release([{ hold: this.#inHand.get(handle)?.hold ?? hold, ...rest }]);
    } catch (error) {
      log.error({ err: error, lane: `${hold.kind}:${hold.key}` }, 'lanes.releaseFailed');
    } finally {
      this.#inHand.delete(handle);
      this.#wake?.();
    }
  }

  async #restOf(lane: HeldLane, worker: LaneWorker | undefined): Promise<LaneRest> {
    const { clock, log } = this.#options;
    try {
      return worker ? await worker(lane) : {};
    } catch (error) {
      log.error({ err: error, lane: `${lane.kind}:${lane.key}` }, 'lanes.workFailed');
      return { nextDueAt: new Date(clock.now().getTime() + FAILED_WAIT_MS) };
    }
  }

  #leftMs(handle: string): number {
    const hold = this.#inHand.get(handle)?.hold;
    return hold ? hold.endsAtMs - this.#options.clock.monotonicMs() : 0;
  }

  #prolongLater(): void {
    this.#prolonging ??= setTimeout(() => {
      this.#prolonging = undefined;
      void this.#prolong();
    }, this.#options.holdMs / 4);
  }

  async #prolong(): Promise<void> {
    const { database, holdMs, log } = this.#options;
    const held = [...this.#inHand];
    if (held.length === 0) return;
    try {
      const renewed = await database.prolong(
        held.map(([, { hold }]) => hold),
        holdMs,
      );
      const byHandle = new Map(renewed.map((hold) => [hold.token + hold.key, hold]));
      for (const [handle, inHand] of held) {
        const hold = byHandle.get(handle);
        if (hold) inHand.hold = hold;
        else if (this.#inHand.has(handle)) inHand.abort.abort();
      }
    } catch (error) {
      log.error({ err: error }, 'lanes.prolongFailed');
    }
    if (this.#inHand.size > 0) this.#prolongLater();
  }

  async #untilNextDue(kinds: readonly string[]): Promise<number> {
    const { database, clock, pollMs } = this.#options;
    const due = await database.nextLaneDue(kinds);
    if (!due) return pollMs;
    // A lane that is due but held elsewhere is no reason to look again at once.
    const waitMs = due.getTime() - clock.now().getTime();
    return waitMs <= 0 ? pollMs : Math.min(waitMs + 1, pollMs);
  }

  #idle(ms: number): Promise<void> {
    if (this.#wakeMissed || this.#stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(), ms);
      this.#wake = () => {
        this.#wake = undefined;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
