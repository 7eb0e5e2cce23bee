import {
  doneAtChange,
  doneAtFirstSight,
  type JobSchedule,
  nextRun,
  timingOf,
} from './jobSchedule.js';
import { nextTime } from './nextTime.js';

/** Which job starts when: what a cron expression and a row of Dashboard's come down to. */
export interface Timetable {
  readonly jobName: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Tells one timing from another: with another one, the timetable starts anew. */
  readonly timing: string;
  /** The first time after `after`; `undefined` when there is none. */
  next(after: Date): Date | undefined;
  /** Up to when it counts as done that was never seen before. */
  doneAtFirstSight(now: Date): Date;
  /** Up to when it counts as done whose timing was just changed. */
  doneAtChange(now: Date): Date;
}

/** What the holders of a schedule's lane hand on; all of it absent in a new lane. */
export interface TimetableState {
  readonly timing?: unknown;
  /** Every time up to this one was run or made up. ISO 8601. */
  readonly doneUntil?: unknown;
}

/** A job of the hub's own. It starts with the first time after it is seen. */
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

/** Up to when the timetable is done, by what the holder before handed on. */
export function doneUntil(
  table: Timetable,
  { timing, doneUntil }: TimetableState,
  now: Date,
): Date {
  if (timing === undefined) return table.doneAtFirstSight(now);
  if (timing !== table.timing) return table.doneAtChange(now);
  return new Date(String(doneUntil));
}

/** What to hand on, and when to look again, once everything up to `until` is done. */
export function laneOutcomeOf(
  table: Timetable,
  until: Date,
): { state: { timing: string; doneUntil: string }; nextDueAt: Date | undefined } {
  return {
    state: { timing: table.timing, doneUntil: until.toISOString() },
    nextDueAt: table.next(until),
  };
}

/** Whether somebody has to look at its lane although the lane does not say so. */
export function isOverlooked(
  table: Timetable,
  lane: { readonly state: TimetableState; readonly isWaiting: boolean } | undefined,
): boolean {
  if (!lane || lane.state.timing !== table.timing) return true;
  return !lane.isWaiting && table.next(new Date(String(lane.state.doneUntil))) !== undefined;
}
