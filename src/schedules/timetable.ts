import {
  doneAtChange,
  doneAtFirstSight,
  type JobSchedule,
  nextRun,
  timingOf,
} from './jobSchedule.js';
import { nextTime } from './nextTime.js';

/** A job and its start times: made from a cron expression or from a row of `_JobSchedule`. */
export interface Timetable {
  readonly jobName: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Equal for equal timings. When it changes, the timetable starts anew. */
  readonly timing: string;
  /** The first time after `after`; `undefined` when there is none. */
  next(after: Date): Date | undefined;
  /** Returns up to when a new timetable counts as done. */
  doneAtFirstSight(now: Date): Date;
  /** Returns up to when the timetable counts as done after its timing changed. */
  doneAtChange(now: Date): Date;
}

/** The state that a schedule's lane keeps from one holder to the next. A new lane has none. */
export interface TimetableState {
  readonly timing?: unknown;
  /** Every time up to this one was run or made up. ISO 8601. */
  readonly doneUntil?: unknown;
}

/** Returns the timetable of a job of the hub's own. It starts with the first time after it is first seen. */
export function cronTimetable(jobName: string, cron: string): Timetable {
  return {
    jobName,
    params: {},
    timing: cron,
    next: (after) => nextTime(cron, after),
    doneAtFirstSight: (now) => now,
    doneAtChange: (now) => now,
  };
}

/** Returns the timetable of a row of `_JobSchedule`. */
export function rowTimetable(schedule: JobSchedule): Timetable {
  return {
    jobName: schedule.jobName,
    params: schedule.params,
    timing: timingOf(schedule),
    next: (after) => nextRun(schedule, after),
    doneAtFirstSight: (now) => doneAtFirstSight(schedule, now),
    doneAtChange: (now) => doneAtChange(schedule, now),
  };
}

/** Returns up to when the timetable is done, according to the state of its lane. */
export function doneUntil(
  table: Timetable,
  { timing, doneUntil }: TimetableState,
  now: Date,
): Date {
  if (timing === undefined) return table.doneAtFirstSight(now);
  if (timing !== table.timing) return table.doneAtChange(now);
  return new Date(String(doneUntil));
}

/** Returns the lane's next state and due time, once everything up to `until` is done. */
export function laneOutcomeOf(
  table: Timetable,
  until: Date,
): { state: { timing: string; doneUntil: string }; nextDueAt: Date | undefined } {
  return {
    state: { timing: table.timing, doneUntil: until.toISOString() },
    nextDueAt: table.next(until),
  };
}

/**
 * Returns whether the lane of a timetable must be woken: it is missing, its timing is old, or it has no due time though
 * one is left.
 */
export function isOverlooked(
  table: Timetable,
  lane: { readonly state: TimetableState; readonly isWaiting: boolean } | undefined,
): boolean {
  if (!lane || lane.state.timing !== table.timing) return true;
  return !lane.isWaiting && table.next(new Date(String(lane.state.doneUntil))) !== undefined;
}
