import { createContext, Script } from 'node:vm';

/** Thrown when the work took longer than it may. */
export class TookTooLong extends Error {}

const context = createContext({ work: undefined as (() => unknown) | undefined });
const script = new Script('work()');

/** How often work is tried that exceeds its time although it hardly had the processor. */
const ATTEMPTS_MAX = 3;
/** Below this share of its time on a processor, work was not slow but had to wait: the machine was busy. */
const BUSY_SHARE = 0.6;

/**
 * Runs synchronous work that users influence, such as a regular expression of theirs, and stops it after `timeoutMs`:
 * the process is blocked for hardly longer than that. Work that did not get the processor meanwhile is repeated, at most `attemptsMax` times,
 * so it must have no side effects. Costs some 100 µs, so do not use it for work that is known to be harmless.
 */
export function withWatchdog<Result>(
  work: () => Result,
  timeoutMs: number,
  { attemptsMax = ATTEMPTS_MAX } = {},
): Result {
  context['work'] = work;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const before = process.cpuUsage();
      try {
        return script.runInContext(context, { timeout: timeoutMs }) as Result;
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
        if (attempt >= attemptsMax || !hadToWait(before, timeoutMs)) throw new TookTooLong();
      }
    }
  } finally {
    context['work'] = undefined;
  }
}

/**
 * Returns whether the work had to wait, by the processor time of the whole process, which is at least that of the work.
 */
function hadToWait(before: NodeJS.CpuUsage, timeoutMs: number): boolean {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 < BUSY_SHARE * timeoutMs;
}
