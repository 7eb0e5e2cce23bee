import type { ClassSpec } from '../../../contract/index.js';
import { queueOf } from '../columns.js';
import type { Database, DueRequest } from '../database.js';
import { storableJson, storableText } from '../storable.js';
import { changesJson, changesSql } from './changes.js';
import { insertSql, name, newRowsJson, rowOf, selectColumns } from './rows.js';
import type { PostgresSession } from './session.js';

/** Reads and settles the rows of queue classes. */
export function postgresQueue({
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
      const { withs, count } = changesSql(cls, changes, { parameter: 2, present: present() });
      const [row] = await run(
        `with log as (${insertSql(logClass, 1)})${withs && `, ${withs}`}
         select ${count} as "count"`,
        [newRowsJson(logClass, log), ...changesJson(changes)],
      );
      return Number(row?.['count'] ?? 0);
    },
  };
}
