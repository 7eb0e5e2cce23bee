import type { z } from 'zod';

/** Describes an issue of zod with the path of the value. Zod's messages name types and limits, never the value. */
export function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const text = message.endsWith('received undefined')
    ? 'is missing'
    : message.replace(
        /^Invalid input: expected (.+), received (.+)$/,
        'must be of type $1, not $2',
      );
  return path.length === 0 ? text : `${path.join('.')}: ${text}`;
}
