import type { Decide, Meters } from '../../platform/limits/index.js';

/** How many seconds a device waits between two requests at first: https://www.rfc-editor.org/rfc/rfc8628#section-3.2 */
export const POLL_SECONDS = 5;
/** How many more seconds it waits after `slow_down`: https://www.rfc-editor.org/rfc/rfc8628#section-3.5 */
const MORE_SECONDS = 5;
/** The longest interval, so that a device that ignores `slow_down` still gets its tokens. */
const POLL_SECONDS_MAX = 60;

/** What is stored of the requests for one device code. */
interface Polls {
  /** When a request was answered last, in milliseconds since 1970. */
  readonly answeredMs?: number;
  /** When the interval was raised last. */
  readonly raisedMs?: number;
  readonly seconds?: number;
}

/**
 * Decides whether a request for a device code comes too early. Each too early one raises the interval, one of several at the same
 * moment: a device that follows the interval never waits less than the interval here.
 */
export const decidePoll: Decide<'answer' | 'slowDown'> = (state, nowMs) => {
  const { answeredMs, raisedMs, seconds = POLL_SECONDS } = state as Polls;
  const keepUntilMs = nowMs + KEPT_MS;
  if (answeredMs === undefined || nowMs - answeredMs >= seconds * 1000)
    return { state: { ...state, answeredMs: nowMs }, result: 'answer', keepUntilMs };
  const isSameMoment = raisedMs !== undefined && nowMs - raisedMs < SAME_MOMENT_MS;
  if (isSameMoment || seconds >= POLL_SECONDS_MAX) return { state, result: 'slowDown' };
  const raised = { answeredMs, raisedMs: nowMs, seconds: seconds + MORE_SECONDS };
  return { state: raised, result: 'slowDown', keepUntilMs };
};

const SAME_MOMENT_MS = 1_000;
/** Longer than a device code lasts. */
const KEPT_MS = 3_600_000;

/** Returns whether a request for the device code of a record comes too early, counted across all processes. */
export async function isPolledTooFast(meters: Meters, recordId: string): Promise<boolean> {
  return (await meters.decide(`oauth device code ${recordId}`, decidePoll)) === 'slowDown';
}
