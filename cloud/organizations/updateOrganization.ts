import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { organization, organizationName, showOrganization } from './organization.js';

export const updateOrganization = defineFunction({
  name: 'updateOrganization',
  summary: 'Renames an organization.',
  access: { kind: 'permission', permission: 'organizations:write' },
  params: z.strictObject({ organizationId, name: organizationName }),
  result: z.strictObject({ organization }),
  errors: {},
  example: {
    params: { organizationId: 'mfx3q9T2hVb7', name: 'Acme Ltd' },
    result: {
      organization: {
        id: 'mfx3q9T2hVb7',
        name: 'Acme Ltd',
        role: 'owner',
        createdAt: '2026-11-20T09:30:00.000Z',
      },
    },
  },

  async handle({ params, organization: membership, services }) {
    return {
      organization: showOrganization(await services.organizations.rename(membership, params.name)),
    };
  },
});
