import { z } from 'zod';

import { accessControl, accessControlOf } from '../../src/accessControl/index.js';
import type { ConnectionRow } from '../../src/connections/index.js';
import { displayName } from '../../src/contract/index.js';
import { idsParam, refusal } from '../batch.js';

const when = z.iso.datetime();

export const connectionId = z.string().min(1).max(64);

/** Parameters of every new connection, whatever its auth method. */
export const connectionParams = {
  connector: z
    .string()
    .min(1)
    .max(64)
    .describe('The key of a connector: getConnectors lists them.'),
  authMethod: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('The auth method by name: getConnector lists them. Default: the recommended one.'),
  name: displayName.describe('Shown to people.'),
  endUser: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe(
      'Your id of the end user whose account it is; default: the organization’s own account.',
    ),
  fields: z
    .record(z.string().max(64), z.string().max(8_192))
    .optional()
    .describe('Values of the connector’s fields: getConnector lists them.'),
  accessControl: accessControl.optional(),
};

export const credentialParam = z
  .record(z.string().max(64), z.string().max(8_192))
  .describe(
    'Values of the auth method’s fields, by name: getConnector lists them. Never returned again.',
  );

export const consentParams = {
  scopes: z
    .array(z.string().min(1).max(200))
    .max(100)
    .optional()
    .describe('Scopes to request in addition to the connector’s default scopes.'),
  returnUrl: z
    .string()
    .max(2_048)
    .optional()
    .describe(
      'Where the browser is redirected after success, with connectionId and state in its query. Default: a page of the hub, which also shows errors.',
    ),
  browser: z
    .boolean()
    .optional()
    .describe(
      'Whether url is the hub’s own address, as its callback requires: only the browser that began there may finish there. With false url is the service’s address, and finishConnection finishes the consent. Default true.',
    ),
  client: z
    .strictObject({
      clientId: z.string().min(1).max(500),
      clientSecret: z.string().min(1).max(4_096),
    })
    .optional()
    .describe('An OAuth client of the organization’s own; default: the operator’s.'),
};

/** A connection as functions return it, without its credential. */
export const connection = z.strictObject({
  id: z.string(),
  connector: z.string(),
  name: z.string(),
  endUser: z.string().optional(),
  authMethod: z.string(),
  state: z
    .enum(['waiting', 'connected', 'reconnect', 'disconnected'])
    .describe(
      'waiting: for a user’s consent. reconnect: the service refused the credential; a user has to reconnect it.',
    ),
  problem: z
    .string()
    .optional()
    .describe('Why it is in state reconnect, or why the consent failed.'),
  fields: z.record(z.string(), z.string()),
  identity: z
    .strictObject({ id: z.string(), name: z.string().optional() })
    .optional()
    .describe('The account at the service.'),
  grantedScopes: z.array(z.string()).optional().describe('The scopes that the service granted.'),
  testedAt: when.optional(),
  testProblem: z.string().optional().describe('The problem that the last test found.'),
  expiresAt: when.optional().describe('When its token expires; it is refreshed before.'),
  refreshedAt: when.optional(),
  accessControl,
  createdAt: when,
});

export function showConnection(row: ConnectionRow): z.input<typeof connection> {
  const { id, connector, name, endUser, authMethod, state, problem, fields } = row;
  const { identityId, identityName, grantedScopes, testProblem } = row;
  return {
    id,
    connector,
    name,
    authMethod,
    fields,
    state: state as 'waiting' | 'connected' | 'reconnect' | 'disconnected',
    ...(endUser !== undefined && { endUser }),
    ...(problem !== undefined && { problem }),
    ...(identityId !== undefined && {
      identity: { id: identityId, ...(identityName !== undefined && { name: identityName }) },
    }),
    ...(grantedScopes && { grantedScopes: [...grantedScopes] }),
    ...(row.testedAt && { testedAt: row.testedAt.toISOString() }),
    ...(testProblem !== undefined && { testProblem }),
    ...(row.expiresAt && { expiresAt: row.expiresAt.toISOString() }),
    ...(row.refreshedAt && { refreshedAt: row.refreshedAt.toISOString() }),
    accessControl: accessControlOf(row.accessList),
    createdAt: row.createdAt.toISOString(),
  };
}

/** The parameter of functions that take several connections. */
export const connectionIds = idsParam('connections', 20);
export const connectionResults = z
  .array(z.union([z.strictObject({ connection }), z.strictObject({ error: refusal })]))
  .describe('One result for each id, in the same order.');

export const connectionExample: z.input<typeof connection> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pde',
  connector: 'slack',
  name: 'Our workspace',
  authMethod: 'botToken',
  state: 'connected',
  fields: {},
  identity: { id: 'W12345678', name: 'grace' },
  testedAt: '2026-01-02T03:04:05.000Z',
  accessControl: { kind: 'organization' },
  createdAt: '2026-01-02T03:04:05.000Z',
};
