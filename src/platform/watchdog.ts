import { createContext, Script } from 'node:vm';

/** Thrown when the work took longer than it may. */
export class TookTooLong extends Error {}

const context = createContext({ work: undefined as (() => unknown) | undefined });
const script = new Script('work()');

/**
 * Runs synchronous work that strangers influence, such as a regular expression of theirs, and ends it after `timeoutMs`:
 * the process stands still for that long and no longer. Costs some 100 µs, so not for what is known to be harmless.
 */
export function withWatchdog<Result>(work: () => Result, timeoutMs: number): Result {
  context['work'] = work;
  try {
    return script.runInContext(context, { timeout: timeoutMs }) as Result;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new TookTooLong();
    throw error;
  } finally {
    context['work'] = undefined;
  }
}
