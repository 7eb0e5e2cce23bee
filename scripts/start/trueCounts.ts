/** Runs one statement of SQL. */
export type Query = (text: string) => Promise<readonly Record<string, unknown>[]>;

/**
 * How often changed tables are analyzed. On PostgreSQL, Parse Server returns the planner's estimate as the count of a whole
 * class, and Dashboard shows it: 0 until the table is analyzed. Nothing is analyzed in a new database, and autovacuum skips
 * small tables.
 */
const EVERY_MS = 5_000;

/** Updates the estimates of all tables. */
export async function analyzeAll(query: Query): Promise<void> {
  await query('ANALYZE');
}

/**
 * Updates the estimates of changed tables and returns their names. A table of up to ten thousand rows is analyzed after any
 * change, a larger one after one change for each fifty further rows, because analyzing it takes longer.
 */
export async function analyzeChanged(query: Query): Promise<string[]> {
  const rows = await query(
    `SELECT quote_ident(schemaname) || '.' || quote_ident(relname) AS name FROM pg_stat_user_tables
      WHERE n_mod_since_analyze > greatest(0, (n_live_tup - 10000) / 50)`,
  );
  const names = rows.map(({ name }) => String(name));
  if (names.length > 0) await query(`ANALYZE ${names.join(', ')}`);
  return names;
}

export interface Counts {
  /** Settles once all estimates have been updated. */
  refresh(): Promise<void>;
  /** Stops the updates, after the running one. */
  stop(): Promise<void>;
}

/** Keeps the counts of the embedded database up to date, starting now. */
export function keepCounts(query: Query): Counts {
  // A round can fail, for example while a class is being removed. The next round catches up.
  let round: Promise<unknown> = analyzeAll(query).catch(() => undefined);
  const queue = (work: (query: Query) => Promise<unknown>) => {
    round = round.then(() => work(query)).catch(() => undefined);
    return round;
  };
  const timer = setInterval(() => void queue(analyzeChanged), EVERY_MS);
  timer.unref();
  return {
    async refresh() {
      await queue(analyzeAll);
    },
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
