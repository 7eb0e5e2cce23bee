import { schemas } from '../../schemas/index.js';
import type { ClassSpec, Role } from '../../src/contract/index.js';
import { addMember } from '../cloud/team.js';
import { KEY, startProvider } from '../connections/provider.js';
import { storeGrant } from '../oauth/grant.js';
import {
  anonymous,
  type Caller,
  type Json,
  master,
  startHub,
  type TestHub,
  type TestHubOptions,
  type TestUser,
} from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { isLong } from '../support/rounds.js';

/** Part of every text of A that is not a key, so that leaks can be found. */
export const MARK = 'ofacme7f3c';

/** Ids of organization A's rows, by the names of the manifest's parameters. */
export interface Ids {
  readonly organizationId: string;
  readonly webhookId: string;
  readonly eventId: string;
  readonly deliveryId: string;
  readonly connectionId: string;
  readonly integrationId: string;
  readonly executionId: string;
  readonly apiKeyId: string;
  readonly oauthAppId: string;
  readonly oauthGrantId: string;
  readonly invitationId: string;
  readonly eventTypeName: string;
  readonly otherEventTypeName: string;
  readonly idempotencyKey: string;
}

/** Two organizations and callers who belong to neither, on one hub. */
export interface World {
  readonly hub: TestHub;
  readonly receiver: Receiver;
  /** Members of A, one of each role. */
  readonly members: Readonly<Record<Role, TestUser>>;
  readonly a: Ids;
  /** Owner of organization B. */
  readonly otherOwner: TestUser;
  readonly b: Ids;
  /** A user without an organization. */
  readonly loner: TestUser;
  /** Callers who must not see anything of A. */
  readonly outsiders: readonly (readonly [string, Caller])[];
  /** Everything stored of organization A, as text: rows of every class, its roles and their users. */
  stored(): Promise<string>;
  /** Rows of a class of the hub that belong to A, as the master key reads them. */
  rowsOf(className: string): Promise<readonly Json[]>;
  stop(): Promise<void>;
}

export async function startWorld(options: TestHubOptions = {}): Promise<World> {
  const [provider, receiver] = await Promise.all([startProvider(), startReceiver()]);
  const connectors = [provider.connector];
  const hub = await startHub({ ...options, hub: { connectors, ...options.hub } });
  const owner = await hub.signUp();
  const a = await populate(hub, { owner, receiver, mark: MARK, topic: 'acme' });
  const members = { owner } as Record<Role, TestUser>;
  for (const role of ['admin', 'developer', 'viewer'] as const) {
    members[role] = await hub.signUp();
    await addMember(hub, { organizationId: a.organizationId, userId: members[role].id, role });
  }
  const [otherOwner, loner] = [await hub.signUp(), await hub.signUp()];
  const b = await populate(hub, { owner: otherOwner, receiver, mark: 'ofbravo', topic: 'bravo' });
  const rowsOf = (className: string) => rowsOfOrganization(hub, className, a);
  return {
    hub,
    receiver,
    members,
    a,
    otherOwner,
    b,
    loner,
    rowsOf,
    outsiders: [
      ['the owner of another organization', { sessionToken: otherOwner.sessionToken }],
      ['a user without an organization', { sessionToken: loner.sessionToken }],
      ['an anonymous caller', anonymous],
    ],
    async stored() {
      const rows = await batch(
        hub,
        schemas.map(({ name }) => queryOf(name, a)),
      );
      return canonical([rows, await rolesOf(hub, a.organizationId)]);
    },
    async stop() {
      await receiver.close();
      provider.close();
      await hub.stop();
    },
  };
}

/** Creates an organization with a row of every class, including a retried delivery and a waiting one. */
async function populate(
  hub: TestHub,
  {
    owner,
    receiver,
    mark,
    topic,
  }: { owner: TestUser; receiver: Receiver; mark: string; topic: string },
): Promise<Ids> {
  const client = hub.as(owner);
  const { organization } = await client.createOrganization({ name: `Org ${mark}` });
  const [eventTypeName, otherEventTypeName] = [`${topic}.paid`, `${topic}.refunded`];
  for (const name of [eventTypeName, otherEventTypeName]) {
    await client.createEventType({
      name,
      description: `Description ${mark}`,
      schema: { type: 'object', required: ['note'] },
      example: { note: `example ${mark}` },
    });
  }
  const { webhook } = await client.createWebhook({
    name: `Webhook ${mark}`,
    url: `${receiver.url}/${mark}`,
    events: [`${topic}.*`],
    headers: { 'X-Credential': `header-${mark}` },
    retry: { schedule: [60] },
  });
  receiver.respond((_request, nth) => ({
    status: nth % 2 === 1 ? 503 : 200,
    body: `answer ${mark}`,
    headers: { 'x-answer': mark },
  }));
  const { connection, url } = await client.startConnection({
    connector: 'acme',
    authMethod: 'consent',
    name: `Connection ${mark}`,
    endUser: `End user ${mark}`,
    client: { clientId: 'client', clientSecret: `client-secret-${mark}` },
  });
  // A browser starts the consent, so that the connection stores its hash.
  const begun = { method: 'POST', redirect: 'manual', headers: { origin: hub.url } } as const;
  if ((await fetch(url, begun)).status !== 303)
    throw new Error('The browser could not start the consent.');
  await client.installExtension({
    connector: 'acme',
    client: { clientId: `client ${mark}`, clientSecret: `client-secret-${mark}` },
  });
  const { integrationId, executionId } = await callThrough(hub, owner, mark);
  const apiKeyId = await makeKey(hub, owner, mark);
  const oauth = await makeApp(hub, owner, mark);
  const { invitation } = await client.inviteOrganizationMember({
    email: `${mark}@example.com`,
    role: 'viewer',
  });
  await client.setDefaultOrganization({ organizationId: organization.id });
  const idempotencyKey = `${topic}-1-paid`;
  const data = { note: `data ${mark}` };
  const { eventId } = await client.publishEvent({ type: eventTypeName, data, idempotencyKey });
  await hub.drain();
  hub.clock.advance(73_000);
  await hub.drain();
  await client.updateWebhook({ webhookId: webhook.id, status: 'paused' });
  await client.publishEvent({ type: eventTypeName, data });
  const { items } = await client.getWebhookDeliveries({ eventId });
  const [delivery] = items;
  if (delivery?.attempts !== 2) throw new Error('The delivery should have two attempts.');
  return {
    organizationId: organization.id,
    webhookId: webhook.id,
    eventId,
    connectionId: connection.id,
    integrationId,
    executionId,
    apiKeyId,
    ...oauth,
    deliveryId: delivery.id,
    invitationId: invitation.id,
    eventTypeName,
    otherEventTypeName,
    idempotencyKey,
  };
}

/** Creates a key, rotates it and uses it. */
async function makeKey(hub: TestHub, owner: TestUser, mark: string): Promise<string> {
  const client = hub.as(owner);
  const { apiKey } = await client.createApiKey({
    name: `Key ${mark}`,
    scopes: ['webhooks:read'],
    metadata: { mark },
  });
  const { key } = await client.rotateApiKey({ apiKeyId: apiKey.id });
  await hub.call('getWebhooks', {}, { headers: { 'x-api-key': key } });
  await hub.app.services.apiKeys.flush();
  return apiKey.id;
}

/** Creates an app with two secrets, the approval of a user, and a token. */
async function makeApp(hub: TestHub, owner: TestUser, mark: string) {
  const client = hub.as(owner);
  const { oauthApp } = await client.createOAuthApp({
    name: `App ${mark}`,
    scopes: ['webhooks:read'],
    branding: { text: mark },
    redirectUris: [`https://${mark}.example.com/`],
    grants: ['authorizationCode', 'clientCredentials'],
  });
  const oauthAppId = oauthApp.id;
  const { clientSecret } = await client.regenerateOAuthSecret({ oauthAppId });
  const response = await fetch(`${hub.url}/hub/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'webhooks:read',
      client_id: oauthAppId,
      client_secret: clientSecret,
    }),
  });
  if (response.status !== 200) throw new Error('The app did not get a token.');
  const { items } = await client.getOrganizations();
  const organizationId = items[0]?.id ?? '';
  const of = { appId: oauthAppId, userId: owner.id, organizationId };
  return { oauthAppId, oauthGrantId: await storeGrant(hub, of) };
}

/** Creates an integration with a completed call, whose bodies are kept, and a waiting call. */
async function callThrough(hub: TestHub, owner: TestUser, mark: string) {
  const client = hub.as(owner);
  const { connection } = await client.createConnection({
    connector: 'acme',
    authMethod: 'key',
    name: `Key ${mark}`,
    credential: { token: KEY },
  });
  const { integration } = await client.createIntegration({
    name: `Integration ${mark}`,
    connector: 'acme',
    connectionId: connection.id,
    tags: [mark],
    headers: { 'X-Own': `header-${mark}` },
    data: { keepBodies: 'all' },
    limits: {
      rules: [{ strategy: 'fixedWindow', calls: 1, perSeconds: 31_536_000 }],
      whenReached: 'queue',
    },
  });
  const integrationId = integration.id;
  const call = (name: string) =>
    client.executeIntegration({ integrationId, action: 'createThing', input: { name } });
  const { executionId } = await call(mark);
  await call(mark);
  return { integrationId, executionId };
}

async function rowsOfOrganization(
  hub: TestHub,
  className: string,
  ids: Ids,
): Promise<readonly Json[]> {
  const [rows] = await batch(hub, [queryOf(className, ids)]);
  if (rows.length === 0) throw new Error(`A has no row of ${className}.`);
  return rows;
}

interface Query {
  readonly path: string;
  readonly where: Json;
  readonly order: string;
}

const queryOf = (className: string, ids: Ids): Query => ({
  path: `/classes/${className}`,
  where: rowsOfWhere(className, ids),
  order: 'objectId',
});

/** Returns the rows that each query finds with the master key. One request, because a comparison reads every class. */
async function batch(hub: TestHub, queries: readonly Query[]): Promise<Json[]> {
  const requests = queries.map(({ path, where, order }) => ({
    method: 'GET',
    path: `/parse${path}`,
    body: { where, order, limit: 1000 },
  }));
  const { body } = await hub.rest('POST', '/batch', master, { requests });
  return body.map(({ success }: Json) => success.results);
}

/** Returns the condition for rows of a class that belong to an organization. */
export function rowsOfWhere(
  className: string,
  { organizationId, webhookId, integrationId, oauthAppId }: Ids,
): Json {
  if (className === 'Organization') return { objectId: organizationId };
  // Belongs to no organization; outsiders must not change it either.
  if (className === 'EncryptionKey') return {};
  if (className === 'OAuthRecord') return { app: oauthAppId };
  if (className === 'UsageMeter') return { key: `integration:${integrationId}` };
  if (className === 'AuditChain') return { key: `organization:${organizationId}` };
  if (className === 'HubLane') return { key: { $in: [organizationId, webhookId] } };
  return { organization: pointerTo('Organization', organizationId) };
}

async function rolesOf(hub: TestHub, organizationId: string): Promise<Json> {
  const ofOrganization = { name: { $regex: `^org_${organizationId}_` } };
  const [roles] = await batch(hub, [{ path: '/roles', where: ofOrganization, order: 'name' }]);
  const users = await batch(
    hub,
    roles.map(({ objectId }: Json) => ({
      path: '/users',
      where: { $relatedTo: { object: pointerTo('_Role', objectId), key: 'users' } },
      order: 'objectId',
    })),
  );
  return roles.map((role: Json, nth: number) => ({
    ...role,
    users: users[nth].map(({ objectId }: Json) => objectId),
  }));
}

/** Returns a value as text that does not depend on the order of keys. */
export function canonical(value: Json): string {
  const sorted = (_key: string, member: Json): Json =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member;
  return JSON.stringify(value, sorted, 1);
}

export function pointerTo(className: string, objectId: string) {
  return { __type: 'Pointer', className, objectId } as const;
}

/**
 * Returns the callers that try the `nth` of many cases: two of the given ones in `npm test`, in turns, so that every caller
 * takes part; all of them in the long form.
 */
export function callersFor<T>(callers: readonly T[], nth: number): readonly T[] {
  if (isLong) return callers;
  return callers.filter((_, at) => [nth, nth + 1].some((each) => each % callers.length === at));
}

/** Classes whose rows the members of their organization may read through Parse. */
export const readable: readonly ClassSpec[] = schemas.filter(({ read }) => read === 'acl');
