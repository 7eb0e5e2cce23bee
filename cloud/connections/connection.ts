import { z } from 'zod';

import type { ConnectionRow } from '../../src/connections/index.js';
import { idsParam, refusal } from '../batch.js';

const when = z.iso.datetime();

export const connectionId = z.string().min(1).max(64);

/** What is said of a new connection, whichever way it is made. */
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
    .describe('Which of its ways to connect; the recommended one when left out.'),
  name: z.string().trim().min(1).max(100).describe('Shown to people.'),
  endUser: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Whose account it is, in your own terms; left out: the organization’s.'),
  fields: z
    .record(z.string().max(64), z.string().max(8_192))
    .optional()
    .describe('What the connector asks for besides the credential.'),
};

export const credentialParam = z
  .record(z.string().max(64), z.string().max(8_192))
  .describe('What the way asks for, by name: getConnector says. Never shown again.');

export const consentParams = {
  scopes: z
    .array(z.string().min(1).max(200))
    .max(100)
    .optional()
    .describe('Beyond those that the connector asks for by itself.'),
  returnUrl: z
    .string()
    .max(2_048)
    .optional()
    .describe(
      'Where the browser goes when it went well, with connectionId and state in its query. A page of the hub’s says it otherwise, and what went wrong.',
    ),
  browser: z
    .boolean()
    .optional()
    .describe(
      'Whether the answered address is the hub’s, as its callback insists on: only the browser that began there may finish there. With false it is the service’s own, and finishConnection ends it. Default true.',
    ),
  client: z
    .strictObject({
      clientId: z.string().min(1).max(500),
      clientSecret: z.string().min(1).max(4_096),
    })
    .optional()
    .describe('An OAuth client of the organization’s own; else the operator’s.'),
};

/** A connection as functions answer it: never its credential. */
export const connection = z.strictObject({
  id: z.string(),
  connector: z.string(),
  name: z.string(),
  endUser: z.string().optional(),
  authMethod: z.string(),
  state: z
    .enum(['waiting', 'connected', 'reconnect', 'disconnected'])
    .describe(
      'waiting: for a person’s consent. reconnect: the service refused its credential; a person has to connect anew.',
    ),
  problem: z
    .string()
    .optional()
    .describe('Why it is in state reconnect, or why the consent that it waits for failed.'),
  fields: z.record(z.string(), z.string()),
  identity: z
    .strictObject({ id: z.string(), name: z.string().optional() })
    .optional()
    .describe('Which account of the service it is.'),
  grantedScopes: z.array(z.string()).optional().describe('What the service said it granted.'),
  testedAt: when.optional(),
  testProblem: z.string().optional().describe('What the last test found wrong.'),
  expiresAt: when.optional().describe('When its token expires; it is refreshed before.'),
  refreshedAt: when.optional(),
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
    createdAt: row.createdAt.toISOString(),
  };
}

/** What batches of connections take and answer. */
export const connectionIds = idsParam('connections', 20);
export const connectionResults = z
  .array(z.union([z.strictObject({ connection }), z.strictObject({ error: refusal })]))
  .describe('One for each id, in the same order.');

export const connectionExample: z.input<typeof connection> = {
  id: '0mhc6xwzk3v9q2t8r4ynb1pde',
  connector: 'slack',
  name: 'Our workspace',
  authMethod: 'botToken',
  state: 'connected',
  fields: {},
  identity: { id: 'W12345678', name: 'grace' },
  testedAt: '2026-01-02T03:04:05.000Z',
  createdAt: '2026-01-02T03:04:05.000Z',
};
