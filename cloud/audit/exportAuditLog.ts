import { z } from 'zod';

import { organizationId, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { auditFilter, filterOf } from './entry.js';

export const exportAuditLog = defineFunction({
  name: 'exportAuditLog',
  summary:
    'Exports an organization’s audit log as JSON lines, oldest first, up to 500 at a time, or about 1 MB. The hash of an entry is the SHA-256 of its line without `hash`.',
  access: { kind: 'permission', permission: 'audit:read' },
  reads: true,
  cost: 'costly',
  params: z.strictObject({
    organizationId,
    ...auditFilter,
    cursor: pageParams.cursor,
  }),
  result: z.strictObject({
    lines: z.string().describe('One JSON object per line; every line ends with a line feed.'),
    entries: z.number().int().describe('The number of lines.'),
    nextCursor: z
      .string()
      .optional()
      .describe('Pass it as `cursor` to get the next lines; absent at the end.'),
  }),
  errors: {},
  example: {
    params: { from: '2026-11-01T00:00:00.000Z' },
    result: { lines: '{"actor":"user","at":"2026-11-20T09:31:02.000Z","seq":42}\n', entries: 1 },
  },

  async handle({ params, organization, services }) {
    const { organizationId: id } = organization;
    return services.audit.exportLines(id, filterOf(params), params.cursor);
  },
});
