import type { Clock } from '../platform/clock.js';
import type { HeldLane, LaneOutcome } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import { DoesNotOpen } from './aead.js';
import { type KeyRing, RING_AGE_MS_MAX } from './keyRing.js';
import { parseSealed } from './sealedText.js';
import type { KeyRow, SealedField, SealedRow, SealedSource } from './store.js';
import type { Vault } from './vault.js';

/** The progress of re-encryption; the state of its lane. */
export interface ReencryptionProgress {
  /** The current class, and the id of the last row done. */
  readonly className?: string | undefined;
  readonly after?: string | undefined;
  readonly rows: number;
  readonly reencrypted: number;
  /** Rows that changed at the same moment: the next round re-encrypts them. */
  readonly left: number;
  /** Rows with a value that cannot be decrypted: they stay as they are. */
  readonly broken: number;
  /** ISO time; absent while it runs. */
  readonly finishedAt?: string | undefined;
}

export interface ReencryptionDeps {
  /** Every class with encrypted values. */
  readonly sources: readonly SealedSource[];
  /** Whether these include every value of the host's. */
  readonly coversHost: boolean;
  readonly vault: Vault;
  readonly ring: KeyRing;
  readonly clock: Clock;
  readonly log: Log;
}

const BATCH_ROWS = 100;
const BATCH_MS_MAX = 5_000;
const NOTHING: ReencryptionProgress = { rows: 0, reencrypted: 0, left: 0, broken: 0 };

/**
 * The lane `reencrypt:all`: re-encrypts every value that is not under the active key, class by class, then retires the
 * keys that are no longer used. A crash loses the progress of one batch and no value: each row changes in one
 * statement.
 */
export function createReencryption(deps: ReencryptionDeps) {
  return async function workReencryption(lane: HeldLane): Promise<LaneOutcome> {
    const { clock, log } = deps;
    let progress = progressOf(lane.state);
    while (lane.mayStart(BATCH_MS_MAX)) {
      const next = await reencryptBatch(deps, progress);
      if (next) {
        progress = next;
        continue;
      }
      const waitsUntil = progress.left > 0 ? later(clock) : await retireUnused(deps);
      log.info({ ...progress }, 'vault.reencrypted');
      const finished = {
        ...progress,
        className: undefined,
        after: undefined,
        finishedAt: clock.now().toISOString(),
      };
      return { state: { ...finished }, nextDueAt: waitsUntil };
    }
    return { state: { ...progress }, nextDueAt: clock.now() };
  };
}

/** Returns the progress in a lane’s state; a finished run starts from the beginning. */
export function progressOf(state: Readonly<Record<string, unknown>>): ReencryptionProgress {
  const known = state as Partial<ReencryptionProgress>;
  return known.finishedAt !== undefined || known.rows === undefined
    ? NOTHING
    : { ...NOTHING, ...known };
}

/** Does one batch; returns `undefined` after the last row of the last class. */
async function reencryptBatch(
  deps: ReencryptionDeps,
  progress: ReencryptionProgress,
): Promise<ReencryptionProgress | undefined> {
  const at = Math.max(
    0,
    deps.sources.findIndex(({ name }) => name === progress.className),
  );
  const source = deps.sources[at];
  if (!source) return undefined;
  const rows = await source.list(progress.after ?? '', BATCH_ROWS);
  if (rows.length === 0) {
    const following = deps.sources[at + 1];
    return following && { ...progress, className: following.name, after: '' };
  }
  const counts = { kept: 0, reencrypted: 0, left: 0, broken: 0 };
  for (const row of rows) counts[await reencryptRow(deps, source.name, row)] += 1;
  return {
    className: source.name,
    after: rows.at(-1)?.id,
    rows: progress.rows + rows.length,
    reencrypted: progress.reencrypted + counts.reencrypted,
    left: progress.left + counts.left,
    broken: progress.broken + counts.broken,
  };
}

async function reencryptRow(
  { vault, log }: ReencryptionDeps,
  className: string,
  row: SealedRow,
): Promise<'kept' | 'reencrypted' | 'left' | 'broken'> {
  const changed: SealedField[] = [];
  try {
    for (const each of row.fields) {
      const sealed = await vault.reencrypt(each.sealed, row.contextOf(each.field));
      if (sealed !== undefined) changed.push({ ...each, sealed });
    }
  } catch (error) {
    if (!(error instanceof DoesNotOpen)) throw error;
    log.error({ className, rowId: row.id, err: error }, 'vault.valueBroken');
    return 'broken';
  }
  if (changed.length === 0) return 'kept';
  return (await row.replace(changed)) ? 'reencrypted' : 'left';
}

/** The host stores a value some time after it encrypted it; a key of such values is kept at least this long. */
const HOST_KEPT_MS = 24 * 3_600_000;

/** Retires replaced keys that no process uses and no value is encrypted under; returns when to check again. */
async function retireUnused(deps: ReencryptionDeps): Promise<Date | undefined> {
  const { ring, clock, coversHost } = deps;
  const replaced = (await ring.rows()).filter(
    // A value of the host may be anywhere, unless the host says where all of them are.
    ({ state, usedByHost }) => state === 'decryptOnly' && (coversHost || usedByHost !== true),
  );
  const now = clock.now().getTime();
  const ripe = replaced.filter((row) => ripeAtMs(row) <= now);
  if (ripe.length > 0) {
    const used = await keysInUse(deps);
    for (const row of ripe) if (!used.has(row.id)) await ring.retire(row);
  }
  const waiting = replaced.map(ripeAtMs).filter((atMs) => atMs > now);
  return waiting.length > 0 ? new Date(Math.min(...waiting)) : undefined;
}

function ripeAtMs({ replacedAt, usedByHost }: KeyRow): number {
  return (replacedAt?.getTime() ?? 0) + (usedByHost ? HOST_KEPT_MS : 2 * RING_AGE_MS_MAX);
}

/** Returns how many values are encrypted under each key. A text that is no encrypted value counts for none. */
export async function keysInUse({
  sources,
}: Pick<ReencryptionDeps, 'sources'>): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const source of sources) {
    for (let after = ''; ;) {
      const rows = await source.list(after, 1_000);
      for (const { sealed } of rows.flatMap(({ fields }) => fields)) {
        const keyId = keyIdOf(sealed);
        if (keyId !== undefined) counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
    }
  }
  return counts;
}

function keyIdOf(sealed: string): string | undefined {
  try {
    return parseSealed(sealed).keyId;
  } catch (error) {
    if (error instanceof DoesNotOpen) return undefined;
    throw error;
  }
}

function later(clock: Clock): Date {
  return new Date(clock.now().getTime() + 1_000);
}
