import { z } from 'zod';

import { commonErrors } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';

const { NameNotConfirmed, OwnerRequired } = organizationErrors;
const { OrganizationNotFound } = commonErrors;

export const deleteOrganization = defineFunction({
  name: 'deleteOrganization',
  summary:
    'Deletes an organization with everything in it. Members, keys and tokens stop working at once; then rows are deleted for up to 20 seconds, and the rest by pruneHistory. Owners only.',
  access: { kind: 'user' },
  params: z.strictObject({
    organizationId: z.string().min(1).max(64),
    dryRun: z
      .boolean()
      .default(false)
      .describe('Changes nothing, and returns what would be deleted.'),
    confirmName: z
      .string()
      .max(100)
      .optional()
      .describe('The name of the organization, exactly. Required without dryRun.'),
  }),
  result: z.strictObject({
    ends: z
      .record(z.string(), z.number().int())
      .describe(
        'How many rows there are of each kind: members, webhooks, deliveries, apiKeys, invitations (also those that have ended) ….',
      ),
    isComplete: z
      .boolean()
      .describe('Whether every row is deleted. If not, call again, or leave it to pruneHistory.'),
  }),
  errors: { OrganizationNotFound, OwnerRequired, NameNotConfirmed },
  example: {
    params: { organizationId: 'mfx3q9T2hVb7', confirmName: 'Acme' },
    result: { ends: { members: 4, webhooks: 2, apiKeys: 1 }, isComplete: true },
  },

  async handle({ params: { organizationId, dryRun, confirmName }, actor, services }) {
    const request = { organizationId, isDryRun: dryRun, confirmName };
    return services.organizationDeletion.delete(actor, request);
  },
});
