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

/** The filters of getAuditLog and the related functions. */
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
    .describe('Only calls with this id in their parameters, result or changes.'),
  outcome: z
    .enum(OUTCOMES)
    .optional()
    .describe(
      'ok; refused: not signed in, not permitted, or not found for the caller; failed: any other error.',
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

/** An entry as functions return it. */
export const auditEntry = z.strictObject({
  id: z.string(),
  seq: z.number().int().describe('Its position in the chain, from 1, without gaps.'),
  at: when,
  organizationId: z.string().optional(),
  function: z.string(),
  actor: z.enum(ACTORS).describe('The kind of caller. `hub`: the hub’s own work.'),
  actorId: z.string().optional().describe('The user, or the owner of the key or token.'),
  keyId: z.string().optional().describe('The API key, or the OAuth app of the token.'),
  outcome: z.enum(OUTCOMES),
  error: z.string().optional().describe('The name of the error.'),
  code: z.number().optional().describe('The number of the error.'),
  rows: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .describe('The ids in parameters and result, by name.'),
  params: summary.describe(
    'The parameters: ids, numbers, flags, times and choices; of other values the size.',
  ),
  result: summary.optional().describe('The result, in the same form.'),
  changes: z
    .array(
      z.strictObject({
        class: z
          .string()
          .describe('The class of the row, or `Membership` for a member of an organization.'),
        id: z.string(),
        before: summary
          .optional()
          .describe('The row before the change; absent when it was created.'),
        after: summary
          .optional()
          .describe(
            'The fields that differ after the change, or the whole row when it was created; absent when it was deleted.',
          ),
      }),
    )
    .optional()
    .describe(
      'The rows that the call changed: numbers, flags, times and choices; of other text the size.',
    ),
  address: z.string().optional().describe('The IP address of the caller.'),
  agent: z.string().optional().describe('The User-Agent header of the request.'),
  requestId: z.string().describe('The id of the request, which all logs contain.'),
  previous: z.string().describe('The hash of the previous entry.'),
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

/** A position in a chain, as a verification returns it. */
const chainPosition = z.strictObject({ seq: z.number().int().min(0), hash });

export const afterPosition = chainPosition
  .optional()
  .describe(
    'The `end` of an earlier verification: starts after it, and detects changes before it.',
  );

export const verification = z.strictObject({
  checked: z.number().int().describe('The number of entries checked.'),
  unsealed: z
    .number()
    .int()
    .describe(
      'The number of entries at the beginning whose seal this hub cannot check: they were written before seals existed, or under a secret that is no longer in `previousSecrets`. Expect 0.',
    ),
  isWhole: z
    .boolean()
    .describe('Whether no checked entry was changed, removed, inserted or forged.'),
  break: z
    .strictObject({
      seq: z.number().describe('The position of the first wrong entry.'),
      problem: z
        .enum(PROBLEMS)
        .describe(
          'missing: there is no entry at this position. changed: this entry, or the one before, is not as it was written. inserted: the chain has no such position. forged: the hash fits, but this hub did not seal it. checkpoint: entries before it were deleted, and no entry records that.',
        ),
    })
    .optional(),
  end: chainPosition.describe(
    'The last verified entry. Store it elsewhere and pass it as `after` later, to detect changes before it.',
  ),
  hasMore: z.boolean().describe('Whether there are more entries: call again with `after: end`.'),
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
