import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { extension, extensionExample, showExtension } from './extension.js';

export const getExtensions = defineFunction({
  name: 'getExtensions',
  summary: 'Lists the connectors that an organization has installed, newest first.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({ organizationId, ...pageParams }),
  result: pageOf(extension),
  errors: {},
  example: { params: {}, result: { items: [extensionExample] } },

  async handle({ params, organization, services }) {
    const page = await services.extensions.list(organization, params);
    return { ...page, items: page.items.map((row) => showExtension(services, row)) };
  },
});
