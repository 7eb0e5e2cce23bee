import type { ClassSpec, Page, PageRequest, RowOf } from '../../contract/index.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import type { StoredClasses } from '../storedClasses.js';
import type { DatabaseController, RestRow } from './sdk.js';

/**
 * Conditions on the fields of a row: values for equality, or Parse operators such as `{ $in: [...] }` on plain values.
 */
type Where = Readonly<Record<string, unknown>>;

interface FindOptions {
  readonly limit?: number;
  /** How many of the first matching rows to omit. */
  readonly skip?: number;
  readonly sort?: Readonly<Record<string, 1 | -1>>;
  /** Only these fields are read; the others are absent, although the type has them. */
  readonly keys?: readonly string[];
  /** The index to use, by its name in the database: MongoDB otherwise tries several and may keep a poor one. */
  readonly hint?: string | undefined;
}

/** Reads and removes single rows through Parse Server's own interface; bulk writes go through the database. */
export interface Rows {
  find<C extends ClassSpec>(cls: C, where: Where, options?: FindOptions): Promise<RowOf<C>[]>;
  load<C extends ClassSpec>(cls: C, where: Where): Promise<RowOf<C> | undefined>;
  /** Newest first. Throws InvalidCursor for a cursor of another list. */
  page<C extends ClassSpec>(cls: C, where: Where, request: PageRequest): Promise<Page<RowOf<C>>>;
  /** Returns how many rows match. */
  count(cls: ClassSpec, where: Where): Promise<number>;
  /** Removes the matching rows, if there are any. */
  remove(cls: ClassSpec, where: Where): Promise<void>;
  /** Removes at most `limit` of the matching rows, at most 1000; returns how many it found. */
  removeSome(cls: ClassSpec, where: Where, limit: number): Promise<number>;
}

export function parseRows(database: DatabaseController, { stored }: StoredClasses): Rows {
  const rows: Rows = {
    async find(cls, where, { limit = 1000, skip, sort = {}, keys, hint } = {}) {
      const options = {
        limit,
        sort: restSort(sort),
        ...(skip !== undefined && { skip }),
        ...(keys && { keys: [...keys, ...ALWAYS] }),
        ...(hint !== undefined && { hint }),
      };
      const found = await database.find(stored(cls).name, restWhere(stored(cls), where), options);
      return found.map((row) => fromRest(cls, row));
    },
    async load(cls, where) {
      return (await rows.find(cls, where, { limit: 1 }))[0];
    },
    async page(cls, where, { limit, cursor }) {
      const after = cursor === undefined ? undefined : decode(cls, cursor);
      const found = await rows.find(cls, after ? both(where, behind(after)) : where, {
        limit: limit + 1,
        sort: { createdAt: -1, id: -1 },
      });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return found.length > limit && last ? { items, nextCursor: encode(cls, last) } : { items };
    },
    async count(cls, where) {
      const counted = database.find(stored(cls).name, restWhere(stored(cls), where), {
        count: true,
      });
      return Number(await counted);
    },
    async removeSome(cls, where, limit) {
      const found = await rows.find(cls, where, { limit, keys: [] });
      if (found.length > 0) await rows.remove(cls, { id: { $in: found.map(({ id }) => id) } });
      return found.length;
    },
    async remove(cls, where) {
      try {
        await database.destroy(stored(cls).name, restWhere(stored(cls), where));
      } catch (error) {
        if ((error as { code?: unknown }).code !== OBJECT_NOT_FOUND) throw error;
      }
    },
  };
  return rows;
}

/** Joins two conditions, of which each may have an `$or`. */
function both(one: Where, other: Where): Where {
  return '$or' in one ? { $and: [one, other] } : { ...one, ...other };
}

/** The fields of every row. Parse's REST layer adds them to the keys, its database layer does not. */
const ALWAYS = ['objectId', 'createdAt', 'updatedAt'];

// https://docs.parseplatform.org/rest/guide/#error-codes
const OBJECT_NOT_FOUND = 101;

interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

function behind({ createdAt, id }: Position): Where {
  return {
    // Implied by the two arms; repeated because the index is used only for a plain condition.
    createdAt: { $lte: createdAt },
    $or: [{ createdAt: { $lt: createdAt } }, { createdAt, id: { $lt: id } }],
  };
}

function encode(cls: ClassSpec, { createdAt, id }: Position): string {
  return encodeCursor(cls.name, [createdAt.getTime(), id]);
}

function decode(cls: ClassSpec, cursor: string): Position {
  return decodeCursor(cls.name, cursor, ([at, id]) =>
    isTime(at) && typeof id === 'string' && !id.includes('\0')
      ? { createdAt: new Date(at), id }
      : undefined,
  );
}

// Dates have other forms beyond the year 9999, and PostgreSQL has no text with U+0000: no row of the hub has either.
const TIME_MAX = Date.UTC(9999, 11, 31);
const isTime = (at: unknown): at is number =>
  Number.isInteger(at) && Math.abs(Number(at)) <= TIME_MAX;

const restName = (name: string): string => (name === 'id' ? 'objectId' : name);

/** Converts conditions on a row to Parse's REST format. */
function restWhere(cls: ClassSpec, given: Where): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, wanted]) =>
      name === '$or' || name === '$and'
        ? [name, (wanted as readonly Where[]).map((arm) => restWhere(cls, arm))]
        : [restName(name), restCondition(cls, name, wanted)],
    ),
  );
}

function restCondition(cls: ClassSpec, name: string, given: unknown): unknown {
  return isOperators(given)
    ? Object.fromEntries(
        Object.entries(given).map(([operator, operand]) => [
          operator,
          restValue(cls, name, operand),
        ]),
      )
    : restValue(cls, name, given);
}

function restValue(cls: ClassSpec, name: string, given: unknown): unknown {
  const field = cls.fields[name];
  if (given instanceof Date) return { __type: 'Date', iso: given.toISOString() };
  if (field?.type === 'Pointer' && typeof given === 'string')
    return { __type: 'Pointer', className: field.targetClass, objectId: given };
  return Array.isArray(given) ? given.map((item) => restValue(cls, name, item)) : given;
}

function restSort(sort: Readonly<Record<string, 1 | -1>>): Record<string, 1 | -1> {
  return Object.fromEntries(Object.entries(sort).map(([name, order]) => [restName(name), order]));
}

function isOperators(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).some((key) => key.startsWith('$'))
  );
}

/** Converts a REST row to the domains' form: `id`, dates as `Date`, pointers as ids. */
function fromRest<C extends ClassSpec>(cls: C, row: RestRow): RowOf<C> {
  const fields = Object.keys(cls.fields)
    .filter((name) => row[name] !== undefined && row[name] !== null)
    .map((name) => [name, fromRestValue(row[name])]);
  return {
    ...Object.fromEntries(fields),
    id: row.objectId,
    createdAt: asDate(row['createdAt']),
    updatedAt: asDate(row['updatedAt']),
  } as RowOf<C>;
}

function fromRestValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('__type' in value)) return value;
  const typed = value as { __type: string; iso?: string; objectId?: string };
  if (typed.__type === 'Date') return asDate(typed);
  return typed.__type === 'Pointer' ? typed.objectId : value;
}

/**
 * Converts a date. Parse returns its own dates as ISO strings and others as `{ __type: 'Date', iso }`, or as `Date` on
 * PostgreSQL.
 */
function asDate(value: unknown): Date {
  if (value instanceof Date) return value;
  return new Date(typeof value === 'string' ? value : (value as { iso: string }).iso);
}
