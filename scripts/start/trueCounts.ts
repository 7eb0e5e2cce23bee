/** Runs one statement of SQL. */
export type Query = (text: string) => Promise<readonly Record<string, unknown>[]>;

/**
 * Parse Server answers the count of a whole class on PostgreSQL with the planner's estimate, which Dashboard shows: 0 until
 * a table has been analyzed. A database that just began has nothing analyzed, and autovacuum never looks at small tables.
 */
const EVERY_MS = 5_000;

/** Brings the estimates of all tables to what is there. */
export async function analyzeAll(query: Query): Promise<void> {
  await query('ANALYZE');
}

/**
 * The same for the tables that have changed since: for each change up to ten thousand rows, beyond that for each fiftieth,
 * as one analyze then takes longer than a glance at Dashboard is worth. Answers their names.
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
  /** Settles once every estimate was brought to what is there now. */
  refresh(): Promise<void>;
  /** Ends it, after what is being done. */
  stop(): Promise<void>;
}

/** Keeps the counts of a database that is the hub's own true, beginning now. */
export function keepCounts(query: Query): Counts {
  // A round that failed, as while a class is being removed, is made good by the next.
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
