import { once } from 'node:events';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** An expression that gave no result; its message is for whoever wrote it. */
export class ExpressionFailed extends Error {}

/**
 * Evaluates JSONata (https://docs.jsonata.org) in a thread of its own, which is killed when it takes too long or too much
 * memory: expressions come from users, and one can loop for ever.
 */
export interface Expressions {
  /** Throws ExpressionFailed. */
  evaluate(expression: string, input: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** For one evaluation, with everything about it. */
const TIMEOUT_MS = 1_000;
const MEMORY_MB_MAX = 128;
/** Evaluations that may wait for the thread. */
const WAITING_MAX = 1_000;

// A worker started from text resolves nothing by itself: it is told where the library lies.
const WORKER = `
const { parentPort, workerData } = require('node:worker_threads');
const jsonata = require(workerData);
const known = new Map();
parentPort.on('message', async ({ expression, input }) => {
  try {
    let compiled = known.get(expression);
    if (!compiled) {
      compiled = jsonata(expression);
      if (known.size >= 100) known.delete(known.keys().next().value);
      known.set(expression, compiled);
    }
    const result = await compiled.evaluate(JSON.parse(input));
    parentPort.postMessage({ result: JSON.stringify(result) });
  } catch (error) {
    const { message, position } = error ?? {};
    parentPort.postMessage({ problem: String(message ?? 'no result'), position });
  }
});
`;

interface Answer {
  /** As JSON; absent: nothing. */
  readonly result?: string;
  readonly problem?: string;
  readonly position?: number;
}

export function createExpressions(): Expressions {
  let worker: Worker | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function start(): Promise<Worker> {
    const library = createRequire(import.meta.url).resolve('jsonata');
    const made = new Worker(WORKER, {
      eval: true,
      workerData: library,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
      env: {},
    });
    // It keeps no process alive by itself.
    made.unref();
    // Its time counts from here: how long a thread takes to start is not the expression's fault.
    await once(made, 'online');
    return made;
  }

  async function run(expression: string, input: unknown): Promise<unknown> {
    const running = (worker ??= await start());
    const { result, problem, position } = await answerOf(running, {
      expression,
      input: JSON.stringify(input ?? null),
    }).catch(async (error: unknown) => {
      worker = undefined;
      await running.terminate();
      throw error;
    });
    if (problem !== undefined) {
      const where = position === undefined ? '' : ` (at ${String(position)})`;
      throw new ExpressionFailed(`${problem.slice(0, 200)}${where}`);
    }
    return result === undefined ? undefined : (JSON.parse(result) as unknown);
  }

  return {
    async evaluate(expression, input) {
      if (waiting >= WAITING_MAX) throw new ExpressionFailed('too many are waiting');
      waiting += 1;
      // One after the other: what kills the thread kills nobody else's evaluation.
      const turn = last.then(() => run(expression, input));
      last = turn.catch(() => undefined);
      return turn.finally(() => (waiting -= 1));
    },
    async close() {
      await worker?.terminate();
      worker = undefined;
    },
  };
}

/** Rejects with ExpressionFailed when the thread does not answer in time, or ends. */
function answerOf(worker: Worker, message: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    const fail = (problem: string) => {
      settle(() => {
        reject(new ExpressionFailed(problem));
      });
    };
    const onMessage = (answer: Answer) => {
      settle(() => {
        resolve(answer);
      });
    };
    const onError = (error: Error & { code?: string }) => {
      fail(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes too much memory' : 'it ended');
    };
    const onExit = () => {
      fail('it ended');
    };
    const timer = setTimeout(() => {
      fail(`it takes longer than ${String(TIMEOUT_MS)} ms`);
    }, TIMEOUT_MS);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(message);
  });
}
