import { z } from 'zod';

import { organizationId, pageOf, pageParams } from '../../src/contract/index.js';
import { defineFunction } from '../define.js';
import { connectorKey } from '../extensions/extension.js';
import {
  integration,
  integrationExample,
  showIntegration,
  statusParam,
  typeParam,
} from './integration.js';

export const getIntegrations = defineFunction({
  name: 'getIntegrations',
  summary: 'Lists an organization’s integrations, newest first.',
  access: { kind: 'permission', permission: 'integrations:read' },
  reads: true,
  params: z.strictObject({
    organizationId,
    status: statusParam.optional(),
    connector: connectorKey.optional(),
    type: typeParam.optional(),
    tag: z.string().min(1).max(50).optional().describe('Only integrations with this tag.'),
    ...pageParams,
  }),
  result: pageOf(integration),
  errors: {},
  example: { params: { status: 'active' }, result: { items: [integrationExample] } },

  async handle({ params, organization, services }) {
    const page = await services.integrations.list(organization, params, params);
    return { ...page, items: page.items.map(showIntegration) };
  },
});
