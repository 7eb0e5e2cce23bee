import { systemClock } from '../../src/platform/clock.js';
import { testClock } from '../support/clock.js';

const YEAR_2000_MS = Date.UTC(2000, 0, 1);

/** How far `clock` is ahead of a time that has been right since `sinceMs` on its monotonic clock; below 0: behind. */
const aheadMs = (clock: ReturnType<typeof systemClock>, timeMs: number, sinceMs: number) =>
  clock.now().getTime() - (timeMs + clock.monotonicMs() - sinceMs);

it('counts on from the database’s time, whatever the process believes', () => {
  const clock = systemClock(() => YEAR_2000_MS);
  const requestedAtMs = clock.monotonicMs();
  const databaseMs = Date.UTC(2026, 0, 1);
  clock.align(new Date(databaseMs), requestedAtMs);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(databaseMs);
  expect(aheadMs(clock, databaseMs, requestedAtMs)).toBeLessThanOrEqual(0);
});

it('is not set back by a slow result, but by one that shows it ahead', () => {
  const clock = systemClock(() => YEAR_2000_MS);
  const databaseMs = Date.UTC(2026, 0, 1);
  const startMs = clock.monotonicMs();
  clock.align(new Date(databaseMs), startMs);
  clock.align(new Date(databaseMs - 5_000), clock.monotonicMs() - 6_000);
  expect(aheadMs(clock, databaseMs, startMs)).toBeGreaterThan(-1_000);
  clock.align(new Date(databaseMs - 5_000), clock.monotonicMs() - 1_000);
  expect(aheadMs(clock, databaseMs - 5_000, startMs)).toBeLessThanOrEqual(0);
});

it('is set forward by a later result', () => {
  const clock = systemClock(() => YEAR_2000_MS);
  clock.align(new Date(YEAR_2000_MS), clock.monotonicMs());
  clock.align(new Date(YEAR_2000_MS + 7_000), clock.monotonicMs() - 100);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(YEAR_2000_MS + 7_000);
});

it('accepts the first result, however long it took', () => {
  const clock = systemClock(() => YEAR_2000_MS);
  clock.align(new Date(YEAR_2000_MS - 1_000), clock.monotonicMs() - 60_000);
  expect(clock.now().getTime()).toBeLessThan(YEAR_2000_MS);
});

it('has the offset of a spec once', () => {
  const clock = testClock(() => YEAR_2000_MS);
  const requestedAtMs = clock.monotonicMs();
  clock.advance(1_000);
  clock.align(new Date(YEAR_2000_MS), clock.monotonicMs());
  expect(clock.offsetMs).toBe(1_000);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(YEAR_2000_MS + 1_000);
  expect(clock.now().getTime()).toBeLessThan(YEAR_2000_MS + 2_000);
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(requestedAtMs + 1_000);
  expect(() => {
    clock.advance(-1);
  }).toThrow('A clock can only advance');
});
