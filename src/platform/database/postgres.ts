import type { ClassSpec, NewRow, RowOf } from '../../contract/index.js';
import type { Clock } from '../clock.js';
import { getColumn, queueOf } from './columns.js';
import type { Database, DueRequest, Family, RowChange } from './database.js';
import { changesJson, changesSql } from './postgresChanges.js';
import { createPostgresIndexes } from './postgresIndexes.js';
import { postgresLanes } from './postgresLanes.js';
import {
  insertSql,
  name,
  newRowsJson,
  type PostgresClient,
  rowOf,
  selectColumns,
} from './postgresRows.js';
import { postgresSession, type PostgresSession } from './postgresSession.js';
import { storableJson, storableText } from './storable.js';

/**
 * The engine on PostgreSQL: each call is one statement, which happens whole or not at all; `insertFamily` has a second one
 * for the lanes, because publishers would otherwise queue for a lane's row until each other's commit is on disk.
 */
export function postgresDatabase(client: PostgresClient, clock: Clock): Database {
  const session = postgresSession(client, clock);
  const { run, present } = session;
  const lanes = postgresLanes(session);
  return {
    engine: 'postgres',
    ...lanes,
    ...postgresQueue(session),

    async now() {
      await session.align();
      return clock.now();
    },

    prepare: (classes) => createPostgresIndexes(session, classes),

    async insertMany(cls, rows) {
      if (rows.length === 0) return new Set();
      const stored = await run(`${insertSql(cls, 1)} returning "objectId" as "id"`, [
        newRowsJson(cls, rows),
      ]);
      return idsOf(stored);
    },

    async insertFamily<P extends ClassSpec, C extends ClassSpec>(family: Family<P, C>) {
      await session.keepAligned();
      const { parentClass, childClass } = family;
      const ofThem = `join parents on parents."objectId" = t.${name(family.link)}`;
      const stored = await run(
        `with parents as (${insertSql(parentClass, 1)} returning "objectId"),
           children as (${insertSql(childClass, 2, ofThem)})
         select "objectId" as "id" from parents`,
        [newRowsJson(parentClass, family.parents), newRowsJson(childClass, family.children)],
      );
      await lanes.wake(family.wake);
      return idsOf(stored);
    },

    async loadMany<C extends ClassSpec>(cls: C, ids: readonly string[]) {
      if (ids.length === 0) return [];
      const rows = await run(
        `select ${selectColumns(cls, 'd')} from ${name(cls.name)} d where d."objectId" = any($1)`,
        [ids.map(storableText)],
      );
      return rows.map((row) => rowOf<C>(row));
    },

    async change(cls, change) {
      const { withs, count } = changesSql(cls, [change], 1, present());
      const [row] = await run(`with ${withs} select ${count} as "count"`, changesJson([change]));
      return row?.['count'] === 1;
    },

    async deleteBefore(cls, { field, before, limit }) {
      const date = name(getColumn(cls, field).name);
      const notDue = cls.queue ? ` and ${name(queueOf(cls).dueAt.name)} is null` : '';
      const [row] = await run(
        `with old as materialized (
           select "objectId" from ${name(cls.name)} where ${date} < $1${notDue}
           order by ${date} limit $2 for update skip locked),
         gone as (delete from ${name(cls.name)} d using old where d."objectId" = old."objectId" returning 1)
         select count(*)::int as "count" from gone`,
        [before, limit],
      );
      return Number(row?.['count'] ?? 0);
    },
  };
}

/** Reading and settling the rows of queue classes. */
function postgresQueue({
  run,
  present,
}: PostgresSession): Pick<Database, 'loadDue' | 'nextDue' | 'settleMany'> {
  return {
    async loadDue<C extends ClassSpec>(cls: C, requests: readonly DueRequest[]) {
      if (requests.length === 0) return [];
      const { lane, dueAt } = queueOf(cls);
      const due = `d.${name(dueAt.name)}`;
      const rows = await run(
        `select ${selectColumns(cls, 'd')}
         from json_to_recordset($1::json) as r("key" text, "afterDue" timestamptz, "afterId" text, "limit" integer)
         cross join lateral (
           select d.* from ${name(cls.name)} d
           where d.${name(lane.name)} = r."key" and ${due} <= ${present()}
             and (${due}, d."objectId") > (coalesce(r."afterDue", '-infinity'), coalesce(r."afterId", ''))
           order by ${due}, d."objectId" limit r."limit") d`,
        [
          storableJson(
            requests.map(({ key, after, limit }) => ({
              key,
              afterDue: after?.dueAt,
              afterId: after?.id,
              limit,
            })),
          ),
        ],
      );
      return rows.map((row) => rowOf<C>(row));
    },

    async nextDue(cls, keys) {
      if (keys.length === 0) return new Map();
      const { lane, dueAt } = queueOf(cls);
      const due = `d.${name(dueAt.name)}`;
      const rows = await run(
        `select t.key, next.due from unnest($1::text[]) as t(key) cross join lateral (
           select ${due} as due from ${name(cls.name)} d
           where d.${name(lane.name)} = t.key and ${due} is not null order by ${due}, d."objectId" limit 1) next`,
        [keys.map(storableText)],
      );
      return new Map(rows.map((row) => [String(row['key']), row['due'] as Date]));
    },

    async settleMany({ cls, changes, logClass, log }) {
      if (changes.length === 0 && log.length === 0) return 0;
      const { withs, count } = changesSql(cls, changes, 2, present());
      const [row] = await run(
        `with log as (${insertSql(logClass, 1)})${withs && `, ${withs}`}
         select ${count} as "count"`,
        [newRowsJson(logClass, log), ...changesJson(changes)],
      );
      return Number(row?.['count'] ?? 0);
    },
  };
}

function idsOf(rows: readonly Record<string, unknown>[]): ReadonlySet<string> {
  return new Set(rows.map((row) => String(row['id'])));
}
