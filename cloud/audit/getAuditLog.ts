import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { auditEntry, auditFilter, entryExample, filterOf, showEntry } from './entry.js';

export const getAuditLog = defineFunction({
  name: 'getAuditLog',
  summary:
    'Lists the audit log of an organization, newest first: every change and every refusal, with its caller.',
  access: { kind: 'permission', permission: 'audit:read' },
  reads: true,
  params: z.strictObject({ organizationId, ...auditFilter, ...pageParams }),
  result: pageOf(auditEntry),
  errors: {},
  example: { params: { outcome: 'ok' }, result: { items: [entryExample] } },

  async handle({ params, organization, services }) {
    const page = await services.audit.list(organization.organizationId, filterOf(params), params);
    return { ...page, items: page.items.map(showEntry) };
  },
});
