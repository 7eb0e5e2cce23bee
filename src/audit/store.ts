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

/** Fields with an index of their own; the other filters are applied along the chain. */
const SEARCHED = ['actorId', 'keyId', 'requestId'] as const;
const IN_ORDER = `${AuditLog.name}_unique_position`;

/** The filter for entries of a chain. */
export interface AuditWhere {
  readonly [field: string]: unknown;
  readonly chain: string;
}

/** The positions and times between which entries are requested. */
export interface Seqs {
  readonly seq: { readonly $gt: number; readonly $lt?: number };
  readonly createdAt?: { readonly $gte?: Date; readonly $lt?: Date };
}

export interface ReadOptions {
  readonly limit: number;
  readonly order: 1 | -1;
}

/** The only file of this domain that reads and writes rows. */
export function auditStore({ rows, database }: { rows: Rows; database: Database }) {
  /** Inserts entries. Those of all chains of the same moment in this process share a statement; existing ones stay unchanged. */
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
     * Returns the chain after storing its pending entries: those that another process is about to store, or was when it
     * crashed. Storing an existing entry changes nothing.
     */
    async completeChain(chain: string): Promise<ChainRow | undefined> {
      const row = await loadChain(chain);
      if (row?.pending !== undefined) await insert(pendingRows(row.pending));
      return row;
    },
    /**
     * Extends a chain by entries that follow `from`; returns false when it no longer ends there. The entries are safe from
     * then on, and stored when `insert` has returned too.
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
    /** Records that the entries up to the end of a chain are stored, unless the chain was extended. */
    async clearPending(chain: string, { seq, hash }: ChainPosition): Promise<void> {
      const change = { id: derivedId(chain), was: { seq, hash }, set: { pending: undefined } };
      await database.change(AuditChain, change);
    },
    /** Returns those of these entries that are stored. */
    async storedIds(ids: readonly string[]): Promise<ReadonlySet<string>> {
      return new Set((await database.loadMany(AuditLog, ids)).map(({ id }) => id));
    },
    ...auditReads({ rows, database }),
    /** Returns chains by ascending id, after `afterId`. */
    chains: (afterId: string, limit: number): Promise<ChainRow[]> =>
      rows.find(AuditChain, { id: { $gt: afterId } }, { limit, sort: { id: 1 } }),
    /** Moves the beginning of a chain. Returns false when another process has moved it. */
    cut: ({ id, prunedSeq }: ChainRow, to: ChainPosition): Promise<boolean> =>
      database.change(AuditChain, {
        id,
        was: { prunedSeq },
        set: { prunedSeq: to.seq, prunedHash: to.hash },
      }),
    /** Deletes the entries before the beginning of a chain. */
    removeUpTo: (chain: string, seq: number) =>
      rows.remove(AuditLog, { chain, seq: { $lte: seq } }),
  };
}
/** Returns the row of a chain that has no entries. */
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
    /** Returns the entries that name a row, by the index of named ids. */
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
