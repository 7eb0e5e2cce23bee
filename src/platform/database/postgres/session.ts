import type { Clock } from '../../clock.js';
import { type Alignment, alignment } from '../alignment.js';
import type { EngineOptions } from '../database.js';
import { name, type PostgresClient, type PostgresRow } from './rows.js';

/** Runs statements in which the current time is the database's. */
export interface PostgresSession extends Alignment {
  /**
   * Runs one statement, a transaction of its own. Retries it when PostgreSQL chose it as the victim of a deadlock:
   * nothing of it was stored then.
   */
  run(text: string, values: readonly unknown[]): Promise<PostgresRow[]>;
  /**
   * SQL for the current time in whole milliseconds, the precision of all dates here, with the clock's offset; constant
   * within one statement.
   */
  present(): string;
  readonly clock: Clock;
  /** The table of lanes, as a name in SQL. */
  readonly laneTable: string;
}

/** Without the clock's offset. */
const DATABASE_NOW = `date_trunc('milliseconds', now())`;

/** serialization_failure and deadlock_detected: https://www.postgresql.org/docs/current/mvcc-serialization-failure-handling.html */
const AGAIN = new Set(['40001', '40P01']);
const TRIES_MAX = 5;

export function postgresSession(
  client: PostgresClient,
  { clock, lanes }: EngineOptions,
): PostgresSession {
  async function run(text: string, values: readonly unknown[], tries = 1): Promise<PostgresRow[]> {
    try {
      return await client.any({ text, values });
    } catch (error) {
      if (tries < TRIES_MAX && AGAIN.has(sqlStateOf(error))) return run(text, values, tries + 1);
      throw error;
    }
  }
  async function loadDatabaseNow() {
    const [row] = await run(`select ${DATABASE_NOW} as "now"`, []);
    const now = row?.['now'];
    if (!(now instanceof Date)) throw new Error('PostgreSQL did not return its time.');
    return now;
  }
  return {
    ...alignment(clock, loadDatabaseNow),
    run: (text, values) => run(text, values),
    present: () =>
      clock.offsetMs === 0
        ? DATABASE_NOW
        : `(${DATABASE_NOW} + ${String(clock.offsetMs)} * interval '1 millisecond')`,
    clock,
    laneTable: name(lanes.name),
  };
}

/** Returns PostgreSQL's five-character code of an error; an empty text for any other error. */
export function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : '';
}
