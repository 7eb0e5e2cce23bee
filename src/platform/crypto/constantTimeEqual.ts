import { timingSafeEqual } from 'node:crypto';

/** Returns whether two texts are equal. Its time reveals only whether their lengths are. */
export function constantTimeEqual(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
