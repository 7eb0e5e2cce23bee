import { DAY_MS } from '../../platform/durations.js';
import type { ApiKeyRow } from '../store.js';

/** Why a key should be rotated, and the name under which the hub remembers that its owner was notified. */
export interface Reminder {
  readonly reason: 'expiresSoon' | 'old';
  readonly stage: string;
}

/** The numbers of days before a key expires at which its owner is notified, the last one first. */
const BEFORE_END_DAYS = [1, 7] as const;

/**
 * Returns all reasons to rotate a key now. A stage contains the date that it follows from, so that another expiry or a
 * rotation starts anew; of the stages before the expiry, only the last that was reached is returned.
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
