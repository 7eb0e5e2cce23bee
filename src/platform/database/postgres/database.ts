import type { ClassSpec } from '../../../contract/index.js';
import { getColumn, queueOf } from '../columns.js';
import type { Database, EngineOptions, Family, Search } from '../database.js';
import { storableText } from '../storable.js';
import { bulkChangeJson, bulkChangeSql, changesJson, changesSql } from './changes.js';
import { createPostgresIndexes } from './indexes.js';
import { postgresLanes } from './lanes.js';
import { postgresQueue } from './queue.js';
import { postgresRoles } from './roles.js';
import { insertSql, name, newRowsJson, type PostgresClient, rowOf, selectColumns } from './rows.js';
import { searchSql } from './search.js';
import { type PostgresSession, postgresSession } from './session.js';

/** The transaction of this statement does not wait for the disk: https://www.postgresql.org/docs/current/wal-async-commit.html */
const LAZY = `lazy as materialized (select set_config('synchronous_commit', 'off', true))`;

/**
 * Opens the engine on PostgreSQL: each call is one statement, which is applied completely or not at all. `insertFamily`
 * has a second one for the lanes, because publishers would otherwise queue for a lane's row until each other's commit
 * is on disk.
 */
export function postgresDatabase(client: PostgresClient, options: EngineOptions): Database {
  const session = postgresSession(client, options);
  const { clock } = options;
  const { run, present } = session;
  const lanes = postgresLanes(session);
  return {
    engine: 'postgres',
    ...lanes,
    ...postgresQueue(session),
    ...postgresRoles(session),

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

    insertFamily: (family) => insertFamily(session, family, lanes.wake),

    async loadMany<C extends ClassSpec>(cls: C, ids: readonly string[]) {
      if (ids.length === 0) return [];
      const rows = await run(
        `select ${selectColumns(cls, 'd')} from ${name(cls.name)} d where d."objectId" = any($1)`,
        [ids.map(storableText)],
      );
      return rows.map((row) => rowOf<C>(row));
    },

    async search<C extends ClassSpec>(cls: C, search: Search<C>) {
      const { text, values } = searchSql(cls, search);
      return (await run(text, values)).map((row) => rowOf<C>(row));
    },

    async change(cls, change) {
      const { withs, count } = changesSql(cls, [change], { parameter: 1, present: present() });
      const isLazy = cls.durability === 'lazy';
      const [row] = await run(
        `with ${isLazy ? `${LAZY}, ` : ''}${withs}
         select ${count} as "count"${isLazy ? ', (select * from lazy)' : ''}`,
        changesJson([change]),
      );
      return row?.['count'] === 1;
    },

    async changeAll(cls, change) {
      const [row] = await run(bulkChangeSql(cls, change, present()), [bulkChangeJson(change)]);
      return Number(row?.['count'] ?? 0);
    },

    deleteBefore: (cls, where) => deleteBefore(session, cls, where),
  };
}

async function insertFamily<P extends ClassSpec, C extends ClassSpec>(
  session: PostgresSession,
  { parentClass, parents, childClass, children, link, wake: lanes }: Family<P, C>,
  wake: Database['wake'],
): Promise<ReadonlySet<string>> {
  await session.keepAligned();
  const stored = await session.run(
    `with parents as (${insertSql(parentClass, 1)} returning "objectId"),
       children as (${insertSql(childClass, 2, `join parents on parents."objectId" = t.${name(link)}`)})
     select "objectId" as "id" from parents`,
    [newRowsJson(parentClass, parents), newRowsJson(childClass, children)],
  );
  await wake(lanes);
  return idsOf(stored);
}

function idsOf(rows: readonly Record<string, unknown>[]): ReadonlySet<string> {
  return new Set(rows.map((row) => String(row['id'])));
}

async function deleteBefore(
  { run }: PostgresSession,
  cls: ClassSpec,
  { field, before, limit }: Parameters<Database['deleteBefore']>[1],
): Promise<number> {
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
}
