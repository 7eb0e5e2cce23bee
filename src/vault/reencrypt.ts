import type { Clock } from '../platform/clock.js';
import type { HeldLane, LaneOutcome } from '../platform/lanes/index.js';
import type { Log } from '../platform/log.js';
import { DoesNotOpen } from './aead.js';
import { type KeyRing, RING_AGE_MS_MAX } from './keyRing.js';
import { parseSealed } from './sealedText.js';
import { sealedClasses, type SealedField, type SealedRow, type VaultStore } from './store.js';
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
  readonly store: VaultStore;
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
    sealedClasses.findIndex(({ name }) => name === progress.className),
  );
  const cls = sealedClasses[at];
  if (!cls) return undefined;
  const rows = await deps.store.sealedRows(cls, progress.after ?? '', BATCH_ROWS);
  if (rows.length === 0) {
    const following = sealedClasses[at + 1];
    return following && { ...progress, className: following.name, after: '' };
  }
  const counts = { kept: 0, reencrypted: 0, left: 0, broken: 0 };
  for (const row of rows) counts[await reencryptRow(deps, cls.name, row)] += 1;
  return {
    className: cls.name,
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
      const { organization, id: recordId } = row;
      const context = { organization, className, field: each.field, recordId };
      const sealed = await vault.reencrypt(each.sealed, context);
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

/** Retires replaced keys that no process uses and no value is encrypted under; returns when to check again. */
async function retireUnused(deps: ReencryptionDeps): Promise<Date | undefined> {
  const { ring, clock } = deps;
  const replaced = (await ring.rows()).filter(({ state }) => state === 'decryptOnly');
  if (replaced.length === 0) return undefined;
  const ripeAt = new Date(
    Math.max(
      ...replaced.map(({ replacedAt }) => (replacedAt?.getTime() ?? 0) + 2 * RING_AGE_MS_MAX),
    ),
  );
  if (clock.now() < ripeAt) return ripeAt;
  const used = await keysInUse(deps);
  for (const row of replaced) if (!used.has(row.id)) await ring.retire(row);
  return undefined;
}

/** Returns how many values are encrypted under each key. */
export async function keysInUse({
  store,
}: Pick<ReencryptionDeps, 'store'>): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const cls of sealedClasses) {
    for (let after = ''; ;) {
      const rows = await store.sealedRows(cls, after, 1_000);
      for (const { sealed } of rows.flatMap(({ fields }) => fields)) {
        const { keyId } = parseSealed(sealed);
        counts.set(keyId, (counts.get(keyId) ?? 0) + 1);
      }
      const last = rows.at(-1);
      if (!last) break;
      after = last.id;
    }
  }
  return counts;
}

function later(clock: Clock): Date {
  return new Date(clock.now().getTime() + 1_000);
}
