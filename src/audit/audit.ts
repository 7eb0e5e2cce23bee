import type { Page, PageRequest } from '../contract/index.js';
import { canonicalJson, type Json } from '../platform/crypto/index.js';
import { decodeCursor, encodeCursor } from '../platform/cursor.js';
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

/** Lines of one page of an export. */
const EXPORT_LINES = 500;

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
      const read = { ...where, seq: { $gt: from } };
      const rows = await findRows(
        store,
        { where: read, filter },
        { limit: EXPORT_LINES + 1, order: 1 },
      );
      const { items, ...rest } = toPage(rows.map(linkOf), EXPORT_LINES);
      return { ...rest, entries: items.length, lines: items.map(lineOf).join('') };
    },
    verify: (organizationId, after) => verifyChain(deps, chainOf(organizationId), after),
    prune: ({ signal }) => pruneChains(deps, signal),
    close: () => writer.close(),
  };
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
