import { createHash } from 'node:crypto';

import { canonicalJson, type Json } from '../../platform/crypto/index.js';
import { newId } from '../../platform/ids.js';
import type { ChainPosition } from '../chain/position.js';
import type { Seals } from '../chain/seal.js';
import type { AuditRow, NewAuditRow } from '../store.js';
import type { RowImage } from './images.js';
import { oneLine } from './oneLine.js';
import type { Summary } from './summary.js';

/** `browser`: whoever comes with the browser that began something at the hub. `hub`: what the hub does by itself. */
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

/** What one call leaves. */
export interface AuditEntry {
  /** Absent: the call belongs to no organization, or came from outside of it. */
  readonly organizationId?: string | undefined;
  readonly function: string;
  readonly actor: (typeof ACTORS)[number];
  readonly actorId?: string | undefined;
  /** The API key that the call came through. */
  readonly keyId?: string | undefined;
  readonly outcome: (typeof OUTCOMES)[number];
  readonly error?: string | undefined;
  readonly code?: number | undefined;
  /** Ids among parameters and result, by name. */
  readonly rows: Readonly<Record<string, string | readonly string[]>>;
  readonly params: Summary;
  readonly result?: Summary | undefined;
  /** What it did to rows. */
  readonly changes?: readonly RowImage[] | undefined;
  readonly address?: string | undefined;
  readonly agent?: string | undefined;
  readonly requestId: string;
}

/** An entry in its chain, as it is shown and exported. `hash` is that of all the rest. */
export interface AuditLink extends AuditEntry {
  readonly id: string;
  readonly seq: number;
  readonly at: string;
  readonly previous: string;
  readonly hash: string;
}

const HUB_CHAIN = 'hub';

/** Each organization has a chain, and the hub has one for what belongs to none. */
export function chainOf(organizationId: string | undefined): string {
  return organizationId === undefined ? HUB_CHAIN : `organization:${organizationId}`;
}

/** The organization whose chain it is; `undefined`: the hub's own. */
export function organizationOf(chain: string): string | undefined {
  return chain === HUB_CHAIN ? undefined : chain.slice('organization:'.length);
}

/** An entry with its time and id, before it has a place. */
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

/** Rows that follow on `from`, each with the hash of the one before, sealed. */
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

/** What entries are searched by; not hashed, as it follows from the rest. */
export function idsIn({ rows, changes = [] }: Pick<AuditEntry, 'rows' | 'changes'>): string[] {
  const ids = [...Object.values(rows).flat(), ...changes.map(({ id }) => id)];
  return [...new Set(ids.map(String))].sort();
}

/** SHA-256 of everything but the hash itself, in hexadecimal. */
export function hashOf(link: Omit<AuditLink, 'hash'>): string {
  const { hash: _hash, ...hashed } = link as AuditLink;
  return createHash('sha256')
    .update(canonicalJson(hashed as unknown as Json))
    .digest('hex');
}

/** A stored row as it is shown. What somebody has made unreadable shows as that, and its hash no longer fits. */
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

/** Whatever it is by now, it is a list of things with an id. */
function changesOf(value: unknown): readonly RowImage[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((each) => ({ class: '', id: '', ...(each as object) }));
}

function parseStored(text: unknown): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(String(text)) as unknown;
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Nothing of ours: told from what is by its name.
  }
  return { '(unreadable)': true };
}
