import { AppError } from '../../contract/index.js';
import { newRequestId } from '../../platform/ids.js';
import { type SeenChange, withChangeRecorder } from '../../platform/rowChanges.js';
import type { AuditEntry } from './entry.js';
import { imagesOf, isNotable, organizationOfChange } from './images.js';
import type { AuditWriter } from './record.js';

/** Work that is not a function call, with the name that its entries have. */
export interface Watched extends Pick<AuditEntry, 'function' | 'address' | 'agent'> {
  readonly actor: 'browser' | 'hub';
  readonly requestId?: string | undefined;
  /** `always`: an entry in any case. Default: an entry only when a change of rows is a decision or requires action. */
  readonly records?: 'always';
}

/**
 * Runs work and records one entry in the chain of each organization whose rows it changed. Changes that belong to none, and a
 * refusal without changes, go to the hub's own chain. Returns and throws what the work does.
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
  { actor, records, requestId = newRequestId(), ...watched }: Watched,
  finished: FinishedWork,
): Promise<void> {
  // All changes of a user in a browser are recorded; of the hub's own work only the significant ones.
  const notable = actor === 'browser' ? finished.seen : finished.seen.filter(isNotable);
  const chains = new Map<string | undefined, SeenChange[]>();
  for (const change of notable) {
    const organizationId = organizationOfChange(change);
    chains.set(organizationId, [...(chains.get(organizationId) ?? []), change]);
  }
  const isWanted = records === 'always' || (finished.error !== undefined && actor === 'browser');
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

/** Returns the result of a job as an entry may hold it. */
function jobMessageOf({ result }: FinishedWork): AuditEntry['result'] {
  return typeof result === 'string' ? { message: result.slice(0, 300) } : undefined;
}
