import { AppError } from '../../contract/index.js';
import { newRequestId } from '../../platform/ids.js';
import { type SeenChange, withChangeRecorder } from '../../platform/rowChanges.js';
import type { AuditEntry } from './entry.js';
import { imagesOf, isNotable, organizationOfChange } from './images.js';
import type { AuditWriter } from './record.js';

/** Work that is no call of a function, under the name that its entries have. */
export interface Watched extends Pick<AuditEntry, 'function' | 'address' | 'agent'> {
  readonly actor: 'browser' | 'hub';
  readonly requestId?: string | undefined;
  /** Left out: an entry only where rows were changed that somebody would want to hear of. `always`: one in any case. */
  readonly records?: 'always';
}

/**
 * Does work, and tells each organization of whose rows it changed any, in one entry each; what belongs to none, and that it
 * was refused without changing anything, goes to the hub's own chain. Answers and throws what the work does.
 */
export type Watch = <Result>(watched: Watched, work: () => Promise<Result>) => Promise<Result>;

export function watcher(writer: Pick<AuditWriter, 'record'>): Watch {
  return async (watched, work) => {
    const seen: SeenChange[] = [];
    try {
      const result = await withChangeRecorder(seen, work);
      await record(writer, watched, { seen, result });
      return result;
    } catch (error) {
      await record(writer, watched, { seen, error });
      throw error;
    }
  };
}

interface FinishedWork {
  readonly seen: readonly SeenChange[];
  readonly result?: unknown;
  readonly error?: unknown;
}

async function record(
  writer: Pick<AuditWriter, 'record'>,
  { actor, records: tells, requestId = newRequestId(), ...watched }: Watched,
  finished: FinishedWork,
): Promise<void> {
  // What a person did in a browser is told whole; of what goes on by itself, what matters.
  const notable = actor === 'browser' ? finished.seen : finished.seen.filter(isNotable);
  const chains = new Map<string | undefined, SeenChange[]>();
  for (const change of notable) {
    const organizationId = organizationOfChange(change);
    chains.set(organizationId, [...(chains.get(organizationId) ?? []), change]);
  }
  const isWanted = tells === 'always' || (finished.error !== undefined && actor === 'browser');
  if (isWanted && chains.size === 0) chains.set(undefined, []);
  const { outcome, error, code } = outcomeOf(finished);
  const entries = [...chains].map(([organizationId, changes]): AuditEntry => {
    const images = imagesOf(changes);
    return {
      ...watched,
      actor,
      requestId,
      organizationId,
      outcome,
      error,
      code,
      rows: {},
      params: {},
      result: jobMessageOf(finished),
      changes: images.length > 0 ? images : undefined,
    };
  });
  await Promise.all(entries.map((entry) => writer.record(entry)));
}

function outcomeOf({ error, seen }: FinishedWork): Pick<AuditEntry, 'outcome' | 'error' | 'code'> {
  if (error === undefined) return { outcome: 'ok' };
  if (!(error instanceof AppError)) return { outcome: 'failed', error: 'Internal', code: 1 };
  const outcome = seen.length === 0 ? 'refused' : 'failed';
  return { outcome, error: error.kind, code: error.spec.code };
}

/** What a job says of its run, in words of ours. */
function jobMessageOf({ result }: FinishedWork): AuditEntry['result'] {
  return typeof result === 'string' ? { message: result.slice(0, 300) } : undefined;
}
