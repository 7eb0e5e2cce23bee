import type { ClassSpec, NewRow, RowOf } from '../../../contract/index.js';
import { type Column, columnsOf, getColumn } from '../columns.js';
import { storableJson, storableText } from '../storable.js';

/** A document as Parse Server's MongoDB adapter writes and reads it. */
export type MongodbRow = { _id: string } & Record<string, unknown>;

const PARSE_KEYS: Readonly<Record<string, string>> = {
  id: '_id',
  createdAt: '_created_at',
  updatedAt: '_updated_at',
};

/** Returns the key of a column in a document. */
export function keyOf(column: Pick<Column, 'name' | 'type'>): string {
  if (column.type === 'Pointer') return `_p_${column.name}`;
  return PARSE_KEYS[column.name] ?? column.name;
}

/**
 * Converts a value to what documents store; `undefined` stays. Objects lose what JSON cannot express, as on PostgreSQL.
 */
export function storedValue(column: Column, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  if (column.type === 'Object' || column.type === 'Array') return JSON.parse(storableJson(value));
  if (typeof value !== 'string') return value;
  const text = storableText(value);
  return column.type === 'Pointer' ? `${pointerPrefix(column)}${text}` : text;
}

/** Reverses `storedValue`. */
export function valueOf(column: Column, stored: unknown): unknown {
  if (stored === undefined || stored === null) return undefined;
  return column.type === 'Pointer' && typeof stored === 'string'
    ? stored.slice(stored.indexOf('$') + 1)
    : stored;
}

/** Returns the prefix of the id in a stored pointer: `Class$`. Class names have no `$`. */
export function pointerPrefix(column: Column): string {
  return column.type === 'Pointer' ? `${column.targetClass ?? ''}$` : '';
}

/** Returns the key of a lane from the value of `column` in its rows. */
export function keyOfLane(column: Column, stored: string): string {
  return stored.slice(pointerPrefix(column).length);
}

/** Returns the readers of a row twice, as Parse stores them: `_rperm` for queries, `_acl` for results. */
export function aclOf(readers: readonly string[]): Record<'_rperm' | '_acl', unknown> {
  const roles = readers.map((reader) => `role:${reader}`);
  return { _rperm: roles, _acl: Object.fromEntries(roles.map((role) => [role, { r: true }])) };
}

export function documentOf<C extends ClassSpec>(cls: C, row: NewRow<C>): MongodbRow {
  const values: Readonly<Record<string, unknown>> = { ...row, updatedAt: row.createdAt };
  const document: MongodbRow = {
    _id: storableText(row.id),
    ...aclOf(row.readers),
    _wperm: [],
  };
  for (const column of columnsOf(cls)) {
    const stored = storedValue(column, values[column.name]);
    if (stored !== undefined) document[keyOf(column)] = stored;
  }
  return document;
}

export function rowOf<C extends ClassSpec>(cls: C, document: MongodbRow): RowOf<C> {
  const row: Record<string, unknown> = { id: document._id };
  for (const column of columnsOf(cls)) {
    const value = valueOf(column, document[keyOf(column)]);
    if (value !== undefined) row[column.name] = value;
  }
  return row as RowOf<C>;
}

/**
 * Returns the condition that a row still has these values; `undefined` means empty. Always by `$eq`: values are data.
 */
export function hasValues(
  cls: ClassSpec,
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const conditions = Object.entries(values).map(([name, value]) => {
    const column = getColumn(cls, name);
    return [keyOf(column), { $eq: storedValue(column, value) ?? null }];
  });
  return Object.fromEntries(conditions) as Record<string, unknown>;
}

/** Returns an update that sets these values and removes those that are `undefined`: no key is left with null. */
export function setsValues(
  cls: ClassSpec,
  values: Readonly<Record<string, unknown>>,
): { readonly $set: Record<string, unknown>; readonly $unset: Record<string, ''> } {
  const $set: Record<string, unknown> = {};
  const $unset: Record<string, ''> = {};
  for (const [name, value] of Object.entries(values)) {
    const column = getColumn(cls, name);
    const stored = storedValue(column, value);
    if (stored === undefined) $unset[keyOf(column)] = '';
    else $set[keyOf(column)] = stored;
  }
  return { $set, $unset };
}
