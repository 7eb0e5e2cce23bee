import { z } from 'zod';

import { organizationId } from '../../src/contract/index.js';
import { targetErrors } from '../../src/webhooks/index.js';
import { defineFunction } from '../define.js';
import { integrationId } from '../integrations/integration.js';
import { callerOf, executionResult, proxyErrors, showExecutionResult } from './execution.js';

const { HeaderNotAllowed } = targetErrors;
/** The response of a raw request has no pages. */
const proxyResult = executionResult.omit({ nextCursor: true });
const scalar = z.union([z.string().max(8_192), z.number(), z.boolean()]);

export const proxyRequest = defineFunction({
  name: 'proxyRequest',
  summary:
    'Sends any request to the service of an integration, for operations without an action in its connector. The integration must allow it: allowProxy.',
  access: { kind: 'permission', permission: 'integrations:execute' },
  cost: 'outgoing',
  params: z.strictObject({
    organizationId,
    integrationId,
    method: z
      .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
      .default('GET')
      .describe('The method of the request.'),
    path: z
      .string()
      .min(1)
      .max(4_096)
      .describe('The path below the server’s address, such as /v1/customers, percent-encoded.'),
    server: z
      .string()
      .max(64)
      .optional()
      .describe('One of the connector’s servers. Default: the first.'),
    query: z
      .record(z.string().max(200), z.union([scalar, z.array(scalar).max(1_000)]))
      .optional()
      .describe('Parameters of the address. A list repeats the name.'),
    headers: z
      .record(z.string().max(256), z.string().max(4_096))
      .optional()
      .describe('Headers besides those of the connector and the credential.'),
    body: z
      .union([
        z.strictObject({ json: z.json() }),
        z.strictObject({ form: z.record(z.string().max(200), z.json()) }),
        z.strictObject({ text: z.string(), contentType: z.string().max(200) }),
        z.strictObject({
          base64: z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/),
          contentType: z.string().max(200),
        }),
      ])
      .optional()
      .describe('The body: JSON, a form, text or bytes.'),
  }),
  result: proxyResult,
  errors: { ...proxyErrors, HeaderNotAllowed },
  example: {
    params: {
      integrationId: '0mhc6xwzk3v9q2t8r4ynb1pdh',
      method: 'GET',
      path: '/team.info',
    },
    result: {
      executionId: '0mhc6xwzk3v9q2t8r4ynb1pdj',
      state: 'succeeded',
      output: { status: 200, headers: { 'content-type': 'application/json' }, body: { ok: true } },
      cached: false,
      attempts: 1,
      durationMs: 143,
    },
  },

  async handle({ params, organization, services, actor, requestId }) {
    const { integrationId: id, organizationId: _organization, ...request } = params;
    const integration = await services.integrations.get(organization, id);
    const caller = callerOf(actor);
    const execution = { integration, membership: organization, caller, requestId };
    return showExecutionResult(await services.executions.proxy(execution, request));
  },
});
