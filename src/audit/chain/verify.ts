import { yieldToOthers } from '../../platform/yieldToOthers.js';
import { chainOf, hashOf, idsIn, linkOf } from '../record/entry.js';
import type { AuditRow, AuditStore, ChainRow } from '../store.js';
import { type ChainPosition, START } from './position.js';
import { PRUNE_ACTOR, PRUNE_FUNCTION } from './prune.js';
import type { Seals } from './seal.js';

/** Rows are read and checked in so small parts that nothing else waits for long. */
const PAGE_ROWS = 100;
/** The number of entries whose hashes are computed before the event loop does something else: some milliseconds. */
const ROWS_AT_ONCE = 25;
/** The number of entries that one call checks: about a second. */
const CHECKED_MAX = 5_000;
/** The number of deletion entries that are examined: a crash may have left one without effect among them. */
const CHECKPOINTS_MAX = 10;

export const PROBLEMS = ['missing', 'changed', 'inserted', 'forged', 'checkpoint'] as const;

/** The first entry that differs from what was written. */
export interface Break {
  readonly seq: number;
  /**
   * `missing`: there is no entry at this position. `changed`: this entry, or the one before, is not as it was written.
   * `inserted`: the chain has no such position. `forged`: the hash fits, but this hub did not seal it. `checkpoint`: entries
   * before it were deleted, and no entry records that.
   */
  readonly problem: (typeof PROBLEMS)[number];
}

export interface Verification {
  readonly checked: number;
  /**
   * The number of entries at the beginning without a seal that can be checked: written before seals existed, or under a
   * secret that this hub no longer has.
   */
  readonly unsealed: number;
  readonly break?: Break | undefined;
  /** The last entry that is verified. */
  readonly end: ChainPosition;
  /** Whether the chain continues after `end`. */
  readonly hasMore: boolean;
}

/**
 * Verifies a chain after the position `after`, or from its beginning. An `after` stored from an earlier verification also
 * detects changes before that position.
 */
export async function verifyChain(
  deps: VerifyDeps,
  chain: string,
  after?: ChainPosition,
): Promise<Verification> {
  const { store } = deps;
  const row = await store.completeChain(chain);
  const found = await verifyFrom(deps, { chain, row, after });
  if (!found.break) return found;
  // A missing entry may have been deleted in the meantime by the retention.
  const now = await store.loadChain(chain);
  return now && now.prunedSeq !== row?.prunedSeq ? verifyChain(deps, chain, after) : found;
}

export interface VerifyDeps {
  readonly store: AuditStore;
  readonly seals: Pick<Seals, 'check'>;
}

interface VerifyRequest {
  readonly chain: string;
  readonly row: ChainRow | undefined;
  readonly after: ChainPosition | undefined;
}

async function verifyFrom(deps: VerifyDeps, request: VerifyRequest): Promise<Verification> {
  const { store } = deps;
  const { chain, row, after } = request;
  const begin = row ? { seq: row.prunedSeq, hash: row.prunedHash } : START;
  const head = row ? { seq: row.seq, hash: row.hash } : START;
  let end = after && after.seq >= begin.seq ? after : begin;
  let checked = 0;
  let unsealed = 0;
  // Once an entry is sealed, all later ones are: the entry at `after` says whether the next must be.
  let isSealed = await isSealedAt(deps, chain, end);
  const resultOf = (problem?: Break['problem'], seq = end.seq + 1): Verification => ({
    checked,
    unsealed,
    end,
    hasMore: problem === undefined && end.seq < head.seq,
    break: problem && { seq, problem },
  });
  if (end === begin && !(await isCheckpointRecorded(store, chain, begin)))
    return resultOf('checkpoint', begin.seq);
  while (end.seq < head.seq && checked < CHECKED_MAX) {
    const where = { chain, seq: { $gt: end.seq, $lte: head.seq } };
    const rows = await store.read(where, { limit: PAGE_ROWS, order: 1 });
    if (rows.length === 0) return resultOf('missing');
    for (const [nth, each] of rows.entries()) {
      if (nth % ROWS_AT_ONCE === 0) await yieldToOthers();
      const problem = entryProblemOf(each, end, chain);
      if (problem) return resultOf(problem, problem === 'inserted' ? each.seq : end.seq + 1);
      const seal = deps.seals.check(each.hash, each.seal);
      if (seal === 'wrong' || (seal === 'unknown' && isSealed)) return resultOf('forged');
      if (seal === 'good') isSealed = true;
      else unsealed += 1;
      end = { seq: each.seq, hash: each.hash };
      checked += 1;
    }
  }
  if (end.seq < head.seq) return resultOf();
  if (end.seq > head.seq) return resultOf('missing', head.seq + 1);
  if (end.hash !== head.hash) return resultOf('changed', head.seq);
  const stray = await strayBehind(store, chain);
  return stray === undefined ? resultOf() : resultOf('inserted', stray);
}

async function isSealedAt(
  { store, seals }: VerifyDeps,
  chain: string,
  at: ChainPosition,
): Promise<boolean> {
  if (at.seq === START.seq) return false;
  const [row] = await store.read({ chain, seq: at.seq }, { limit: 1, order: 1 });
  return row !== undefined && seals.check(row.hash, row.seal) === 'good';
}

/** Returns the problem of an entry that follows `before`. */
export function entryProblemOf(
  row: AuditRow,
  before: ChainPosition,
  chain: string,
): Exclude<Break['problem'], 'checkpoint' | 'forged'> | undefined {
  if (row.seq > before.seq + 1) return 'missing';
  if (row.seq < before.seq + 1) return 'inserted';
  const link = linkOf(row);
  const isItself =
    chainOf(row.organization) === chain &&
    row.previous === before.hash &&
    hashOf(link) === row.hash &&
    JSON.stringify(row.rowIds) === JSON.stringify(idsIn(link));
  return isItself ? undefined : 'changed';
}

/** Whether an entry records that the retention deleted everything up to `begin`. */
async function isCheckpointRecorded(
  store: AuditStore,
  chain: string,
  begin: ChainPosition,
): Promise<boolean> {
  if (begin.seq === 0) return begin.hash === START.hash;
  const where = { chain, function: PRUNE_FUNCTION, actor: PRUNE_ACTOR, seq: { $gt: begin.seq } };
  const entries = await store.read(where, { limit: CHECKPOINTS_MAX, order: -1 });
  return entries.some((row) => {
    const { params } = linkOf(row);
    return params['throughSeq'] === begin.seq && params['throughHash'] === begin.hash;
  });
}

/** Returns the position of an entry after the end of the chain: the end is always moved before an entry is stored there. */
async function strayBehind(store: AuditStore, chain: string): Promise<number | undefined> {
  const where = { chain, seq: { $gt: START.seq } };
  const [last] = await store.read(where, { limit: 1, order: -1 });
  if (!last) return undefined;
  const row = await store.loadChain(chain);
  return last.seq > (row?.seq ?? START.seq) ? last.seq : undefined;
}
