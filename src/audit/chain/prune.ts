import type { Clock } from '../../platform/clock.js';
import { DAY_MS } from '../../platform/durations.js';
import { newRequestId } from '../../platform/ids.js';
import type { Log } from '../../platform/log.js';
import { createAppend } from '../record/append.js';
import { type AuditEntry, dateEntry, organizationOf } from '../record/entry.js';
import type { AuditStore, ChainRow } from '../store.js';
import type { ChainPosition } from './position.js';
import type { Seals } from './seal.js';

const CHAINS_A_PAGE = 100;

/** The function and actor of an entry that records what was deleted. */
export const PRUNE_FUNCTION = 'pruneHistory';
export const PRUNE_ACTOR = 'hub';

export interface PruneDeps {
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly retentionDays: number;
  readonly seals: Seals;
}

/**
 * Deletes old entries from the beginning of all chains; returns their number. First an entry of the chain records the position
 * and hash where the deleted part ends, then the chain's row does (the checkpoint), then the entries are deleted. After a
 * crash the next run continues, and the remaining entries verify at each moment.
 */
export async function pruneChains(deps: PruneDeps, signal: AbortSignal): Promise<number> {
  const before = new Date(deps.clock.now().getTime() - deps.retentionDays * DAY_MS);
  let deleted = 0;
  let afterId = '0';
  while (!signal.aborted) {
    const chains = await deps.store.chains(afterId, CHAINS_A_PAGE);
    for (const chain of chains) {
      if (signal.aborted) break;
      // A chain that cannot be pruned, for example after tampering, does not stop the others.
      deleted += await pruneChain(deps, chain, before).catch((err: unknown) => {
        deps.log.error({ err, chain: chain.key }, 'audit.notPruned');
        return 0;
      });
    }
    const last = chains.at(-1);
    if (!last || chains.length < CHAINS_A_PAGE) break;
    afterId = last.id;
  }
  return deleted;
}

async function pruneChain(deps: PruneDeps, chain: ChainRow, before: Date): Promise<number> {
  const { store } = deps;
  if (chain.prunedSeq > 0) await store.removeUpTo(chain.key, chain.prunedSeq);
  const to = await lastBefore(store, chain, before);
  if (!to) return 0;
  const entry = dateEntry(deletion(chain.key, to), deps.clock.now());
  // Not through the writer, which never fails: nothing may be deleted before this is stored, and the job may fail.
  await createAppend(store, deps.seals).append(chain.key, [entry], false);
  if (!(await store.cut(chain, to))) return 0;
  await store.removeUpTo(chain.key, to.seq);
  return to.seq - chain.prunedSeq;
}

/** Returns the last entry before the first one to keep; the last of all when none is kept. */
async function lastBefore(
  store: AuditStore,
  { key: chain, seq, prunedSeq }: ChainRow,
  before: Date,
): Promise<ChainPosition | undefined> {
  const young = { chain, seq: { $gt: prunedSeq }, createdAt: { $gte: before } };
  const [stays] = await store.read(young, { limit: 1, order: 1 });
  const upTo = stays ? stays.seq - 1 : seq;
  if (upTo <= prunedSeq) return undefined;
  const [last] = await store.read({ chain, seq: upTo }, { limit: 1, order: 1 });
  // A missing entry was not deleted by the hub: the rest stays, so that verifyAuditLog reports it.
  return last && { seq: last.seq, hash: last.hash };
}

function deletion(chain: string, { seq, hash }: ChainPosition): AuditEntry {
  return {
    organizationId: organizationOf(chain),
    function: PRUNE_FUNCTION,
    actor: PRUNE_ACTOR,
    outcome: 'ok',
    rows: {},
    params: { throughSeq: seq, throughHash: hash },
    requestId: newRequestId(),
  };
}
