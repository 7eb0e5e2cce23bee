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
  /** Lanes held at once. */
  readonly lanesMax?: number;
  /** How long the lanes of a process that died stay with it. */
  readonly holdMs?: number;
  /** How often holds are prolonged. Default a quarter of `holdMs`. */
  readonly prolongMs?: number;
  /** The longest wait between two looks, for what other processes wake. */
  readonly pollMs?: number;
  /** How long `stop` lets work under way end by itself before it is aborted. */
  readonly drainMs?: number;
}

/** After a worker failed, its lane waits this long. */
const FAILED_WAIT_MS = 5_000;
/** What must be left of a hold beyond the work itself when it starts; of a short hold, the share. */
const HOLD_MARGIN_MS = 10_000;
const HOLD_MARGIN_SHARE = 1 / 6;
/** Lanes that one statement gives back. */
const RELEASES_MAX = 500;
/** A loop that has not looked for lanes for so long hangs; it looks about once a second. */
const ALIVE_MS = 30_000;

/**
 * Takes due lanes and works them: `start` until `stop`, or `drain` once. Any number of processes do so on one database;
 * each lane is with one of them.
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

  /** Whether it runs, and has looked for lanes within the last 30 seconds. */
  isAlive(): boolean {
    if (!this.#running || this.#stopping) return false;
    return this.#options.clock.monotonicMs() - this.#lookedAtMs < ALIVE_MS;
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
      this.#holds.abort();
    }, this.#options.drainMs);
    await this.#running;
    // A drain may be about to get lanes.
    await this.#taking;
    await Promise.all(this.#holds.ends());
    clearTimeout(late);
    this.#running = undefined;
  }

  /**
   * Works everything that is due, by whatever kinds, until nothing is; answers how many lanes it held for that. Does not
   * wait for lanes that were in hand already: whoever works one of them may be the one who drains.
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

  /** Takes due lanes for which there is room and begins to work them; answers their ends. One look at a time. */
  #take(kinds: readonly string[]): Promise<readonly Promise<void>[]> {
    const take = this.#taking.then(async () => {
      const count = this.#room();
      if (count <= 0 || this.#stopping) return [];
      const { database, holdMs } = this.#options;
      const holds = await database.hold({ kinds, count, holdMs });
      const taken = holds.filter((hold) => !this.#holds.adopt(hold));
      return taken.map((hold) => {
        const end = this.#holds.keep(hold, (kept) => this.#work(hold, kept));
        // Then there is room, and what woke the lane meanwhile has made it due again.
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
      const { hold, isDueAgain } = kept.endWork();
      const again = isDueAgain && { nextDueAt: clock.now() };
      await this.#release({ hold, ...outcome, ...again });
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
