/** One webhook's line of the table at the end. */
export interface Row {
  readonly name: string;
  /** Deliveries that publishing its events made. */
  readonly published: number;
  readonly delivered: number;
  readonly retried: number;
  readonly dead: number;
  readonly pending: number;
  /** Messages whose signature was right. */
  readonly verified: number;
  /** Requests whose signature was wrong. */
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

/** Whether everything that was published arrived, with a right signature each time. */
export function isAllRight(rows: readonly Row[]): boolean {
  return rows.every(
    ({ published, delivered, verified, unverified }) =>
      delivered === published && verified === published && unverified === 0,
  );
}

/** A line a webhook and one for all together; names left, numbers right. */
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
