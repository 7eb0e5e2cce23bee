import type { ClassSpec } from '../../../contract/index.js';
import { type Column, getColumn } from '../columns.js';
import type { BulkChange, RowChange } from '../database.js';
import { storableJson } from '../storable.js';
import { name, sqlType } from './rows.js';

/** A change without its class: column names are checked against the class where SQL is built from them. */
interface Change {
  readonly id: string;
  readonly was: Readonly<Record<string, unknown>>;
  readonly set: Readonly<Record<string, unknown>>;
  readonly readers?: readonly string[] | undefined;
}

/** Groups changes that test and set the same columns, so that each group is one update. */
function shapesOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const shapes = new Map<string, Change[]>();
  for (const change of changes) {
    const shape = JSON.stringify([
      Object.keys(change.was).sort(),
      Object.keys(change.set).sort(),
      change.readers !== undefined,
    ]);
    const same = shapes.get(shape);
    if (same) same.push(change);
    else shapes.set(shape, [change]);
  }
  return [...shapes.values()];
}

/**
 * Returns updates as CTEs, one for each shape, whose parameters (`changesJson`) begin at `parameter`, and an expression
 * for the number of changed rows. Each row may be in one change only: PostgreSQL applies just one of several in a
 * statement.
 */
export function changesSql<C extends ClassSpec>(
  cls: C,
  changes: readonly RowChange<C>[],
  { parameter, present }: { readonly parameter: number; readonly present: string },
): { readonly withs: string; readonly count: string } {
  const shapes = shapesOf(changes);
  const withs = shapes.map((shape, at) => {
    const [first] = shape;
    const columns = (of: 'was' | 'set') =>
      Object.keys(first?.[of] ?? {}).map((field) => getColumn(cls, field));
    const update = {
      was: columns('was'),
      set: columns('set'),
      hasReaders: first?.readers !== undefined,
      parameter: parameter + at,
      present,
    };
    return `changed${String(at)} as (${updateSql(cls, update)})`;
  });
  const counts = shapes.map((_, at) => `(select count(*) from changed${String(at)})`);
  return { withs: withs.join(', '), count: `(${['0', ...counts].join(' + ')})::int` };
}

export function changesJson<C extends ClassSpec>(changes: readonly RowChange<C>[]): string[] {
  return shapesOf(changes as readonly Change[]).map((shape) =>
    storableJson(
      shape.map(({ id, was, set, readers }) => ({
        id,
        ...(readers && { readers: readers.map((reader) => `role:${reader}`) }),
        ...prefixKeys('was', was),
        ...prefixKeys('set', set),
      })),
    ),
  );
}

function updateSql(
  cls: ClassSpec,
  update: {
    readonly was: readonly Column[];
    readonly set: readonly Column[];
    readonly hasReaders: boolean;
    readonly parameter: number;
    readonly present: string;
  },
): string {
  const typed = (prefix: string, columns: readonly Column[]) =>
    columns.map((column) => `${name(`${prefix} ${column.name}`)} ${sqlType(column)}`);
  const types = [
    '"id" text',
    '"readers" text[]',
    ...typed('was', update.was),
    ...typed('set', update.set),
  ];
  const sets = [
    ...update.set.map((column) => `${name(column.name)} = t.${name(`set ${column.name}`)}`),
    ...(update.hasReaders ? ['"_rperm" = t."readers"'] : []),
  ];
  const guards = update.was.map(
    (column) => `d.${name(column.name)} is not distinct from t.${name(`was ${column.name}`)}`,
  );
  return `update ${name(cls.name)} d set ${[...sets, `"updatedAt" = ${update.present}`].join(', ')}
    from json_to_recordset($${String(update.parameter)}::json) as t(${types.join(', ')})
    where ${['d."objectId" = t."id"', ...guards].join(' and ')} returning 1`;
}

/** Returns the statement of `changeAll`; its parameter is `bulkChangeJson`. */
export function bulkChangeSql<C extends ClassSpec>(
  cls: C,
  { field, set }: BulkChange<C>,
  present: string,
): string {
  const columns = Object.keys(set).map((column) => getColumn(cls, column));
  const types = columns.map((column) => `${name(`set ${column.name}`)} ${sqlType(column)}`);
  const sets = columns.map((column) => `${name(column.name)} = t.${name(`set ${column.name}`)}`);
  return `with changed as (
    update ${name(cls.name)} d set ${[...sets, '"_rperm" = t."readers"', `"updatedAt" = ${present}`].join(', ')}
    from json_to_recordset($1::json) as t(${['"value" text', '"readers" text[]', ...types].join(', ')})
    where d.${name(getColumn(cls, field).name)} = t."value" returning 1)
    select count(*)::int as "count" from changed`;
}

export function bulkChangeJson<C extends ClassSpec>(change: BulkChange<C>): string {
  const { value, set, readers } = change;
  const roles = readers.map((reader) => `role:${reader}`);
  return storableJson([{ value, readers: roles, ...prefixKeys('set', set) }]);
}

function prefixKeys(
  prefix: string,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [`${prefix} ${field}`, value]),
  );
}
