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

/** By these an entry is known that says what was deleted. */
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
 * Deletes the beginnings of all chains up to what is young enough; answers how many entries. The chain says first, in an
 * entry of its own, where the deleted part ends and with which hash, then its row (the checkpoint), then the entries go:
 * after a crash the next run goes on, and what is left verifies at each moment.
 */
export async function pruneChains(deps: PruneDeps, signal: AbortSignal): Promise<number> {
  const before = new Date(deps.clock.now().getTime() - deps.retentionDays * DAY_MS);
  let deleted = 0;
  let afterId = '0';
  while (!signal.aborted) {
    const chains = await deps.store.chains(afterId, CHAINS_A_PAGE);
    for (const chain of chains) {
      if (signal.aborted) break;
      // One that cannot be pruned, as when somebody has meddled with it, keeps no other from it.
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
  // Not through the trail: nothing may be deleted before this is stored, and the job may fail.
  await createAppend(store, deps.seals).append(chain.key, [entry], false);
  if (!(await store.cut(chain, to))) return 0;
  await store.removeUpTo(chain.key, to.seq);
  return to.seq - chain.prunedSeq;
}

/** The last of the entries before the first one that stays; the last of all where none does. */
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
  // One that is not there was not deleted by us: the rest stays as it is, for verifyAuditLog to tell.
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
