import type { ClassSpec, RowOf } from '../../../contract/index.js';
import { getColumn } from '../columns.js';
import type { Search } from '../database.js';
import { storableText } from '../storable.js';
import { hasValues, keyOf, rowOf } from './rows.js';
import type { MongodbSession } from './session.js';

export async function searchMongodb<C extends ClassSpec>(
  { collection }: Pick<MongodbSession, 'collection'>,
  cls: C,
  search: Search<C>,
): Promise<RowOf<C>[]> {
  const { order, limit } = search;
  const found = await collection(cls.name)
    .find(filterOf(cls, search))
    .sort({ [keyOf(getColumn(cls, order.field))]: order.direction })
    .limit(limit)
    .toArray();
  return found.map((document) => rowOf(cls, document));
}

function filterOf<C extends ClassSpec>(
  cls: C,
  { list, holds, equal, ranges }: Search<C>,
): Record<string, unknown> {
  const ranged = ranges.flatMap(({ field, above, atLeast, below }) => {
    const range = {
      ...(above !== undefined && { $gt: above }),
      ...(atLeast !== undefined && { $gte: atLeast }),
      ...(below !== undefined && { $lt: below }),
    };
    return Object.keys(range).length > 0 ? [[keyOf(getColumn(cls, field)), range]] : [];
  });
  return {
    ...hasValues(cls, equal),
    ...(Object.fromEntries(ranged) as Record<string, unknown>),
    [keyOf(getColumn(cls, list))]: { $eq: storableText(holds) },
  };
}
