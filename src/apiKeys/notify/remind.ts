import type { Clock } from '../../platform/clock.js';
import type { ApiKeyRow, ApiKeyStore } from '../store.js';
import { mailOwner, type NotifyDeps, publishReminder } from './notify.js';
import { type Reminder, remindersOf } from './reminder.js';

export interface RemindDeps extends NotifyDeps {
  readonly store: ApiKeyStore;
  readonly clock: Clock;
  /** The age in days from which a key is old. */
  readonly rotateAfterDays: number;
}

const AT_ONCE = 500;

/**
 * Notifies organizations by event and owners by e-mail about keys that should be rotated: once for each stage, even when
 * other processes run this at the same time. Stops at `signal`; returns the number of keys.
 */
export async function remind(
  deps: RemindDeps,
  { signal }: { readonly signal: AbortSignal },
): Promise<number> {
  let reminded = 0;
  let page = await deps.store.activeAfter(undefined, AT_ONCE);
  while (page.length > 0) {
    for (const row of page) {
      if (signal.aborted) return reminded;
      if (await remindOf(deps, row)) reminded += 1;
    }
    const last = page.at(-1);
    page = last && page.length === AT_ONCE ? await deps.store.activeAfter(last.id, AT_ONCE) : [];
  }
  return reminded;
}

async function remindOf(deps: RemindDeps, row: ApiKeyRow): Promise<boolean> {
  const { store, clock, rotateAfterDays } = deps;
  const all = remindersOf(row, { now: clock.now(), rotateAfterDays });
  const due = all.filter(({ stage }) => !row.reminders?.includes(stage));
  if (due.length === 0) return false;
  await Promise.all(due.map((each: Reminder) => publishReminder(deps, row, each)));
  // Another process has sent it, or has changed the key: then the next run looks again.
  if (!(await store.change(row, { reminders: all.map(({ stage }) => stage) }))) return false;
  for (const { reason } of due) await mailOwner(deps, row, reason);
  return true;
}
