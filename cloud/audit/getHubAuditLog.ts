import { z } from 'zod';

import { pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { auditEntry, auditFilter, entryExample, filterOf, showEntry } from './entry.js';

const { organizationId: _none, ...hubEntry } = entryExample;

export const getHubAuditLog = defineFunction({
  name: 'getHubAuditLog',
  summary:
    'Lists the audit log of calls that belong to no organization, newest first: those of operators, and refusals of outsiders.',
  access: { kind: 'master' },
  reads: true,
  params: z.strictObject({ ...auditFilter, ...pageParams }),
  result: pageOf(auditEntry),
  errors: {},
  example: { params: { outcome: 'refused' }, result: { items: [hubEntry] } },

  async handle({ params, services }) {
    const page = await services.audit.list(undefined, filterOf(params), params);
    return { ...page, items: page.items.map(showEntry) };
  },
});
