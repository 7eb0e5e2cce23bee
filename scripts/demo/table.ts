/** The row of one webhook in the result table. */
export interface Row {
  readonly name: string;
  /** Deliveries created by publishing its events. */
  readonly published: number;
  readonly delivered: number;
  readonly retried: number;
  readonly dead: number;
  readonly pending: number;
  /** Messages with a valid signature. */
  readonly verified: number;
  /** Requests with a wrong signature. */
  readonly unverified: number;
}

const COLUMNS = [
  'published',
  'delivered',
  'retried',
  'dead',
  'pending',
  'verified',
  'unverified',
] as const;

/** Returns whether every published event arrived, each time with a valid signature. */
export function isAllRight(rows: readonly Row[]): boolean {
  return rows.every(
    ({ published, delivered, verified, unverified }) =>
      delivered === published && verified === published && unverified === 0,
  );
}

/** Returns a line for each webhook and one with the totals; names are left-aligned, numbers right-aligned. */
export function formatTable(rows: readonly Row[]): string[] {
  const sum = (column: (typeof COLUMNS)[number]) =>
    rows.reduce((total, row) => total + row[column], 0);
  const head = ['webhook', ...COLUMNS];
  const body = rows.map((row) => [row.name, ...COLUMNS.map((column) => String(row[column]))]);
  const lines = [head, ...body, ['all', ...COLUMNS.map((column) => String(sum(column)))]];
  const widths = head.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, index) =>
        index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0),
      )
      .join('  '),
  );
}
