import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { afterPosition, showVerification, verification, verificationExample } from './entry.js';

export const verifyAuditLog = defineFunction({
  name: 'verifyAuditLog',
  summary:
    'Verifies the hash chain of an organization’s audit log and returns the first entry that was removed, changed, inserted or moved.',
  access: { kind: 'permission', permission: 'audit:read' },
  reads: true,
  cost: 'costly',
  params: z.strictObject({ organizationId, after: afterPosition }),
  result: verification,
  errors: {},
  example: { params: {}, result: verificationExample },

  async handle({ params, organization, services }) {
    return showVerification(await services.audit.verify(organization.organizationId, params.after));
  },
});
