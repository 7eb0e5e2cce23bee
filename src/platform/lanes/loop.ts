import { batchCalls } from '../batch.js';
import type { Clock } from '../clock.js';
import type { Database, Hold, LaneRelease } from '../database/index.js';
import type { Log } from '../log.js';
import { Holds, type KeptHold } from './holds.js';
import type { HeldLane, LaneOutcome, LaneWorker } from './lane.js';

export interface LaneLoopOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly workers: Readonly<Record<string, LaneWorker>>;
  /** The maximum number of lanes held at once. */
  readonly lanesMax?: number;
  /** How long the lanes of a crashed process stay with it. */
  readonly holdMs?: number;
  /** How often holds are prolonged. Default a quarter of `holdMs`. */
  readonly prolongMs?: number;
  /** The longest wait between two looks, for lanes that other processes wake. */
  readonly pollMs?: number;
  /** How long `stop` waits for work under way before it aborts it. */
  readonly drainMs?: number;
}

/** How long a lane waits after its worker failed. */
const FAILED_WAIT_MS = 5_000;
/** How much of a hold must remain beyond the work itself when it starts; for a short hold, a share of it. */
const HOLD_MARGIN_MS = 10_000;
const HOLD_MARGIN_SHARE = 1 / 6;
/** The maximum number of lanes that one statement releases. */
const RELEASES_MAX = 500;
/** A loop that has not looked for lanes for this long hangs; it looks about once a second. */
const ALIVE_MS = 30_000;

/**
 * Takes due lanes and works them: from `start` until `stop`, or once with `drain`. Any number of processes may do so on
 * one database; each lane is held by one of them.
 */
export class LaneLoop {
  readonly #options: Required<LaneLoopOptions>;
  readonly #holds: Holds;
  readonly #release: (release: LaneRelease) => Promise<void>;
  #running: Promise<void> | undefined;
  /** The latest look for lanes. */
  #taking: Promise<unknown> = Promise.resolve();
  /** When it last began to look, on the monotonic clock. */
  #lookedAtMs = -Infinity;
  #stopping = false;
  #wake: (() => void) | undefined;
  #wakeMissed = false;

  constructor(options: LaneLoopOptions) {
    const { database, holdMs = 60_000, prolongMs = holdMs / 4 } = options;
    const defaults = { lanesMax: 200, pollMs: 1_000, drainMs: 20_000 };
    this.#options = { ...defaults, ...options, holdMs, prolongMs };
    this.#holds = new Holds(this.#options);
    this.#release = batchCalls(
      async (releases) => {
        await database.release(releases);
        return releases.map(() => undefined);
      },
      { max: RELEASES_MAX },
    );
  }

  start(): void {
    this.#stopping = false;
    this.#holds.reset();
    this.#running ??= this.#run();
  }

  /** Returns whether it runs and has looked for lanes within the last 30 seconds. */
  isAlive(): boolean {
    if (!this.#running || this.#stopping) return false;
    return this.#options.clock.monotonicMs() - this.#lookedAtMs < ALIVE_MS;
  }

  /** Call it when something became due: looks at once. */
  wake(): void {
    this.#wakeMissed = true;
    this.#wake?.();
  }

  /** Starts nothing new, waits for work under way, and releases every lane. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    const late = setTimeout(() => {
      this.#holds.abort();
    }, this.#options.drainMs);
    await this.#running;
    // A drain may be about to take lanes.
    await this.#taking;
    await Promise.all(this.#holds.ends());
    clearTimeout(late);
    this.#running = undefined;
  }

  /**
   * Works everything that is due, of the given kinds, until nothing is; returns how many lanes it held for that. Does
   * not wait for lanes that this process already held: the worker of such a lane may be the caller.
   */
  async drain(kinds: readonly string[] = Object.keys(this.#options.workers)): Promise<number> {
    const ours = new Set<Promise<void>>();
    let held = 0;
    for (;;) {
      const taken = await this.#take(kinds);
      held += taken.length;
      for (const end of taken) {
        ours.add(end);
        void end.then(() => ours.delete(end));
      }
      if (this.#stopping) break;
      const awaited = this.#room() > 0 ? [...ours] : this.#holds.ends();
      if (awaited.length === 0) break;
      await Promise.race(awaited);
    }
    await Promise.all(ours);
    return held;
  }

  async #run(): Promise<void> {
    const kinds = Object.keys(this.#options.workers);
    const { log, pollMs } = this.#options;
    while (!this.#stopping) {
      this.#wakeMissed = false;
      this.#lookedAtMs = this.#options.clock.monotonicMs();
      try {
        const taken = await this.#take(kinds);
        const isBusy = taken.length > 0 || this.#room() <= 0;
        await this.#idle(isBusy ? pollMs : await this.#untilNextDue(kinds));
      } catch (error) {
        log.error({ err: error }, 'lanes.lookFailed');
        await this.#idle(pollMs);
      }
    }
  }

  #room(): number {
    return this.#options.lanesMax - this.#holds.count;
  }

  /** Takes due lanes as far as there is room and begins to work them; returns their ends. One look at a time. */
  #take(kinds: readonly string[]): Promise<readonly Promise<void>[]> {
    const take = this.#taking.then(async () => {
      const count = this.#room();
      if (count <= 0 || this.#stopping) return [];
      const { database, holdMs } = this.#options;
      const holds = await database.hold({ kinds, count, holdMs });
      const taken = holds.filter((hold) => !this.#holds.retake(hold));
      return taken.map((hold) => {
        const end = this.#holds.keep(hold, (kept) => this.#work(hold, kept));
        // Then there is room, and a wake in the meantime has made the lane due again.
        void end.then(() => this.wake());
        return end;
      });
    });
    this.#taking = take.catch(() => undefined);
    return take;
  }

  async #work({ kind, key, state }: Hold, kept: KeptHold): Promise<void> {
    const { clock, log, workers } = this.#options;
    const { signal, leftMs } = kept;
    const mayStart = (forMs: number) =>
      !this.#stopping && !signal.aborted && leftMs() > forMs + this.#marginMs();
    try {
      const outcome = await this.#runWorker({ kind, key, state, signal, mayStart }, workers[kind]);
      const { hold, isRetaken } = kept.endWork();
      await this.#release({ hold, ...(isRetaken ? { nextDueAt: clock.now() } : outcome) });
    } catch (error) {
      log.error({ err: error, lane: `${kind}:${key}` }, 'lanes.releaseFailed');
    }
  }

  async #runWorker(lane: HeldLane, worker: LaneWorker | undefined): Promise<LaneOutcome> {
    const { clock, log } = this.#options;
    try {
      return worker ? await worker(lane) : {};
    } catch (error) {
      log.error({ err: error, lane: `${lane.kind}:${lane.key}` }, 'lanes.workFailed');
      return { nextDueAt: new Date(clock.now().getTime() + FAILED_WAIT_MS) };
    }
  }

  #marginMs(): number {
    return Math.min(HOLD_MARGIN_MS, this.#options.holdMs * HOLD_MARGIN_SHARE);
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
