import { setTimeout as wait } from 'node:timers/promises';

import { say } from './say.js';

/** Everything together; what then still hangs is left behind, and the next start recovers from it. */
const STOP_WITHIN_MS = 30_000;
/**
 * `npm` passes a signal on that the terminal has already sent to everybody, so that one Ctrl-C arrives twice: only one that
 * comes later than this is a second one.
 */
const SAME_SIGNAL_MS = 700;
const PARENT_WATCH_MS = 500;

export interface Shutdown {
  /** What is registered last is stopped first. */
  add(stop: () => Promise<void>): void;
  /** Stops everything and ends the process with this exit code. */
  exit(code: number): Promise<never>;
}

/**
 * From now on Ctrl-C, SIGTERM and a closed terminal stop in order what has been started so far and exit with 0; a second
 * Ctrl-C exits at once with 130, as a shell reports it.
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
      if (signal === 'SIGINT') say('\nStopping … Ctrl-C again to stop at once');
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
 * npm runs a script through a shell and passes SIGTERM on to that alone. Where the shell does not become the script, as in
 * Debian, it dies of it without a word: that its parent has gone is then all that the server hears of it.
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
