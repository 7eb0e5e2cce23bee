import { createHash } from 'node:crypto';

import { canonicalJson, type Json } from '../../platform/crypto/index.js';
import { newId } from '../../platform/ids.js';
import type { ChainPosition } from '../chain/position.js';
import type { Seals } from '../chain/seal.js';
import type { AuditRow, NewAuditRow } from '../store.js';
import type { RowImage } from './images.js';
import { oneLine } from './oneLine.js';
import type { Summary } from './summary.js';

/** `browser`: a browser that returns to a flow it started at the hub. `hub`: the hub's own work. */
export const ACTORS = [
  'user',
  'apiKey',
  'oauthToken',
  'master',
  'readOnlyMaster',
  'anonymous',
  'browser',
  'hub',
] as const;
export const OUTCOMES = ['ok', 'refused', 'failed'] as const;

/** The audit entry of one call. */
export interface AuditEntry {
  /** Absent when the call belongs to no organization or its caller is not a member of it. */
  readonly organizationId?: string | undefined;
  readonly function: string;
  readonly actor: (typeof ACTORS)[number];
  readonly actorId?: string | undefined;
  /** The API key of the call. */
  readonly keyId?: string | undefined;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly error?: string | undefined;
  readonly code?: number | undefined;
  /** The ids in parameters and result, by name. */
  readonly rows: Readonly<Record<string, string | readonly string[]>>;
  readonly params: Summary;
  readonly result?: Summary | undefined;
  /** The rows that it changed. */
  readonly changes?: readonly RowImage[] | undefined;
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
  readonly requestId: string;
}

/** An entry in its chain, as listed and exported. `hash` covers all other members. */
export interface AuditLink extends AuditEntry {
  readonly id: string;
  readonly seq: number;
  readonly at: string;
  readonly previous: string;
  readonly hash: string;
}

const HUB_CHAIN = 'hub';

/** Returns the chain of an organization, or the hub's for entries that belong to none. */
export function chainOf(organizationId: string | undefined): string {
  return organizationId === undefined ? HUB_CHAIN : `organization:${organizationId}`;
}

/** Returns the organization of a chain; `undefined` for the hub's own. */
export function organizationOf(chain: string): string | undefined {
  return chain === HUB_CHAIN ? undefined : chain.slice('organization:'.length);
}

/** An entry with its time and id, before it has a position. */
export interface DatedEntry {
  readonly id: string;
  readonly at: Date;
  readonly entry: AuditEntry;
}

export function dateEntry(entry: AuditEntry, at: Date): DatedEntry {
  const { address, agent } = entry;
  return {
    id: newId(undefined, at.getTime()),
    at,
    entry: { ...entry, address: oneLine(address, 60), agent: oneLine(agent, 200) },
  };
}

/** Returns rows that follow `from`, each with the hash of the previous one, sealed. */
export function linkEntries(
  from: ChainPosition,
  entries: readonly DatedEntry[],
  seals: Seals,
): NewAuditRow[] {
  let before = from;
  return entries.map(({ id, at, entry }) => {
    const seq = before.seq + 1;
    const previous = before.hash;
    const hash = hashOf({ ...entry, id, seq, at: at.toISOString(), previous });
    before = { seq, hash };
    return {
      id,
      seq,
      previous,
      hash,
      seal: seals.seal(hash),
      organization: entry.organizationId,
      chain: chainOf(entry.organizationId),
      function: entry.function,
      actor: entry.actor,
      actorId: entry.actorId,
      keyId: entry.keyId,
      outcome: entry.outcome,
      error: entry.error,
      code: entry.code,
      address: entry.address,
      agent: entry.agent,
      requestId: entry.requestId,
      rows: canonicalJson(entry.rows),
      rowIds: idsIn(entry),
      params: canonicalJson(entry.params),
      result: entry.result && canonicalJson(entry.result),
      changes: entry.changes && canonicalJson(entry.changes as unknown as Json),
      createdAt: at,
      readers: [],
    };
  });
}

/** Returns the ids that entries are searched by; not hashed, because they follow from the other members. */
export function idsIn({ rows, changes = [] }: Pick<AuditEntry, 'rows' | 'changes'>): string[] {
  const ids = [...Object.values(rows).flat(), ...changes.map(({ id }) => id)];
  return [...new Set(ids.map(String))].sort();
}

/** Returns the hexadecimal SHA-256 of all members except the hash. */
export function hashOf(link: Omit<AuditLink, 'hash'>): string {
  const { hash: _hash, ...hashed } = link as AuditLink;
  return createHash('sha256')
    .update(canonicalJson(hashed as unknown as Json))
    .digest('hex');
}

/** Returns a stored row as an entry. A tampered, unreadable row is returned as far as possible, and its hash no longer fits. */
export function linkOf(row: AuditRow): AuditLink {
  return {
    id: row.id,
    seq: row.seq,
    at: row.createdAt.toISOString(),
    previous: row.previous,
    hash: row.hash,
    organizationId: row.organization,
    function: row.function,
    actor: row.actor as AuditLink['actor'],
    actorId: row.actorId,
    keyId: row.keyId,
    outcome: row.outcome as AuditLink['outcome'],
    error: row.error,
    code: row.code,
    address: row.address,
    agent: row.agent,
    requestId: row.requestId,
    rows: parseStored(row.rows) as AuditLink['rows'],
    params: parseStored(row.params) as Summary,
    result: row.result === undefined ? undefined : (parseStored(row.result) as Summary),
    changes: row.changes === undefined ? undefined : changesOf(parseStored(row.changes)),
  };
}

/** Returns a list of rows with an id, even if the stored value was tampered with. */
function changesOf(value: unknown): readonly RowImage[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((each) => ({ class: '', id: '', ...(each as object) }));
}

function parseStored(text: unknown): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(String(text)) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Not written by the hub: its name distinguishes it from what is.
  }
  return { '(unreadable)': true };
}
