import type { Json } from '../support/hub.js';
import { pointerTo } from './world.js';

/** A request to Parse Server for rows of a class. */
export interface EntryPoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Json;
  /** Set if the request reads rows of the host's own class and can reveal the row indirectly. */
  readonly onTheSide?: true;
}

/** The requested class of the hub, and a row of it. */
export interface EntryPointTarget {
  readonly className: string;
  readonly row: Json;
  /** The condition that only the rows of its organization match. */
  readonly ofOrganization: Json;
  /** The id of a row that points to `row`, in the host's class `noteClass(className)`, which has public read access. */
  readonly noteId: string;
}

const query = (parameters: Readonly<Record<string, unknown>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return `${name}=${encodeURIComponent(text)}`;
    })
    .join('&');

export const find = (
  className: string,
  parameters: Readonly<Record<string, unknown>> = {},
): EntryPoint => ({
  method: 'GET',
  path: `/classes/${className}?${query(parameters)}`,
});

/** All requests that read rows of a class, by name. */
export const entryPoints: Readonly<Record<string, (target: EntryPointTarget) => EntryPoint>> = {
  list: ({ className }) => find(className),
  'one by its id': ({ className, row }) => ({
    method: 'GET',
    path: `/classes/${className}/${row.objectId}`,
  }),
  'one by its id, with all it points to': ({ className, row }) => ({
    method: 'GET',
    path: `/classes/${className}/${row.objectId}?include=*`,
  }),
  'where the id is': ({ className, row }) => find(className, { where: { objectId: row.objectId } }),
  'where the id is one of': ({ className, row }) =>
    find(className, { where: { objectId: { $in: [row.objectId] } } }),
  'where one or the other': ({ className, row }) =>
    find(className, {
      where: { $or: [{ objectId: row.objectId }, { createdAt: { $exists: true } }] },
    }),
  'where both': ({ className, row }) =>
    find(className, { where: { $and: [{ objectId: row.objectId }, {}] } }),
  'where neither': ({ className }) =>
    find(className, { where: { $nor: [{ objectId: 'x' }, { objectId: 'y' }] } }),
  count: ({ className, ofOrganization }) =>
    find(className, { count: 1, limit: 0, where: ofOrganization }),
  'count where the id is': ({ className, row }) =>
    find(className, { count: 1, limit: 0, where: { objectId: row.objectId } }),
  'some fields': ({ className }) => find(className, { keys: 'createdAt,organization.name' }),
  'all but some fields': ({ className }) => find(className, { excludeKeys: 'createdAt' }),
  'with all it points to': ({ className }) => find(className, { includeAll: true }),
  'of the organization': ({ className, ofOrganization }) =>
    find(className, { where: ofOrganization }),
  'in order': ({ className }) => find(className, { order: '-createdAt', limit: 1000, skip: 0 }),
  'by POST with _method': ({ className, row }) => ({
    method: 'POST',
    path: `/classes/${className}`,
    body: { _method: 'GET', where: { objectId: row.objectId } },
  }),
  'one by POST with _method': ({ className, row }) => ({
    method: 'POST',
    path: `/classes/${className}/${row.objectId}`,
    body: { _method: 'GET', include: '*' },
  }),
  batch: ({ className, row }) => ({
    method: 'POST',
    path: '/batch',
    body: {
      requests: [
        { method: 'GET', path: `/parse/classes/${className}` },
        { method: 'GET', path: `/parse/classes/${className}/${row.objectId}` },
        {
          method: 'GET',
          path: `/parse/classes/${className}`,
          body: { where: { objectId: row.objectId }, count: 1 },
        },
      ],
    },
  }),
  'as the pointer of a note': ({ className, noteId }) => ({
    ...find(noteClass(className), { where: { objectId: noteId }, include: 'toRow' }),
    onTheSide: true,
  }),
  'as all pointers of a note': ({ className, noteId }) => ({
    ...find(noteClass(className), { where: { objectId: noteId }, include: '*' }),
    onTheSide: true,
  }),
  'as the pointer of a note, field by field': ({ className, noteId }) => ({
    ...find(noteClass(className), {
      where: { objectId: noteId },
      keys: 'toRow.name,toRow.url,toRow.body,toRow.organization.name',
    }),
    onTheSide: true,
  }),
  'notes that point into it': ({ className, row, noteId }) =>
    find(noteClass(className), {
      where: {
        objectId: noteId,
        toRow: { $inQuery: { className, where: { objectId: row.objectId } } },
      },
    }),
  'notes with an id selected from it': ({ className }) =>
    find(noteClass(className), {
      where: { rowId: { $select: { key: 'objectId', query: { className, where: {} } } } },
    }),
  'notes of either kind': ({ className }) =>
    find(noteClass(className), {
      where: { $or: [{ toRow: { $inQuery: { className, where: {} } } }, { objectId: 'none' }] },
    }),
};

/**
 * Inverted requests: they return the note unless the caller can read the row, so that a missing note reveals as much as a
 * row.
 */
export const reversedEntryPoints: Readonly<
  Record<string, (target: EntryPointTarget) => EntryPoint>
> = {
  'notes that do not point into it': ({ className, row, noteId }) =>
    find(noteClass(className), {
      where: {
        objectId: noteId,
        toRow: { $notInQuery: { className, where: { objectId: row.objectId } } },
      },
    }),
  'notes with an id not selected from it': ({ className, noteId }) =>
    find(noteClass(className), {
      where: {
        objectId: noteId,
        rowId: { $dontSelect: { key: 'objectId', query: { className, where: {} } } },
      },
    }),
};

/** Returns the name of the host's class whose rows point to those of a class of the hub. */
export const noteClass = (className: string): string => `NoteTo${className}`;

/** Returns a note of the host with public read access that points to a row of the hub. */
export const noteTo = (className: string, row: Json) => ({
  toRow: pointerTo(className, row.objectId),
  rowId: row.objectId,
  ACL: { '*': { read: true } },
});

/** Returns whether a response reveals one of these rows: by its id, by a count, or by an included pointer. */
export function reveals({ onTheSide }: EntryPoint, body: Json, ids: readonly string[]): boolean {
  if (onTheSide) return (body.results ?? []).some(({ toRow }: Json) => toRow?.__type === 'Object');
  const text = JSON.stringify(body);
  return body.count > 0 || ids.some((id) => text.includes(id));
}
