import { setTimeout as wait } from 'node:timers/promises';

import { say } from './say.js';

/** The time to stop everything. The process then ends anyway, and the next start recovers. */
const STOP_WITHIN_MS = 30_000;
/**
 * The terminal sends Ctrl-C to all its processes, and `npm` passes it on once more, so one Ctrl-C arrives twice. Only a signal
 * after this time counts as a second one.
 */
const SAME_SIGNAL_MS = 700;
const PARENT_WATCH_MS = 500;

export interface Shutdown {
  /** Registers a function. The last one registered is called first. */
  add(stop: () => Promise<void>): void;
  /** Stops everything and ends the process with this exit code. */
  exit(code: number): Promise<never>;
}

/**
 * Installs signal handlers. Ctrl-C, SIGTERM and a closed terminal stop in order what has been started so far and exit with 0.
 * A second Ctrl-C exits at once with 130, as a shell reports it.
 */
export function prepareShutdown(nowMs: () => number = () => performance.now()): Shutdown {
  const stops: (() => Promise<void>)[] = [];
  let firstAtMs: number | undefined;

  async function exit(code: number): Promise<never> {
    firstAtMs ??= nowMs();
    const bound = wait(STOP_WITHIN_MS, 'late' as const, { ref: false });
    const result = await Promise.race([stopAll(stops), bound]);
    if (result === 'late') {
      say(
        `Not everything stopped within ${String(STOP_WITHIN_MS / 1000)} s; the next start recovers.`,
      );
    }
    process.exit(result === 'stopped' ? code : 1);
  }

  const onSignal = (signal: NodeJS.Signals) => {
    if (firstAtMs === undefined) {
      if (signal === 'SIGINT') say('\nStopping … Press Ctrl-C again to stop at once');
      void exit(0);
    } else if (signal === 'SIGINT' && nowMs() - firstAtMs > SAME_SIGNAL_MS) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  watchNpm(() => {
    onSignal('SIGTERM');
  });
  return { add: (stop) => stops.push(stop), exit };
}

/**
 * Calls `onGone` when npm's shell has ended. npm runs a script through a shell and passes SIGTERM only to the shell. If the shell
 * does not replace itself with the script, as in Debian, it ends without passing the signal on: the server only loses its parent.
 */
function watchNpm(onGone: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_WATCH_MS);
  timer.unref();
}

async function stopAll(stops: (() => Promise<void>)[]): Promise<'stopped' | 'failed'> {
  let result: 'stopped' | 'failed' = 'stopped';
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    try {
      await stop();
    } catch (error) {
      result = 'failed';
      say(`While stopping: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return result;
}
