import type { Log } from '../platform/log.js';

/** Logs each problem of a schedule once, until the problem changes or is cleared. */
export class ScheduleWarnings {
  readonly #log: Log;
  readonly #logged = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  warn(schedule: string, problem: string): void {
    if (this.#logged.get(schedule) === problem) return;
    this.#logged.set(schedule, problem);
    this.#log.warn({ schedule, problem }, 'schedule.unusable');
  }

  clear(schedule: string): void {
    this.#logged.delete(schedule);
  }
}
