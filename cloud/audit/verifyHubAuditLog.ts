import { z } from 'zod';

import { defineFunction } from '../define.js';
import { afterPosition, showVerification, verification, verificationExample } from './entry.js';

export const verifyHubAuditLog = defineFunction({
  name: 'verifyHubAuditLog',
  summary:
    'Verifies the audit log of calls that belong to no organization, as verifyAuditLog does.',
  access: { kind: 'master' },
  reads: true,
  cost: 'costly',
  params: z.strictObject({ after: afterPosition }),
  result: verification,
  errors: {},
  example: { params: {}, result: verificationExample },

  async handle({ params, services }) {
    return showVerification(await services.audit.verify(undefined, params.after));
  },
});
