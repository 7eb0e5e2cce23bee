import { z } from 'zod';

import {
  ACTORS,
  type AuditFilter,
  type AuditLink,
  OUTCOMES,
  PROBLEMS,
  type RowImage,
  type Verification,
} from '../../src/audit/index.js';

const when = z.iso.datetime();
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'Pass 64 hexadecimal digits.');
const summary = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What getAuditLog and its relatives may narrow a trail to. */
export const auditFilter = {
  actor: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe(
      `Only calls of this user or API key, by id, or of this kind of caller: ${ACTORS.join(', ')}.`,
    ),
  function: z.string().min(1).max(100).optional().describe('Only calls of this function, by name.'),
  rowId: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Only calls with this id among their parameters or in their result.'),
  outcome: z
    .enum(OUTCOMES)
    .optional()
    .describe(
      'ok; refused: not signed in, not permitted, or not there for the caller; failed: any other error.',
    ),
  requestId: z.string().min(1).max(64).optional().describe('Only the call of this request.'),
  from: when.optional().describe('Only calls at this time or later.'),
  to: when.optional().describe('Only calls before this time.'),
};

type FilterParams = Omit<AuditFilter, 'from' | 'to'> & {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

export function filterOf(params: FilterParams): AuditFilter {
  const { actor, function: name, rowId, outcome, requestId, from, to } = params;
  return {
    actor,
    function: name,
    rowId,
    outcome,
    requestId,
    ...(from !== undefined && { from: new Date(from) }),
    ...(to !== undefined && { to: new Date(to) }),
  };
}

/** An entry as functions answer it. */
export const auditEntry = z.strictObject({
  id: z.string(),
  seq: z.number().int().describe('Its place in the chain, from 1, without gaps.'),
  at: when,
  organizationId: z.string().optional(),
  function: z.string(),
  actor: z.enum(ACTORS).describe('`hub`: what the hub did by itself.'),
  actorId: z
    .string()
    .optional()
    .describe('The user, or the user in whose name a key or a token acts.'),
  keyId: z
    .string()
    .optional()
    .describe('The API key, or the OAuth app of the token, that the call came through.'),
  outcome: z.enum(OUTCOMES),
  error: z.string().optional().describe('The name of the error.'),
  code: z.number().optional().describe('The number of the error.'),
  rows: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .describe('Ids among parameters and result, by name.'),
  params: summary.describe('Ids, numbers, flags, times and choices; of all else the size.'),
  result: summary.optional().describe('The same of what was answered.'),
  changes: z
    .array(
      z.strictObject({
        class: z.string().describe('A class, or `Membership` for who belongs to an organization.'),
        id: z.string(),
        before: summary.optional().describe('As the row was; absent: there was none.'),
        after: summary
          .optional()
          .describe('What is different since; absent: it was removed, without `before` all of it.'),
      }),
    )
    .optional()
    .describe('What it did to rows: numbers, flags, times and choices; of other text the size.'),
  address: z.string().optional().describe('Where the call came from.'),
  agent: z.string().optional().describe('The user agent, as it called itself.'),
  requestId: z.string().describe('By which every log names the call.'),
  previous: z.string().describe('The hash of the entry before.'),
  hash: z.string().describe('SHA-256 of this entry without `hash`, as canonical JSON (RFC 8785).'),
});

export function showEntry(link: AuditLink): z.input<typeof auditEntry> {
  const rows = Object.entries(link.rows).map(([name, ids]) => [
    name,
    typeof ids === 'string' ? ids : [...ids],
  ]);
  const { actorId, keyId, organizationId, error, code, result, ...others } = link;
  const { address, agent, changes, ...always } = others;
  return {
    ...always,
    ...(organizationId !== undefined && { organizationId }),
    ...(actorId !== undefined && { actorId }),
    ...(keyId !== undefined && { keyId }),
    ...(error !== undefined && { error }),
    ...(code !== undefined && { code }),
    ...(result && { result }),
    ...(changes && { changes: changes.map(showImage) }),
    ...(address !== undefined && { address }),
    ...(agent !== undefined && { agent }),
    rows: Object.fromEntries(rows) as Record<string, string | string[]>,
  };
}

function showImage({ class: name, id, before, after }: RowImage) {
  return { class: name, id, ...(before && { before }), ...(after && { after }) };
}

export const entryExample: z.input<typeof auditEntry> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pde',
  seq: 42,
  at: '2026-11-20T09:31:02.000Z',
  organizationId: 'mfx3q9T2hVb7',
  function: 'setOrganizationMemberRole',
  actor: 'user',
  actorId: 'k2b8SxQ0vL',
  outcome: 'ok',
  rows: { userId: 'n7Tq1RzX4c' },
  params: { userId: 'n7Tq1RzX4c', role: 'admin' },
  result: { 'member.userId': 'n7Tq1RzX4c', 'member.role': 'admin' },
  changes: [
    {
      class: 'Membership',
      id: 'n7Tq1RzX4c',
      before: { role: 'viewer' },
      after: { role: 'admin' },
    },
  ],
  address: '203.0.113.7',
  agent: 'Mozilla/5.0',
  requestId: 'req_0mhc6xwzk3v9q2t8r4ynb1pde',
  previous: '5c1f0b1d8e0f6a6f5d6d1c86f9a9a8b1b9d7d8b8b7c6a5f4e3d2c1b0a9988776',
  hash: 'b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c',
};

/** A place in a chain, as a verification answers it. */
const chainPosition = z.strictObject({ seq: z.number().int().min(0), hash });

export const afterPosition = chainPosition
  .optional()
  .describe(
    '`end` of a verification before: begins behind it, and shows whether what lies before is still the same.',
  );

export const verification = z.strictObject({
  checked: z.number().int().describe('How many entries were looked at.'),
  unsealed: z
    .number()
    .int()
    .describe(
      'How many of them, at the beginning, have no seal that this hub can check: written before there were seals, or under a secret that is no longer among `previousSecrets`. Expect 0.',
    ),
  isWhole: z.boolean().describe('Whether each of them is as it was written, and none is missing.'),
  break: z
    .strictObject({
      seq: z.number().describe('The place of the first entry that is not as it was written.'),
      problem: z
        .enum(PROBLEMS)
        .describe(
          'missing: there is none at this place. changed: it, or the one before, is another than was written. inserted: the chain has no such place. forged: its hash fits, but this hub has not sealed it. checkpoint: entries before it were deleted, and no entry says so.',
        ),
    })
    .optional(),
  end: chainPosition.describe(
    'The last entry that is as it was written. Kept elsewhere, it shows later that nothing before it was changed.',
  ),
  hasMore: z.boolean().describe('Whether the chain goes on: call again with `after: end`.'),
});

export function showVerification({
  checked,
  unsealed,
  break: found,
  end,
  hasMore,
}: Verification): z.input<typeof verification> {
  return { checked, unsealed, isWhole: !found, ...(found && { break: found }), end, hasMore };
}

export const verificationExample: z.input<typeof verification> = {
  checked: 42,
  unsealed: 0,
  isWhole: true,
  end: { seq: 42, hash: entryExample.hash },
  hasMore: false,
};
