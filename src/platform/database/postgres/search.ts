import type { ClassSpec } from '../../../contract/index.js';
import { getColumn } from '../columns.js';
import type { Search } from '../database.js';
import { storableJson, storableText } from '../storable.js';
import { name, selectColumns } from './rows.js';

/**
 * Returns the statement of a search. It finds the ids first, separately: with a limit in sight PostgreSQL would walk
 * the order until it has found enough, which for a rare value means the whole table.
 */
export function searchSql<C extends ClassSpec>(
  cls: C,
  { list, holds, equal, ranges, order, limit }: Search<C>,
): { readonly text: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [storableJson([holds])];
  const bound = (value: unknown) => {
    values.push(typeof value === 'string' ? storableText(value) : value);
    return `$${String(values.length)}`;
  };
  const column = (field: string) => name(getColumn(cls, field).name);
  const conditions = [
    `${column(list)} @> $1::jsonb`,
    ...Object.entries(equal).map(([field, value]) => `${column(field)} = ${bound(value)}`),
    ...ranges.flatMap(({ field, above, atLeast, below }) => [
      ...(above === undefined ? [] : [`${column(field)} > ${bound(above)}`]),
      ...(atLeast === undefined ? [] : [`${column(field)} >= ${bound(atLeast)}`]),
      ...(below === undefined ? [] : [`${column(field)} < ${bound(below)}`]),
    ]),
  ];
  const by = `${column(order.field)} ${order.direction === 1 ? 'asc' : 'desc'}`;
  const text = `with found as materialized (
      select "objectId", ${column(order.field)} from ${name(cls.name)} where ${conditions.join(' and ')}),
    first as (select "objectId" from found order by ${by} limit ${bound(limit)})
    select ${selectColumns(cls, 'd')} from first join ${name(cls.name)} d using ("objectId")
    order by d.${by}`;
  return { text, values };
}
