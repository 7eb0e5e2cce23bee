import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';

import { NO_MEMORY, PROGRAM } from './program.js';
import { libraryPaths } from './schemaEngine.js';

/** Thrown for an evaluation without a result; its message is for the author of what was evaluated. */
export class EvaluationFailed extends Error {
  /** Whether it took too long, too much memory or ended its process, instead of failing by itself. */
  readonly isStopped: boolean;
  /** Whether it exceeded the stack. */
  readonly isTooDeep: boolean;

  constructor(message: string, { isStopped = false, isTooDeep = false } = {}) {
    super(message);
    this.isStopped = isStopped;
    this.isTooDeep = isTooDeep;
  }
}

export interface Evaluation {
  readonly program: 'jsonata' | 'checkSchema' | 'checkData';
  /** What the program takes: texts, JSON among them. */
  readonly given: Readonly<Record<string, string>>;
  /** The processor time that it may take. */
  readonly timeoutMs: number;
}

/** How much longer an evaluation may take by the clock, on a machine that is so busy that it hardly gets a processor. */
const WAIT_FACTOR = 10;

interface EvaluatorResponse {
  /** As JSON; absent: there is none. */
  readonly result?: string;
  readonly problem?: string;
  readonly position?: number;
  readonly isTooDeep?: boolean;
  /** It uses more processor time than it may, and goes on. */
  readonly isTooLong?: boolean;
}

/** A process that evaluates one thing at a time. It starts with the first, and again after it was killed. */
export class Evaluator {
  #child: Promise<ChildProcess> | undefined;
  /** Whose evaluation was the last. */
  lastUser = '';
  /** How long the last evaluation took, without starting the process. */
  tookMs = 0;

  /** Whether the process runs. */
  get isWarm(): boolean {
    return this.#child !== undefined;
  }

  /** Returns JSON; `undefined` when there is no result. Throws EvaluationFailed. */
  async evaluate({ program, given, timeoutMs }: Evaluation): Promise<string | undefined> {
    const starting = (this.#child ??= start());
    const forget = () => {
      if (this.#child === starting) this.#child = undefined;
    };
    const child = await starting.catch((error: unknown) => {
      forget();
      throw error;
    });
    const startedMs = performance.now();
    const response = await responseOf(child, { program, given, timeoutMs })
      .finally(() => (this.tookMs = performance.now() - startedMs))
      .catch((error: unknown) => {
        forget();
        child.kill('SIGKILL');
        throw error;
      });
    const { result, problem, position, isTooDeep } = response;
    if (problem === undefined) return result;
    const where = position === undefined ? '' : ` (at ${String(position)})`;
    throw new EvaluationFailed(`${problem.slice(0, 250)}${where}`, { isTooDeep });
  }

  async close(): Promise<void> {
    const starting = this.#child;
    this.#child = undefined;
    const child = await starting?.catch(() => undefined);
    if (child?.kill('SIGKILL') === true) await once(child, 'exit');
  }
}

async function start(): Promise<ChildProcess> {
  const paths = JSON.stringify(libraryPaths());
  const child = spawn(process.execPath, ['--input-type=commonjs', '-e', PROGRAM, paths], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // Texts are copied as they are, instead of being escaped once more.
    serialization: 'advanced',
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

/** Rejects with EvaluationFailed when the process does not respond in time, or ends. */
function responseOf(child: ChildProcess, message: Evaluation): Promise<EvaluatorResponse> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      act();
    };
    const fail = (problem: string) => {
      settle(() => {
        reject(new EvaluationFailed(problem, { isStopped: true }));
      });
    };
    const onMessage = (message: unknown) => {
      const response = message as EvaluatorResponse;
      if (response.isTooLong) fail(tooLong);
      else
        settle(() => {
          resolve(response);
        });
    };
    const onExit = (code: unknown, signal: unknown) => {
      const isMemory = code === NO_MEMORY || signal === 'SIGABRT';
      fail(isMemory ? 'it takes too much memory' : 'its process ended');
    };
    const { timeoutMs } = message;
    const tooLong = `it takes longer than ${String(timeoutMs)} ms`;
    const timer = setTimeout(() => {
      fail(tooLong);
    }, timeoutMs * WAIT_FACTOR);
    child.on('message', onMessage).on('exit', onExit);
    child.send(message, (error) => {
      if (error) fail('its process ended');
    });
  });
}
