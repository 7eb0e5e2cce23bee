import type { z } from 'zod';

const MISSING = 'is missing';

/** Describes an issue of zod with the path of the value. Zod's messages name types and limits, never the value. */
export function describeIssue(issue: z.core.$ZodIssue): string {
  const { path } = issue;
  const text = textOf(issue);
  return path.length === 0 ? text : `${path.join('.')}: ${text}`;
}

function textOf(issue: z.core.$ZodIssue): string {
  const { message } = issue;
  if (message.endsWith('received undefined')) return MISSING;
  // A union without a message of its own: what each of the alternatives requires.
  if (issue.code === 'invalid_union' && message === 'Invalid input') {
    const alternatives = issue.errors.flatMap(([first]) => (first ? [describeIssue(first)] : []));
    if (alternatives.includes(MISSING)) return MISSING;
    return [...new Set(alternatives)].join(', or ') || 'is not one of the allowed values';
  }
  return message
    .replace('expected record', 'expected object')
    .replace(/^Invalid input: expected (.+), received (.+)$/, 'must be of type $1, not $2')
    .replace(/^Invalid input: expected (.+)$/, 'must be $1');
}
