import { z } from 'zod';

import { commonErrors } from '../../src/contract/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import { defineFunction } from '../define.js';
import { organization, organizationName, showOrganization } from './organization.js';

const { UserNotFound } = organizationErrors;
const { MasterKeyRequired } = commonErrors;

export const createOrganization = defineFunction({
  name: 'createOrganization',
  summary: 'Creates an organization and makes the caller its owner.',
  access: { kind: 'user' },
  audit: { organizationOf: ({ organization: { id } }) => id },
  params: z.strictObject({
    name: organizationName,
    ownerId: z
      .string()
      .max(64)
      .optional()
      .describe(
        'The user who becomes the owner. Required with the master key; other callers can only pass their own id.',
      ),
  }),
  result: z.strictObject({ organization }),
  errors: { UserNotFound, MasterKeyRequired },
  example: {
    params: { name: 'Acme' },
    result: {
      organization: {
        id: 'mfx3q9T2hVb7',
        name: 'Acme',
        role: 'owner',
        createdAt: '2026-11-20T09:30:00.000Z',
      },
    },
  },

  async handle({ params, actor, services }) {
    return { organization: showOrganization(await services.organizations.create(actor, params)) };
  },
});
