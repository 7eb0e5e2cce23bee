import { DAY_MS } from '../../platform/durations.js';
import type { ApiKeyRow } from '../store.js';

/** Why a key is to be rotated, and under which name it is remembered that its keeper was told. */
export interface Reminder {
  readonly reason: 'expiresSoon' | 'old';
  readonly stage: string;
}

/** Days before a key ends at which its keeper is told, the last one first. */
const BEFORE_END_DAYS = [1, 7] as const;

/**
 * Everything that a key is to be rotated for now. A stage names the date that it follows from, so that another end or a
 * rotation begins anew; of the stages before the end it is the last that was reached.
 */
export function remindersOf(
  { status, createdAt, rotatedAt, expiresAt }: ApiKeyRow,
  { now, rotateAfterDays }: { readonly now: Date; readonly rotateAfterDays: number },
): Reminder[] {
  if (status !== 'active' || (expiresAt && expiresAt <= now)) return [];
  const reminders: Reminder[] = [];
  const leftMs = expiresAt ? expiresAt.getTime() - now.getTime() : Infinity;
  const before = BEFORE_END_DAYS.find((days) => leftMs <= days * DAY_MS);
  if (expiresAt && before !== undefined) {
    const stage = `expires:${String(before)}:${expiresAt.toISOString()}`;
    reminders.push({ reason: 'expiresSoon', stage });
  }
  const since = rotatedAt ?? createdAt;
  if (now.getTime() - since.getTime() >= rotateAfterDays * DAY_MS)
    reminders.push({ reason: 'old', stage: `old:${since.toISOString()}` });
  return reminders;
}
