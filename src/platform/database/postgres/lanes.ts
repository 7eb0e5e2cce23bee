import { randomUUID } from 'node:crypto';

import type { ClassSpec } from '../../../contract/index.js';
import { queueOf } from '../columns.js';
import type { Database, Hold, LaneId, LaneRelease, LaneState, LaneWake } from '../database.js';
import { laneRowId, wakesByLane } from '../laneRow.js';
import { storableJson, storableText } from '../storable.js';
import { name, type PostgresRow } from './rows.js';
import type { PostgresSession } from './session.js';

type Lanes = Pick<
  Database,
  'wake' | 'hold' | 'holdOne' | 'prolong' | 'release' | 'nextLaneDue' | 'sleepingLanes'
>;

const MS = `interval '1 millisecond'`;

/**
 * Creates the lanes on PostgreSQL. While a lane is held, its dueAt equals heldUntil (not woken) or is earlier (woken);
 * never later, so that the lane of a crashed holder is found by its dueAt alone. Lanes are locked in the order of their
 * ids.
 */
export function postgresLanes(session: PostgresSession): Lanes {
  return {
    wake: (lanes) => wake(session, lanes),
    hold: (request) => hold(session, request),
    holdOne: (lane, holdMs) => holdOne(session, lane, holdMs),
    prolong: (holds, holdMs) => prolong(session, holds, holdMs),
    release: (releases) => release(session, releases),
    nextLaneDue: (kinds) => nextLaneDue(session, kinds),
    sleepingLanes: (cls, options) => sleepingLanes(session, cls, options),
  };
}

async function wake(
  { run, present, laneTable }: PostgresSession,
  lanes: readonly LaneWake[],
): Promise<void> {
  if (lanes.length === 0) return;
  await run(wakeSql(laneTable, present()), [wakeJson(lanes)]);
}

async function hold(
  session: PostgresSession,
  request: Parameters<Lanes['hold']>[0],
): Promise<Hold[]> {
  await session.keepAligned();
  const { run, present, clock, laneTable } = session;
  const { kinds, count, holdMs } = request;
  const token = randomUUID();
  const requestedAtMs = clock.monotonicMs();
  const now = present();
  const rows = await run(
    `with free as materialized (
       select "objectId" from ${laneTable}
       where "kind" = any($1) and "dueAt" <= ${now} and ("heldUntil" is null or "heldUntil" <= ${now})
       order by "dueAt" limit $2 for update skip locked)
     update ${laneTable} l
     set "holder" = $3, "heldUntil" = ${now} + $4 * ${MS}, "dueAt" = ${now} + $4 * ${MS}, "updatedAt" = ${now}
     from free where l."objectId" = free."objectId"
     returning l."kind", l."key", l."state"`,
    [kinds, count, token, holdMs],
  );
  return rows.map((row) => holdOf(row, token, requestedAtMs + holdMs));
}

async function holdOne(
  { run, present, clock, laneTable }: PostgresSession,
  lane: LaneId,
  holdMs: number,
): Promise<Hold | undefined> {
  const token = randomUUID();
  const requestedAtMs = clock.monotonicMs();
  const now = present();
  const [row] = await run(
    `insert into ${laneTable} as l ("objectId", "kind", "key", "holder", "heldUntil", "dueAt", "createdAt", "updatedAt", "_rperm", "_wperm")
     values ($1, $2, $3, $4, ${now} + $5 * ${MS}, ${now} + $5 * ${MS}, ${now}, ${now}, '{}', '{}')
     on conflict ("objectId") do update set "holder" = excluded."holder", "heldUntil" = excluded."heldUntil",
       "dueAt" = excluded."dueAt", "updatedAt" = excluded."updatedAt"
     where l."heldUntil" is null or l."heldUntil" <= ${now}
     returning l."kind", l."key", l."state"`,
    [laneRowId(lane), lane.kind, storableText(lane.key), token, holdMs],
  );
  return row && holdOf(row, token, requestedAtMs + holdMs);
}

async function prolong(
  { run, present, clock, laneTable }: PostgresSession,
  holds: readonly Hold[],
  holdMs: number,
): Promise<Hold[]> {
  if (holds.length === 0) return [];
  const requestedAtMs = clock.monotonicMs();
  const heldUntil = `${present()} + $2 * ${MS}`;
  const rows = await run(
    `with mine as materialized (
       select l."objectId" from ${laneTable} l
       join json_to_recordset($1::json) as t("id" text, "token" text) on l."objectId" = t."id" and l."holder" = t."token"
       order by l."objectId" for update of l)
     update ${laneTable} l set "heldUntil" = ${heldUntil}, "updatedAt" = ${present()},
       "dueAt" = case when l."dueAt" < l."heldUntil" then least(l."dueAt", ${heldUntil} - ${MS}) else ${heldUntil} end
     from mine where l."objectId" = mine."objectId"
     returning l."objectId" as "id"`,
    [holdsJson(holds), holdMs],
  );
  const ours = new Set(rows.map((row) => row['id']));
  const endsAtMs = requestedAtMs + holdMs;
  return holds.filter((hold) => ours.has(laneRowId(hold))).map((hold) => ({ ...hold, endsAtMs }));
}

async function release(
  { run, present, laneTable }: PostgresSession,
  releases: readonly LaneRelease[],
): Promise<void> {
  if (releases.length === 0) return;
  await run(
    `with mine as materialized (
       select l."objectId", t."nextDueAt", t."state" from ${laneTable} l
       join json_to_recordset($1::json) as t("id" text, "token" text, "nextDueAt" timestamptz, "state" jsonb)
         on l."objectId" = t."id" and l."holder" = t."token"
       order by l."objectId" for update of l)
     update ${laneTable} l set "holder" = null, "heldUntil" = null, "updatedAt" = ${present()},
       "dueAt" = least(case when l."dueAt" < l."heldUntil" then l."dueAt" end, mine."nextDueAt"),
       "state" = coalesce(mine."state", l."state")
     from mine where l."objectId" = mine."objectId"`,
    [releasesJson(releases)],
  );
}

async function nextLaneDue(
  { run, laneTable }: PostgresSession,
  kinds: readonly string[],
): Promise<Date | undefined> {
  const [row] = await run(nextLaneDueSql(laneTable), [kinds]);
  const due = row?.['due'];
  return due instanceof Date ? due : undefined;
}

async function sleepingLanes(
  { run, present, laneTable }: PostgresSession,
  cls: ClassSpec,
  options: Parameters<Lanes['sleepingLanes']>[1],
): Promise<LaneId[]> {
  const { overdueMs, limit } = options;
  const { kind, lane, dueAt } = queueOf(cls);
  const due = `d.${name(dueAt.name)}`;
  const key = `d.${name(lane.name)}`;
  const now = present();
  // One probe of the index per lane, however many rows wait in it: https://wiki.postgresql.org/wiki/Loose_indexscan
  const rows = await run(
    `with recursive lanes(key, due) as (
       (select ${key}, ${due} from ${name(cls.name)} d where ${due} is not null and ${key} is not null
        order by ${key}, ${due} limit 1)
       union all
       select n.key, n.due from lanes cross join lateral (
         select ${key} as key, ${due} as due from ${name(cls.name)} d
         where ${due} is not null and ${key} > lanes.key order by ${key}, ${due} limit 1) n)
     select lanes.key from lanes
     where lanes.due < ${now} - $1 * ${MS} and not exists (
       select 1 from ${laneTable} l where l."objectId" = $2::text || ':' || lanes.key
       and (l."dueAt" <= ${now} or l."heldUntil" > ${now}))
     limit $3`,
    [overdueMs, kind, limit],
  );
  return rows.map((row) => ({ kind, key: String(row['key']) }));
}

/**
 * Returns the statement of `nextLaneDue`. The first lane that is not woken during its hold bounds the search: before it
 * are only lanes that are.
 */
function nextLaneDueSql(laneTable: string): string {
  return `
  with first as (
    select "dueAt" from ${laneTable}
    where "kind" = any($1) and "dueAt" is not null and ("heldUntil" is null or "heldUntil" <= "dueAt")
    order by "dueAt" limit 1)
  select min(greatest("dueAt", "heldUntil")) as "due" from ${laneTable}
  where "kind" = any($1) and "dueAt" <= coalesce((select "dueAt" from first), 'infinity')`;
}

/**
 * Wakes the lanes in parameter 1 (see `wakeJson`). A wake for a time after the end of a hold is stored as one just
 * before that end: the holder's release then keeps it, at the cost of one early look.
 *
 * Lanes that are already awake are skipped without a lock, so that many publishers to one lane do not queue for its
 * row. This is sound only because what they are woken for is committed by now: the next holder of such a lane reads
 * later than this.
 */
function wakeSql(laneTable: string, present: string): string {
  const due = `least(t."dueAt", case when t."now" then ${present} end)`;
  return `insert into ${laneTable} as l ("objectId", "kind", "key", "dueAt", "createdAt", "updatedAt", "_rperm", "_wperm")
    select t."id", t."kind", t."key", ${due}, ${present}, ${present}, '{}', '{}'
    from json_to_recordset($1::json) as t("id" text, "kind" text, "key" text, "dueAt" timestamptz, "now" boolean)
    where not exists (
      select 1 from ${laneTable} awake where awake."objectId" = t."id" and awake."dueAt" <= ${due}
      and (awake."heldUntil" is null or awake."dueAt" < awake."heldUntil"))
    order by t."id"
    on conflict ("objectId") do update set "updatedAt" = excluded."updatedAt",
      "dueAt" = least(l."dueAt", excluded."dueAt", l."heldUntil" - ${MS})
    where l."dueAt" is null or l."dueAt" > least(excluded."dueAt", l."heldUntil" - ${MS})`;
}

function wakeJson(lanes: readonly LaneWake[]): string {
  return storableJson(
    [...wakesByLane(lanes)].map(([id, { lane, dueAt, now }]) => ({
      id,
      kind: lane.kind,
      key: lane.key,
      dueAt,
      now,
    })),
  );
}

function holdsJson(holds: readonly Hold[]): string {
  return storableJson(holds.map((hold) => ({ id: laneRowId(hold), token: hold.token })));
}

function releasesJson(releases: readonly LaneRelease[]): string {
  return storableJson(
    releases.map(({ hold, nextDueAt, state }) => ({
      id: laneRowId(hold),
      token: hold.token,
      nextDueAt,
      state,
    })),
  );
}

function holdOf(row: PostgresRow, token: string, endsAtMs: number): Hold {
  const lane: LaneId = { kind: String(row['kind']), key: String(row['key']) };
  return {
    ...lane,
    token: token as Hold['token'],
    endsAtMs,
    state: (row['state'] ?? {}) as LaneState,
  };
}
