import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { member, showMember } from './organization.js';

export const getOrganizationMembers = defineFunction({
  name: 'getOrganizationMembers',
  summary: 'Lists the members of an organization with their roles.',
  access: { kind: 'permission', permission: 'members:read' },
  reads: true,
  params: z.strictObject({ organizationId, ...pageParams }),
  result: pageOf(member),
  errors: {},
  example: {
    params: { organizationId: 'mfx3q9T2hVb7' },
    result: { items: [{ userId: 'u8Qe0ZbKdA', username: 'ada', role: 'developer' }] },
  },

  async handle({ params, organization, services }) {
    const page = await services.organizations.listMembers(organization, params);
    return { ...page, items: page.items.map(showMember) };
  },
});
