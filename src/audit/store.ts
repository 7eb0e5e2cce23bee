import { AuditChain, AuditLog } from '../../schemas/index.js';
import type { NewRow, RowOf } from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database } from '../platform/database/index.js';
import { derivedId } from '../platform/ids.js';
import type { Rows } from '../platform/parse/index.js';
import { type ChainPosition, START } from './chain/position.js';

export type AuditRow = RowOf<typeof AuditLog>;
export type NewAuditRow = NewRow<typeof AuditLog>;
export type ChainRow = RowOf<typeof AuditChain>;

/** Part of every cursor, so that one cannot be used on another list. */
export const CURSOR_OF = AuditLog.name;

/** Fields that have an index of their own; all else is found along the chain. */
const SEARCHED = ['actorId', 'keyId', 'requestId'] as const;
const IN_ORDER = `${AuditLog.name}_unique_position`;

/** What is asked of the entries of a chain. */
export interface AuditWhere {
  readonly [field: string]: unknown;
  readonly chain: string;
}

/** Places and times between which entries are asked for. */
export interface Seqs {
  readonly seq: { readonly $gt: number; readonly $lt?: number };
  readonly createdAt?: { readonly $gte?: Date; readonly $lt?: Date };
}

export interface ReadOptions {
  readonly limit: number;
  readonly order: 1 | -1;
}

/** The only file of this domain that knows rows. */
export function auditStore({ rows, database }: { rows: Rows; database: Database }) {
  /** Entries of all chains that end in this process at the same moment share a statement; those that are there stay. */
  const insert = batchCalls(
    async (batches: readonly (readonly NewAuditRow[])[]) => {
      await database.insertMany(AuditLog, batches.flat());
      return batches.map(() => undefined);
    },
    { max: 50, flights: 2 },
  );

  async function loadChain(chain: string): Promise<ChainRow | undefined> {
    const [row] = await database.loadMany(AuditChain, [derivedId(chain)]);
    return row;
  }

  return {
    insert,
    loadChain,
    /**
     * The chain, its last entries stored: what another process is about to store, or was when it died, is stored again,
     * which changes nothing where it is there.
     */
    async completeChain(chain: string): Promise<ChainRow | undefined> {
      const row = await loadChain(chain);
      if (row?.pending !== undefined) await insert(pendingRows(row.pending));
      return row;
    },
    /**
     * Lengthens a chain by entries that follow on `from`. Answers false when it no longer ends there. The entries are
     * safe with that; they are stored when `insert` has answered too.
     */
    async lengthen(
      chain: string,
      from: ChainPosition,
      entries: readonly NewAuditRow[],
    ): Promise<boolean> {
      const last = entries.at(-1);
      if (!last) return true;
      const id = derivedId(chain);
      const set = { seq: last.seq, hash: last.hash, pending: JSON.stringify(entries) };
      if (from.seq > 0) {
        return database.change(AuditChain, { id, was: { seq: from.seq, hash: from.hash }, set });
      }
      const row = { ...emptyChain(chain, last.createdAt), ...set };
      return (await database.insertMany(AuditChain, [row])).has(id);
    },
    /** Says that the entries up to the end of a chain are stored, unless it has become longer. */
    async clearPending(chain: string, { seq, hash }: ChainPosition): Promise<void> {
      const change = { id: derivedId(chain), was: { seq, hash }, set: { pending: undefined } };
      await database.change(AuditChain, change);
    },
    /** Which of these entries are stored. */
    async storedIds(ids: readonly string[]): Promise<ReadonlySet<string>> {
      return new Set((await database.loadMany(AuditLog, ids)).map(({ id }) => id));
    },
    ...auditReads({ rows, database }),
    /** Chains by the order of their ids, behind `afterId`. */
    chains: (afterId: string, limit: number): Promise<ChainRow[]> =>
      rows.find(AuditChain, { id: { $gt: afterId } }, { limit, sort: { id: 1 } }),
    /** Moves the beginning of a chain. Answers false when somebody else has. */
    cut: ({ id, prunedSeq }: ChainRow, to: ChainPosition): Promise<boolean> =>
      database.change(AuditChain, {
        id,
        was: { prunedSeq },
        set: { prunedSeq: to.seq, prunedHash: to.hash },
      }),
    /** Deletes what lies before the beginning of a chain. */
    removeUpTo: (chain: string, seq: number) =>
      rows.remove(AuditLog, { chain, seq: { $lte: seq } }),
  };
}
/** Returns the row of a chain without entries. */
function emptyChain(chain: string, createdAt: Date) {
  return {
    id: derivedId(chain),
    key: chain,
    createdAt,
    readers: [],
    prunedSeq: START.seq,
    prunedHash: START.hash,
  };
}

function auditReads({ rows, database }: { rows: Rows; database: Database }) {
  return {
    /** Entries that name a row, by the index of what entries name. */
    readOf: (rowId: string, where: AuditWhere & Seqs, { limit, order }: ReadOptions) => {
      const { seq, createdAt, ...equal } = where;
      return database.search(AuditLog, {
        list: 'rowIds',
        holds: rowId,
        equal,
        limit,
        ranges: [
          { field: 'seq', above: seq.$gt, below: seq.$lt },
          { field: 'createdAt', atLeast: createdAt?.$gte, below: createdAt?.$lt },
        ],
        order: { field: 'seq', direction: order },
      });
    },
    read: (where: AuditWhere, { limit, order }: ReadOptions): Promise<AuditRow[]> => {
      const hint = SEARCHED.some((field) => field in where) ? undefined : IN_ORDER;
      return rows.find(AuditLog, where, { limit, sort: { seq: order }, hint });
    },
  };
}

export type AuditStore = ReturnType<typeof auditStore>;

function pendingRows(pending: string): NewAuditRow[] {
  return (JSON.parse(pending) as (NewAuditRow & { createdAt: string })[]).map((row) => ({
    ...row,
    createdAt: new Date(row.createdAt),
  }));
}
