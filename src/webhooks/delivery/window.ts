/** Requests to one webhook at once, while its receiver responds in time. */
export const WINDOW_MAX = 64;

/** Requests at once to a receiver that is not known yet. Several that hang leave slots for other webhooks. */
export const WINDOW_START = 8;

/**
 * Limits the requests to one webhook that are under way: one more after each response, half as many after each timeout. A
 * receiver that hangs thus occupies one slot of the process instead of all.
 */
export class ConcurrencyWindow {
  #limit: number;
  #used = 0;
  #waiting: (() => void) | undefined;

  constructor(limit: number = WINDOW_START) {
    this.#limit = Math.min(Math.max(1, Math.floor(limit)), WINDOW_MAX);
  }

  get limit(): number {
    return this.#limit;
  }

  /** Resolves when one more request may start. Only one caller may wait at a time: the worker of the lane. */
  async take(): Promise<void> {
    if (this.#used >= this.#limit) await new Promise<void>((resolve) => (this.#waiting = resolve));
    this.#used += 1;
  }

  /** Adapts the limit to what the receiver did with a request. */
  learn(timedOut: boolean): void {
    this.#limit = timedOut
      ? Math.max(1, Math.floor(this.#limit / 2))
      : Math.min(WINDOW_MAX, this.#limit + 1);
  }

  /** Gives a slot back; the caller that waits gets it, unless the limit has fallen meanwhile. */
  release(): void {
    this.#used -= 1;
    if (this.#used >= this.#limit) return;
    const next = this.#waiting;
    this.#waiting = undefined;
    next?.();
  }
}
