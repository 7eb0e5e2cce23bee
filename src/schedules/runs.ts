import type { Database, Hold } from '../platform/database/index.js';
import type { HeldLane, LaneOutcome } from '../platform/lanes/index.js';
import { type CloseDeps, closeRun, runLane } from './closeRun.js';

export type JobParams = Readonly<Record<string, unknown>>;

/** Starts Parse jobs; implemented by src/platform/parse/jobs.ts. */
export interface JobStarter {
  /** Whether this process has a job of that name. */
  has(name: string): boolean;
  /** Returns the id of the run, which is that of its `_JobStatus`, once the run has begun. */
  start(name: string, params: JobParams): Promise<string>;
  /** Whether a job that is started here also runs in this process. */
  readonly runsHere: boolean;
}

export interface RunsDeps extends CloseDeps {
  readonly database: Database;
  readonly jobs: JobStarter;
  /** Names of the hub's own jobs: they pass their runs to `track`, wherever they were started. */
  readonly ownNames: readonly string[];
  /** How long a run stays with a process that died. Default a minute. */
  readonly holdMs?: number | undefined;
  /** How long `stop` waits for runs to end. Default 20 s. */
  readonly drainMs?: number | undefined;
}

const HOLD_MS = 60_000;
const DRAIN_MS = 20_000;
/** When the row of a run that ended here is checked once more: Parse Server writes the end after the job has returned. */
const RECHECK_MS = 60_000;
/** How often `stop` checks whether runs of the host's jobs have ended. */
const STOP_LOOK_MS = 250;

class Run {
  hold: Hold | undefined;
  readonly abort = new AbortController();
  end: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });

  constructor(
    readonly id: string,
    /** Whether it is a run of a job of the hub's own. For any other run only its row shows that it has ended. */
    readonly isOwn: boolean,
  ) {}
}

/**
 * The runs of jobs in this process. Each holds the lane `job:<id of its _JobStatus>`. When the process dies the hold
 * runs out, and the next holder of the lane marks the run as failed; Parse Server itself would leave it running
 * forever.
 */
export class Runs {
  readonly #deps: RunsDeps & { readonly holdMs: number; readonly drainMs: number };
  readonly #own: ReadonlySet<string>;
  readonly #here = new Map<string, Run>();
  /** Starts requested from Parse whose run is not tracked here yet. */
  readonly #starting = new Set<Promise<unknown>>();
  #isStopping = false;
  #lookingLater: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(deps: RunsDeps) {
    const { holdMs = HOLD_MS, drainMs = DRAIN_MS } = deps;
    this.#deps = { ...deps, holdMs, drainMs };
    this.#own = new Set(deps.ownNames);
  }

  /** Starts a job through Parse and returns the id of the run. Tracks the run if it is in this process. */
  start(name: string, params: JobParams): Promise<string> {
    const start = this.#start(name, params);
    const seen = start.then(
      // Parse Server calls the job a tick after it has responded; from then on a job of the hub's own is tracked.
      () => new Promise(setImmediate),
      () => undefined,
    );
    this.#starting.add(seen);
    void seen.then(() => this.#starting.delete(seen));
    return start;
  }

  async #start(name: string, params: JobParams): Promise<string> {
    const { jobs } = this.#deps;
    const id = await jobs.start(name, params);
    if (!this.#own.has(name) && jobs.runsHere) await this.#trackOther(id);
    return id;
  }

  /** Tracks a run of the host's. Never throws: the run continues in any case, and must not be started again. */
  async #trackOther(id: string): Promise<void> {
    const { database, holdMs, log } = this.#deps;
    try {
      const run = new Run(id, false);
      run.hold = await database.holdOne(runLane(id), holdMs);
      this.#here.set(id, run);
      this.#lookLater();
    } catch (error) {
      log.error({ err: error, run: id }, 'run.untracked');
    }
  }

  /** Does the work of one run of a job of the hub's own. The signal is aborted when the work must end soon. */
  async track<Result>(id: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { database, holdMs } = this.#deps;
    const run = new Run(id, true);
    if (this.#isStopping) run.abort.abort();
    this.#here.set(id, run);
    this.#lookLater();
    try {
      run.hold = await database.holdOne(runLane(id), holdMs);
      return await work(run.abort.signal);
    } finally {
      this.#here.delete(id);
      await this.#release(run);
      run.end();
    }
  }

  /** Works lanes of kind `job`: runs whose hold has run out. */
  readonly workLane = async ({ key }: Pick<HeldLane, 'key'>): Promise<LaneOutcome> => {
    const isHere = (await this.settle(key)) === 'here';
    return isHere ? { nextDueAt: this.#inMs(RECHECK_MS) } : {};
  };

  /**
   * Decides about a run whose lane the caller holds. `here`: the run continues in this process; otherwise its lane is
   * removed.
   */
  async settle(id: string): Promise<'here' | 'failed' | 'ended'> {
    // Prolonging failed for so long that this process took the lane from itself.
    if (this.#here.has(id)) return 'here';
    return closeRun(this.#deps, id, 'died');
  }

  /** Prolongs the holds of runs in this process and finds those that have ended. A timer does the same. */
  look(): Promise<void> {
    const look = this.#looking.then(() => this.#look());
    this.#looking = look.catch(() => undefined);
    return look;
  }

  async #look(): Promise<void> {
    const { database, holdMs, store } = this.#deps;
    const held = [...this.#here.values()].flatMap((run) =>
      run.hold ? [{ run, hold: run.hold }] : [],
    );
    if (held.length === 0) return;
    const holds = await database.prolong(
      held.map(({ hold }) => hold),
      holdMs,
    );
    const renewed = new Map(holds.map((hold) => [hold.key, hold]));
    const rows = await store.loadRuns(held.map(({ run }) => run.id));
    for (const { run } of held) {
      const isRunning = rows.get(run.id)?.isRunning === true;
      const hold = renewed.get(run.id);
      if (!run.isOwn && !isRunning) await this.#forget(run);
      else if (hold) run.hold = hold;
      else await this.#holdAgain(run, isRunning);
    }
  }

  /** Takes a lost hold again, unless another process has marked the run as failed meanwhile. */
  async #holdAgain(run: Run, isRunning: boolean): Promise<void> {
    const { database, holdMs } = this.#deps;
    if (!this.#here.has(run.id)) return;
    run.hold = isRunning ? await database.holdOne(runLane(run.id), holdMs) : undefined;
    if (!run.hold) {
      run.abort.abort();
      if (!run.isOwn) this.#drop(run);
    } else if (!this.#here.has(run.id)) {
      await this.#release(run);
    }
  }

  /** Resolves when no run is left in this process. */
  async whenIdle(): Promise<void> {
    while (!this.#isIdle()) {
      const runs = [...this.#here.values()].map(({ ended }) => ended);
      await Promise.race([...runs, ...this.#starting]);
    }
  }

  /** Accepts runs again after `stop`. */
  resume(): void {
    this.#isStopping = false;
  }

  /** Requests that runs end and waits for them. Marks those as failed that take longer than `drainMs`. */
  async stop(): Promise<void> {
    const { clock, drainMs, log } = this.#deps;
    this.#isStopping = true;
    for (const { abort } of this.#here.values()) abort.abort();
    const endsAtMs = clock.monotonicMs() + drainMs;
    for (;;) {
      const leftMs = endsAtMs - clock.monotonicMs();
      if (this.#isIdle() || leftMs <= 0) break;
      await waitUpTo(this.whenIdle(), Math.min(leftMs, STOP_LOOK_MS));
      if ([...this.#here.values()].some(({ isOwn }) => !isOwn)) {
        await this.look().catch((error: unknown) => {
          log.error({ err: error }, 'runs.lookFailed');
        });
      }
    }
    clearTimeout(this.#lookingLater);
    this.#lookingLater = undefined;
    await this.#abandon();
  }

  async #abandon(): Promise<void> {
    const { log } = this.#deps;
    for (const run of this.#here.values()) {
      this.#drop(run);
      try {
        await closeRun(this.#deps, run.id, 'shutDown');
      } catch (error) {
        log.error({ err: error, run: run.id }, 'run.notClosed');
      }
    }
  }

  async #forget(run: Run): Promise<void> {
    await this.#deps.store.removeLane(runLane(run.id));
    this.#drop(run);
  }

  #drop(run: Run): void {
    this.#here.delete(run.id);
    run.end();
  }

  async #release({ id, hold }: Run): Promise<void> {
    const { database, log } = this.#deps;
    if (!hold) return;
    try {
      await database.release([{ hold, nextDueAt: this.#inMs(RECHECK_MS) }]);
    } catch (error) {
      log.error({ err: error, run: id }, 'run.notReleased');
    }
  }

  #isIdle(): boolean {
    return this.#here.size === 0 && this.#starting.size === 0;
  }

  #inMs(ms: number): Date {
    return new Date(this.#deps.clock.now().getTime() + ms);
  }

  #lookLater(): void {
    const { holdMs, log } = this.#deps;
    this.#lookingLater ??= setTimeout(() => {
      this.#lookingLater = undefined;
      void this.look()
        .catch((error: unknown) => {
          log.error({ err: error }, 'runs.lookFailed');
        })
        .then(() => {
          if (this.#here.size > 0) this.#lookLater();
        });
    }, holdMs / 4);
    this.#lookingLater.unref();
  }
}

async function waitUpTo(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
