/** Attempts to one webhook under way at once, when all goes well. */
export const WINDOW_MAX = 64;

/** To a receiver of which nothing is known yet: few enough that several that hang leave places for the others. */
export const WINDOW_START = 8;

/**
 * How many attempts to one webhook may be under way: one more after each answer, half as many after each timeout. So a
 * receiver that hangs keeps one place of the process busy instead of all, whoever else waits.
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

  /** Resolves when one more may be under way. Only one caller waits at a time: the lane's own loop. */
  async take(): Promise<void> {
    if (this.#used >= this.#limit) await new Promise<void>((resolve) => (this.#waiting = resolve));
    this.#used += 1;
  }

  /** What the receiver did with an attempt. */
  learn(timedOut: boolean): void {
    this.#limit = timedOut
      ? Math.max(1, Math.floor(this.#limit / 2))
      : Math.min(WINDOW_MAX, this.#limit + 1);
  }

  release(): void {
    this.#used -= 1;
    if (this.#used >= this.#limit) return;
    const next = this.#waiting;
    this.#waiting = undefined;
    next?.();
  }
}
