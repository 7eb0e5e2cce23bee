import type { ClassSpec, NewRow, RowOf } from '../../../contract/index.js';
import { type Column, columnsOf } from '../columns.js';
import { storableJson } from '../storable.js';

/**
 * The part of pg-promise that is used: a query with bound values, never text put together with values. Unnamed, so that
 * it runs behind a connection pooler too. https://vitaly-t.github.io/pg-promise/ParameterizedQuery.html
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

/** A quoted identifier. Names come from declarations, yet are quoted like anybody's. */
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
 * Inserts the rows in parameter `parameter` (see `newRowsJson`), those with a taken id or unique value left out; `join`
 * narrows them further, they go by `t`.
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
 * New rows as one JSON parameter, in an order that is the same in every process, so that concurrent batches wait for each
 * other's unique values instead of dead-locking.
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

/** The columns that `rowOf` reads, of the table that goes by `alias`. */
export function selectColumns(cls: ClassSpec, alias: string): string {
  return ['objectId', ...columnsOf(cls).map((column) => column.name)]
    .map((column) => `${alias}.${name(column)}`)
    .join(', ');
}

/** The driver has made dates, numbers and JSON values of the columns already; an empty one is left out. */
export function rowOf<C extends ClassSpec>(record: PostgresRow): RowOf<C> {
  const row: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(record)) {
    if (value === null) continue;
    row[column === 'objectId' ? 'id' : column] = value;
  }
  return row as RowOf<C>;
}
