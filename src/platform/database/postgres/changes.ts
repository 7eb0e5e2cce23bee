import type { ClassSpec } from '../../../contract/index.js';
import { type Column, getColumn } from '../columns.js';
import type { RowChange } from '../database.js';
import { storableJson } from '../storable.js';
import { name, sqlType } from './rows.js';

/** A change without its class: column names are checked against the class where SQL is built from them. */
interface Change {
  readonly id: string;
  readonly was: Readonly<Record<string, unknown>>;
  readonly set: Readonly<Record<string, unknown>>;
}

/** Groups changes that test and set the same columns, so that each group is one update. */
function shapesOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const shapes = new Map<string, Change[]>();
  for (const change of changes) {
    const shape = JSON.stringify([Object.keys(change.was).sort(), Object.keys(change.set).sort()]);
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
    const update = { was: columns('was'), set: columns('set'), parameter: parameter + at, present };
    return `changed${String(at)} as (${updateSql(cls, update)})`;
  });
  const counts = shapes.map((_, at) => `(select count(*) from changed${String(at)})`);
  return { withs: withs.join(', '), count: `(${['0', ...counts].join(' + ')})::int` };
}

export function changesJson<C extends ClassSpec>(changes: readonly RowChange<C>[]): string[] {
  return shapesOf(changes as readonly Change[]).map((shape) =>
    storableJson(
      shape.map(({ id, was, set }) => ({
        id,
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
    readonly parameter: number;
    readonly present: string;
  },
): string {
  const typed = (prefix: string, columns: readonly Column[]) =>
    columns.map((column) => `${name(`${prefix} ${column.name}`)} ${sqlType(column)}`);
  const types = ['"id" text', ...typed('was', update.was), ...typed('set', update.set)];
  const sets = update.set.map((column) => `${name(column.name)} = t.${name(`set ${column.name}`)}`);
  const guards = update.was.map(
    (column) => `d.${name(column.name)} is not distinct from t.${name(`was ${column.name}`)}`,
  );
  return `update ${name(cls.name)} d set ${[...sets, `"updatedAt" = ${update.present}`].join(', ')}
    from json_to_recordset($${String(update.parameter)}::json) as t(${types.join(', ')})
    where ${['d."objectId" = t."id"', ...guards].join(' and ')} returning 1`;
}

function prefixKeys(
  prefix: string,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([field, value]) => [`${prefix} ${field}`, value]),
  );
}
