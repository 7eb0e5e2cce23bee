import type { ClassSpec, NewRow, RowOf } from '../../../contract/index.js';
import { type Column, columnsOf } from '../columns.js';
import { storableJson } from '../storable.js';

/**
 * The part of pg-promise that is used: a query with bound values, never text concatenated with values. Unnamed, so that
 * it also runs behind a connection pooler. https://vitaly-t.github.io/pg-promise/ParameterizedQuery.html
 */
export interface PostgresClient {
  any(query: {
    readonly text: string;
    readonly values: readonly unknown[];
  }): Promise<Record<string, unknown>[]>;
}

export type PostgresRow = Record<string, unknown>;

/** As parse-server's Postgres adapter types them (`parseTypeToPostgresType`). */
const SQL_TYPES: Readonly<Record<Column['type'], string>> = {
  String: 'text',
  Number: 'double precision',
  Boolean: 'boolean',
  Date: 'timestamptz',
  Object: 'jsonb',
  Array: 'jsonb',
  Pointer: 'text',
};

/** Quotes an identifier. Names come from declarations, but are quoted like any other. */
export function name(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

export const sqlType = (column: Column): string => SQL_TYPES[column.type];

function rowTypes(cls: ClassSpec): readonly (readonly [string, string])[] {
  return [
    ['objectId', 'text'],
    ['_rperm', 'text[]'],
    ['_wperm', 'text[]'],
    ...columnsOf(cls).map((column) => [column.name, sqlType(column)] as const),
  ];
}

/**
 * Inserts the rows in parameter `parameter` (see `newRowsJson`), except those with a taken id or unique value. `join`
 * restricts them further and refers to them as `t`.
 */
export function insertSql(cls: ClassSpec, parameter: number, join = ''): string {
  const types = rowTypes(cls).map(([column, type]) => `${name(column)} ${type}`);
  const columns = rowTypes(cls).map(([column]) => name(column));
  return `insert into ${name(cls.name)} (${columns.join(', ')})
    select ${columns.map((column) => `t.${column}`).join(', ')}
    from json_to_recordset($${String(parameter)}::json) as t(${types.join(', ')}) ${join}
    on conflict do nothing`;
}

/**
 * Returns new rows as one JSON parameter, in an order that is the same in every process, so that concurrent batches
 * wait for each other's unique values instead of deadlocking.
 */
export function newRowsJson<C extends ClassSpec>(cls: C, rows: readonly NewRow<C>[]): string {
  const [unique = []] = Object.values(cls.unique ?? {});
  const sortKey = (row: Readonly<Record<string, unknown>>) =>
    JSON.stringify([...unique.map((field) => row[field]), row['id']]);
  const sorted = rows.map((row) => ({ row, key: sortKey(row) }));
  sorted.sort((one, other) => (one.key < other.key ? -1 : Number(one.key > other.key)));
  return storableJson(
    sorted.map(({ row: { id, readers, ...fields } }) => ({
      updatedAt: fields.createdAt,
      ...fields,
      objectId: id,
      _rperm: readers.map((reader) => `role:${reader}`),
      _wperm: [],
    })),
  );
}

/** Returns the columns that `rowOf` reads, of the table with this alias. */
export function selectColumns(cls: ClassSpec, alias: string): string {
  return ['objectId', ...columnsOf(cls).map((column) => column.name)]
    .map((column) => `${alias}.${name(column)}`)
    .join(', ');
}

/**
 * Converts a record to a row. The driver has already converted dates, numbers and JSON values; empty fields are
 * omitted.
 */
export function rowOf<C extends ClassSpec>(record: PostgresRow): RowOf<C> {
  const row: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(record)) {
    if (value === null) continue;
    row[column === 'objectId' ? 'id' : column] = value;
  }
  return row as RowOf<C>;
}
