import type { ClassSpec } from '../../contract/index.js';
import { getColumn, queueOf } from './columns.js';

/** An index of a class, ascending in each field. `id` stands for the row's id. */
export interface Index {
  /** Begins with the class: on PostgreSQL the indexes of all classes share one namespace. */
  readonly name: string;
  readonly fields: readonly string[];
  /**
   * `list`: one of its fields is a list of texts, each of which can be searched for. `unique` and `present` include
   * only the rows that have a value in each field of `presentFields`.
   */
  readonly kind: 'ordinary' | 'unique' | 'present' | 'list';
  readonly presentFields: readonly string[];
}

/** PostgreSQL truncates longer names: https://www.postgresql.org/docs/current/sql-syntax-lexical.html */
const NAME_LENGTH_MAX = 63;

/** Returns every index that a class needs: the declared ones, its unique sets, and that of a queue. */
export function indexesOf(cls: ClassSpec): readonly Index[] {
  const ordinary = Object.entries(cls.indexes ?? {}).map(([name, fields]) => {
    const isList = fields.some((field) => cls.fields[field]?.type === 'Array');
    const kind = isList ? 'list' : 'ordinary';
    return indexOf(cls, { name, fields, kind, presentFields: [] });
  });
  const unique = Object.entries(cls.unique ?? {}).map(([name, fields]) =>
    indexOf(cls, { name: `unique_${name}`, fields, kind: 'unique', presentFields: fields }),
  );
  if (!cls.queue) return [...ordinary, ...unique];
  const { lane, dueAt } = queueOf(cls);
  const fields = [lane.name, dueAt.name, 'id'];
  const queue = indexOf(cls, {
    name: 'queue',
    fields,
    kind: 'present',
    presentFields: [dueAt.name],
  });
  return [...ordinary, ...unique, queue];
}

function indexOf(cls: ClassSpec, index: Index): Index {
  for (const field of index.fields) if (field !== 'id') getColumn(cls, field);
  const name = `${cls.name}_${index.name}`;
  if (name.length > NAME_LENGTH_MAX) throw new Error(`Index name ${name} is too long.`);
  return { ...index, name };
}
