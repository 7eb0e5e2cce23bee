import { z } from 'zod';

import { pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { organization, showOrganization } from './organization.js';

export const getOrganizations = defineFunction({
  name: 'getOrganizations',
  summary:
    'Lists the organizations that the caller belongs to, newest first; all of them with the master key.',
  access: { kind: 'user' },
  reads: true,
  params: z.strictObject(pageParams),
  result: pageOf(organization),
  errors: {},
  example: {
    params: { limit: 20 },
    result: {
      items: [
        { id: 'mfx3q9T2hVb7', name: 'Acme', role: 'owner', createdAt: '2026-11-20T09:30:00.000Z' },
      ],
    },
  },

  async handle({ params, actor, services }) {
    const page = await services.organizations.list(actor, params);
    return { ...page, items: page.items.map(showOrganization) };
  },
});
