import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';

import { commonErrors } from '../../contract/index.js';
import { type Evaluation, EvaluationFailed, Evaluator } from './evaluator.js';
import { type TurnLimits, Turns } from './turns.js';

/**
 * Evaluates what users define, such as expressions and JSON Schemas, in a few processes that all organizations share by turns. A
 * process is killed when an evaluation takes too long or too much memory: an expression can loop forever, and one such as
 * `[1..9999999]` allocates so much at once that V8 ends the whole process, whatever limit its thread has.
 */
export interface Evaluators {
  /**
   * Returns JSON; `undefined` when there is no result. Throws EvaluationFailed, and EvaluationBusy when too many of the organization
   * wait, or this one waited too long.
   */
  evaluate(organizationId: string, evaluation: Evaluation): Promise<string | undefined>;
  close(): Promise<void>;
}

const LIMITS: Omit<TurnLimits, 'slots'> = {
  waitingMax: 500,
  burstMs: 2_000,
  creditMsPerSecond: 200,
};
/** With fewer than two, an organization could have all. */
const SLOTS_MIN = 2;
/** Each process takes some 50 MB. */
const SLOTS_MAX = 8;
const WAIT_MS_MAX = 10_000;

/** What a refused caller should wait, in seconds: by then some of its organization's evaluations have had their turn. */
const RETRY_AFTER_SECONDS = 5;

const busy = () =>
  commonErrors.EvaluationBusy({}, { detail: { retryAfterSeconds: RETRY_AFTER_SECONDS } });

interface Job {
  run(evaluator: Evaluator): Promise<void>;
  /** Ends it without a turn. */
  refuse(error: Error): void;
}

/** Starts no process before the first evaluation. */
export function createEvaluators(options: Partial<TurnLimits> = {}): Evaluators {
  const slots = Math.min(SLOTS_MAX, Math.max(SLOTS_MIN, availableParallelism()));
  const limits = { ...LIMITS, slots, ...options };
  const turns = new Turns<Job>(limits);
  const all = Array.from({ length: limits.slots }, () => new Evaluator());
  const free = new Set(all);
  const waitingJobs = new Set<Job>();

  function next(): void {
    const turn = turns.take(performance.now());
    if (!turn) return;
    const { organizationId, job } = turn;
    const evaluator = slotFor(organizationId, [...free]);
    free.delete(evaluator);
    waitingJobs.delete(job);
    evaluator.lastUser = organizationId;
    void job.run(evaluator).finally(() => {
      free.add(evaluator);
      turns.done(organizationId, evaluator.tookMs, performance.now());
      next();
    });
    next();
  }

  return {
    evaluate: (organizationId, evaluation) =>
      new Promise((resolve, reject) => {
        const job: Job = {
          async run(evaluator) {
            clearTimeout(waiting);
            await evaluator.evaluate(evaluation).then(resolve, reject);
          },
          refuse(error) {
            clearTimeout(waiting);
            turns.withdraw(organizationId, job);
            waitingJobs.delete(job);
            reject(error);
          },
        };
        const waiting = setTimeout(() => {
          job.refuse(busy());
        }, WAIT_MS_MAX);
        waiting.unref();
        if (!turns.offer(organizationId, job, performance.now())) {
          job.refuse(busy());
          return;
        }
        waitingJobs.add(job);
        next();
      }),
    async close() {
      for (const job of waitingJobs) job.refuse(new EvaluationFailed('the hub is stopping'));
      await Promise.all(all.map((evaluator) => evaluator.close()));
    },
  };
}

/** Who has its processes killed starts its own again, and takes no warm one from others. */
function slotFor(organizationId: string, free: readonly Evaluator[]): Evaluator {
  const slot =
    free.find(({ lastUser }) => lastUser === organizationId) ??
    free.find(({ isWarm }) => isWarm) ??
    free[0];
  if (!slot) throw new Error('There are more turns than slots.');
  return slot;
}
