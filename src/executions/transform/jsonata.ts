import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';

/** Thrown for an expression that has no result; its message is for the author of the expression. */
export class ExpressionFailed extends Error {}

/**
 * Evaluates JSONata (https://docs.jsonata.org) in a process of its own, which is killed when it takes too long or too much
 * memory: expressions come from users. An expression can loop forever; and one such as `[1..9999999]` allocates so much memory
 * at once that V8 ends the whole process, whatever limit its thread has.
 */
export interface Expressions {
  /** Throws ExpressionFailed. */
  evaluate(expression: string, input: unknown): Promise<unknown>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 1_000;
const MEMORY_MB_MAX = 128;
/** Characters of JSON that a result may have. */
const RESULT_LENGTH_MAX = 10 * 1024 * 1024;
/** Evaluations that may wait for the process. */
const WAITING_MAX = 1_000;

/** The exit code of a process whose evaluator ran out of memory. When V8 ends the process, it ends by SIGABRT. */
const NO_MEMORY = 9;

// A program that is passed as text cannot resolve modules: the path of the library is passed to it.
const EVALUATOR = `
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
    const result = JSON.stringify(await compiled.evaluate(JSON.parse(input)));
    if (result?.length > ${String(RESULT_LENGTH_MAX)}) throw new Error('its result is too large');
    parentPort.postMessage({ result });
  } catch (error) {
    const { message, position } = error ?? {};
    parentPort.postMessage({ problem: String(message ?? 'no result'), position });
  }
});
`;

// The evaluator has a thread of its own, so that the process ends with the hub whatever is being evaluated.
const PROGRAM = `
const { Worker } = require('node:worker_threads');
process.on('disconnect', () => process.exit());
const worker = new Worker(${JSON.stringify(EVALUATOR)}, {
  eval: true,
  workerData: process.argv[1],
  resourceLimits: { maxOldGenerationSizeMb: ${String(MEMORY_MB_MAX)} },
  env: {},
});
process.on('message', (message) => worker.postMessage(message));
worker.on('message', (message) => process.send(message));
worker.on('online', () => process.send('ready'));
worker.on('error', ({ code }) => process.exit(code === 'ERR_WORKER_OUT_OF_MEMORY' ? ${String(NO_MEMORY)} : 1));
`;

interface EvaluatorResponse {
  /** As JSON; absent: the expression selects nothing. */
  readonly result?: string;
  readonly problem?: string;
  readonly position?: number;
}

/** Starts no process before the first evaluation. `timeoutMs` is the time limit of one evaluation. */
export function createExpressions(timeoutMs = TIMEOUT_MS): Expressions {
  let running: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function run(expression: string, input: unknown): Promise<unknown> {
    const child = (running ??= await start());
    const message = { expression, input: JSON.stringify(input ?? null) };
    const { result, problem, position } = await evaluatorResponse(child, message, timeoutMs).catch(
      (error: unknown) => {
        running = undefined;
        child.kill('SIGKILL');
        throw error;
      },
    );
    if (problem !== undefined) {
      const where = position === undefined ? '' : ` (at ${String(position)})`;
      throw new ExpressionFailed(`${problem.slice(0, 200)}${where}`);
    }
    return result === undefined ? undefined : (JSON.parse(result) as unknown);
  }

  return {
    async evaluate(expression, input) {
      if (waiting >= WAITING_MAX)
        throw new ExpressionFailed('too many other expressions are waiting; try again later');
      waiting += 1;
      // One after the other, so that an expression that kills the process ends no other evaluation.
      const evaluation = last.then(() => run(expression, input));
      last = evaluation.catch(() => undefined);
      return evaluation.finally(() => (waiting -= 1));
    },
    async close() {
      const child = running;
      running = undefined;
      if (child?.kill('SIGKILL') === true) await once(child, 'exit');
    },
  };
}

async function start(): Promise<ChildProcess> {
  const library = createRequire(import.meta.url).resolve('jsonata');
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', PROGRAM, library], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: {},
  });
  // The child does not keep this process alive.
  child.unref();
  child.channel?.unref();
  // The time limit counts from here on: starting the process is not part of the evaluation.
  const [first] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  if (first !== 'ready') throw new Error('The process that evaluates expressions did not start.');
  return child;
}

/** Rejects with ExpressionFailed when the process does not respond in time, or ends. */
function evaluatorResponse(
  child: ChildProcess,
  message: object,
  timeoutMs: number,
): Promise<EvaluatorResponse> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      act();
    };
    const fail = (problem: string) => {
      settle(() => {
        reject(new ExpressionFailed(problem));
      });
    };
    const onMessage = (response: unknown) => {
      settle(() => {
        resolve(response as EvaluatorResponse);
      });
    };
    const onExit = (code: unknown, signal: unknown) => {
      const isMemory = code === NO_MEMORY || signal === 'SIGABRT';
      fail(isMemory ? 'it takes too much memory' : 'its process ended');
    };
    const timer = setTimeout(() => {
      fail(`it takes longer than ${String(timeoutMs)} ms`);
    }, timeoutMs);
    child.on('message', onMessage).on('exit', onExit);
    child.send(message, (error) => {
      if (error) fail('its process ended');
    });
  });
}
