import type { Log } from '../platform/log.js';

/** Warns of what is wrong with a schedule once, and again when something else is. */
export class ScheduleWarnings {
  readonly #log: Log;
  readonly #said = new Map<string, string>();

  constructor(log: Log) {
    this.#log = log;
  }

  warn(schedule: string, problem: string): void {
    if (this.#said.get(schedule) === problem) return;
    this.#said.set(schedule, problem);
    this.#log.warn({ schedule, problem }, 'schedule.unusable');
  }

  clear(schedule: string): void {
    this.#said.delete(schedule);
  }
}
