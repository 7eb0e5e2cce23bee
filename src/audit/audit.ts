import type { Page, PageRequest } from '../contract/index.js';
import { canonicalJson, type Json } from '../platform/crypto/index.js';
import { decodeCursor, encodeCursor } from '../platform/cursor.js';
import { yieldToOthers } from '../platform/yieldToOthers.js';
import type { ChainPosition } from './chain/position.js';
import { pruneChains, type PruneDeps } from './chain/prune.js';
import { type Verification, verifyChain } from './chain/verify.js';
import { ACTORS, type AuditLink, chainOf, linkOf, type OUTCOMES } from './record/entry.js';
import { type AuditWriter, type AuditWriterDeps, createAuditWriter } from './record/record.js';
import { type Watch, watcher } from './record/watch.js';
import {
  type AuditRow,
  type AuditStore,
  type AuditWhere,
  CURSOR_OF,
  type ReadOptions,
  type Seqs,
} from './store.js';

/** The maximum number of lines of one page of an export. */
const EXPORT_LINES = 500;
/** A page ends with the line that passes this size, in UTF-16 units. */
const EXPORT_LENGTH = 1024 * 1024;
/** The number of entries that are read and written at once. */
const EXPORT_AT_ONCE = 50;

export interface AuditFilter {
  /** The id of a user or API key, or a kind of actor. */
  readonly actor?: string | undefined;
  readonly function?: string | undefined;
  readonly rowId?: string | undefined;
  readonly outcome?: (typeof OUTCOMES)[number] | undefined;
  readonly requestId?: string | undefined;
  /** Inclusive. */
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

/** A part of an export: entries as JSON, one a line, the oldest first. */
interface ExportPage {
  readonly lines: string;
  readonly entries: number;
  readonly nextCursor?: string;
}

/** The audit log of an organization, or the hub's own when `organizationId` is `undefined`. */
export interface Audit {
  readonly record: AuditWriter['record'];
  readonly flush: AuditWriter['flush'];
  /** See `watcher`. */
  readonly watch: Watch;
  /** Newest first. Throws InvalidCursor. */
  list(
    organizationId: string | undefined,
    filter: AuditFilter,
    request: PageRequest,
  ): Promise<Page<AuditLink>>;
  /** Throws InvalidCursor. */
  exportLines(
    organizationId: string | undefined,
    filter: AuditFilter,
    cursor: string | undefined,
  ): Promise<ExportPage>;
  /** See `verifyChain`. */
  verify(
    organizationId: string | undefined,
    after: ChainPosition | undefined,
  ): Promise<Verification>;
  /** Deletes entries older than the retention; returns the number of deleted entries. */
  prune(call: { readonly signal: AbortSignal }): Promise<number>;
  /** Stores the entries that are waiting. */
  close(): Promise<void>;
}

export function createAudit(
  deps: AuditWriterDeps & PruneDeps & { readonly store: AuditStore },
): Audit {
  const { store } = deps;
  const writer = createAuditWriter(deps);
  return {
    record: (entry, isAtGateway) => writer.record(entry, isAtGateway),
    flush: () => writer.flush(),
    watch: watcher(writer),
    async list(organizationId, filter, { limit, cursor }) {
      const where = await whereOf(store, organizationId, filter);
      const seq = { ...where.seq, ...(cursor && { $lt: seqOf(cursor) }) };
      const rows = await findRows(
        store,
        { where: { ...where, seq }, filter },
        { limit: limit + 1, order: -1 },
      );
      return toPage(rows.map(linkOf), limit);
    },
    async exportLines(organizationId, filter, cursor) {
      const where = await whereOf(store, organizationId, filter);
      const from = cursor === undefined ? where.seq.$gt : Math.max(where.seq.$gt, seqOf(cursor));
      return exportFrom(from, ($gt, limit) =>
        findRows(store, { where: { ...where, seq: { $gt } }, filter }, { limit, order: 1 }),
      );
    },
    verify: (organizationId, after) => verifyChain(deps, chainOf(organizationId), after),
    prune: ({ signal }) => pruneChains(deps, signal),
    close: () => writer.close(),
  };
}

/** Returns a page of lines after a position: at most so many and so long, read in small parts. */
async function exportFrom(
  from: number,
  read: (after: number, limit: number) => Promise<AuditRow[]>,
): Promise<ExportPage> {
  const lines: string[] = [];
  let after = from;
  let length = 0;
  for (;;) {
    const rows = await read(after, EXPORT_AT_ONCE + 1);
    for (const row of rows.slice(0, EXPORT_AT_ONCE)) {
      const line = lineOf(linkOf(row));
      lines.push(line);
      length += line.length;
      after = row.seq;
      if (lines.length >= EXPORT_LINES || length >= EXPORT_LENGTH) break;
    }
    const isEnd = rows.length <= EXPORT_AT_ONCE && after === rows.at(-1)?.seq;
    const isFull = lines.length >= EXPORT_LINES || length >= EXPORT_LENGTH;
    if (rows.length === 0 || isEnd || isFull) {
      const hasMore = rows.length > 0 && !isEnd;
      const nextCursor = hasMore ? { nextCursor: cursorAt(after) } : {};
      return { lines: lines.join(''), entries: lines.length, ...nextCursor };
    }
    await yieldToOthers();
  }
}

/** Omits entries before the beginning of the chain: they count as deleted, even if their rows still exist. */
async function whereOf(
  store: AuditStore,
  organizationId: string | undefined,
  filter: AuditFilter,
): Promise<AuditWhere & Seqs> {
  const chain = chainOf(organizationId);
  const row = await store.loadChain(chain);
  const { outcome, requestId, from, to } = filter;
  return {
    chain,
    seq: { $gt: row?.prunedSeq ?? 0 },
    ...(filter.function !== undefined && { function: filter.function }),
    ...(outcome !== undefined && { outcome }),
    ...(requestId !== undefined && { requestId }),
    ...((from ?? to) && { createdAt: { ...(from && { $gte: from }), ...(to && { $lt: to }) } }),
  };
}

/** Users and keys have an index each: reads an id from both and sorts the entries again. */
async function findRows(
  store: AuditStore,
  { where, filter }: { readonly where: AuditWhere & Seqs; readonly filter: AuditFilter },
  options: ReadOptions,
): Promise<AuditRow[]> {
  const { actor, rowId } = filter;
  const read = (more: object) =>
    rowId === undefined
      ? store.read({ ...where, ...more }, options)
      : store.readOf(rowId, { ...where, ...more }, options);
  if (actor === undefined) return read({});
  if (ACTORS.some((kind) => kind === actor)) return read({ actor });
  const both = await Promise.all([read({ actorId: actor }), read({ keyId: actor })]);
  const { order, limit } = options;
  return both
    .flat()
    .sort((one, other) => order * (one.seq - other.seq))
    .slice(0, limit);
}

/** One entry more than the page was read, to know whether there are more. */
function toPage(links: readonly AuditLink[], limit: number): Page<AuditLink> {
  const items = links.slice(0, limit);
  const last = items.at(-1);
  return links.length > limit && last ? { items, nextCursor: cursorAt(last.seq) } : { items };
}

/** Returns the canonical form of the entry. `hash` is the SHA-256 of the same without `hash`. */
function lineOf(link: AuditLink): string {
  return `${canonicalJson(link as unknown as Json)}\n`;
}

function cursorAt(seq: number): string {
  return encodeCursor(CURSOR_OF, [seq]);
}

function seqOf(cursor: string): number {
  return decodeCursor(CURSOR_OF, cursor, (position) => {
    const [seq] = position;
    return position.length === 1 && Number.isSafeInteger(seq) ? Number(seq) : undefined;
  });
}
