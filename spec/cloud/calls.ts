import type { Client } from '../../cloud/manifest.js';
import { CODE, KEY, type Provider } from '../connections/provider.js';
import { storeGrant } from '../oauth/grant.js';
import { type Json, master, type TestHub, type TestUser } from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { addMember, startTeam, type Team } from './team.js';

const CLIENT = { clientId: 'client', clientSecret: 'secret' };

/** The rows that the calls name: one of each kind that a function takes. */
export interface Subjects {
  readonly team: Team;
  /** A user without an organization, until a call adds them to one. */
  readonly guest: TestUser;
  readonly webhookId: string;
  readonly eventId: string;
  /** A delivery that failed once and waits for its retry. */
  readonly deliveryId: string;
  readonly typeName: string;
  /** A connection to the provider. */
  readonly connectionId: string;
  /** An integration that uses the connection. */
  readonly integrationId: string;
  /** A call through the integration. */
  readonly executionId: string;
  readonly apiKeyId: string;
  readonly oauthAppId: string;
  readonly provider: Provider;
  readonly receiver: Receiver;
}

export async function startSubjects(hub: TestHub, provider: Provider): Promise<Subjects> {
  const [team, guest, receiver] = await Promise.all([
    startTeam(hub),
    hub.signUp(),
    startReceiver(),
  ]);
  receiver.respond({ status: 503 });
  const { organizationId, owner } = team;
  const client = hub.as(owner);
  const { webhook } = await client.createWebhook({
    organizationId,
    name: 'subject',
    url: receiver.url,
    events: ['subject.*'],
    retry: { schedule: [3600] },
  });
  const typeName = 'subject.made';
  await client.createEventType({ organizationId, name: typeName });
  const { eventId } = await client.publishEvent({ organizationId, type: typeName, data: {} });
  await hub.app.services.deliverDue();
  const { items } = await client.getWebhookDeliveries({ organizationId, eventId });
  const deliveryId = items[0]?.id ?? '';
  const { connection } = await client.createConnection({
    organizationId,
    connector: 'acme',
    authMethod: 'key',
    name: 'subject',
    credential: { token: KEY },
  });
  const { integration } = await client.createIntegration({
    organizationId,
    name: 'subject',
    connector: 'acme',
    connectionId: connection.id,
    allowProxy: true,
  });
  const { executionId } = await client.executeIntegration({
    organizationId,
    integrationId: integration.id,
    action: 'getMe',
  });
  const { apiKey } = await client.createApiKey({
    organizationId,
    name: 'subject',
    scopes: ['webhooks:read'],
  });
  const { oauthApp } = await client.createOAuthApp({
    organizationId,
    name: 'subject',
    scopes: ['webhooks:read'],
    redirectUris: ['https://app.example.com/callback'],
  });
  return {
    apiKeyId: apiKey.id,
    oauthAppId: oauthApp.id,
    team,
    guest,
    webhookId: webhook.id,
    eventId,
    deliveryId,
    typeName,
    receiver,
    provider,
    connectionId: connection.id,
    integrationId: integration.id,
    executionId,
  };
}

/**
 * Returns, for each function, parameters with which it succeeds for each permitted caller. They are new for each call
 * and have no `organizationId`. A new function needs a line here.
 */
export function callsFor(
  hub: TestHub,
  subjects: Subjects,
): { readonly [Name in keyof Client]: () => Promise<Record<string, unknown>> } {
  const { team, guest, webhookId, eventId, deliveryId, typeName, connectionId } = subjects;
  const { integrationId, executionId, apiKeyId, oauthAppId } = subjects;
  const { organizationId, owner, admin, developer, viewer, outsider } = team;
  let made = 0;
  const always = (params: Record<string, unknown>) => () => Promise.resolve(params);
  const asMaster = (name: string, params: object) =>
    hub.call(name, { organizationId, ...params }, master);
  const join = () => asMaster('addOrganizationMember', { userId: guest.id, role: 'viewer' });
  /** An organization of its own, to which each user of the team belongs. */
  const elsewhere = async (): Promise<string> => {
    const request = { name: 'Elsewhere', ownerId: guest.id };
    const { id } = (await hub.call('createOrganization', request, master)).body.result.organization;
    for (const user of [owner, admin, developer, viewer, outsider])
      await addMember(hub, { organizationId: id, userId: user.id, role: 'viewer' });
    return id;
  };
  const invite = async (to: string): Promise<Json> => {
    const request = { email: `invited${String(made++)}@example.com`, role: 'viewer' };
    return (await asMaster('inviteOrganizationMember', { organizationId: to, ...request })).body
      .result;
  };
  const invitedElsewhere = async () => {
    const request = { name: 'Elsewhere', ownerId: guest.id };
    const { id } = (await hub.call('createOrganization', request, master)).body.result.organization;
    return { token: new URL((await invite(id)).link).searchParams.get('invitation') };
  };
  const byKey = { connector: 'acme', authMethod: 'key', name: 'made', credential: { token: KEY } };
  const byConsent = {
    connector: 'acme',
    authMethod: 'consent',
    name: 'made',
    client: CLIENT,
    browser: false,
  };
  const connectedAnew = async () =>
    (await asMaster('createConnection', byKey)).body.result.connection.id as string;
  const integration = { name: 'made', connector: 'acme' };
  const integratedAnew = async () =>
    (await asMaster('createIntegration', integration)).body.result.integration.id as string;
  const apiKey = { name: 'made', scopes: ['webhooks:read'] };
  const keyedAnew = async (): Promise<Json> =>
    (await asMaster('createApiKey', { ...apiKey, ownerId: team.owner.id })).body.result;
  const oauthApp = {
    name: 'made',
    scopes: ['webhooks:read'],
    redirectUris: ['https://app.example.com/callback'],
  };
  const webhook = { name: 'made', url: 'http://127.0.0.1:9/', events: ['nothing.*'] };

  return {
    createOrganization: always({ name: 'Made' }),
    getOrganizations: always({}),
    updateOrganization: always({ name: 'Acme' }),
    async addOrganizationMember() {
      const { id: userId } = await hub.signUp();
      return { organizationId, userId, role: 'viewer' };
    },
    async setOrganizationMemberRole() {
      await join();
      return { userId: guest.id, role: 'developer' };
    },
    async removeOrganizationMember() {
      await join();
      return { userId: guest.id };
    },
    getOrganizationMembers: always({}),
    inviteOrganizationMember: () =>
      Promise.resolve({ email: `invited${String(made++)}@example.com`, role: 'viewer' }),
    getOrganizationInvitations: always({}),
    async revokeOrganizationInvitation() {
      return { invitationId: (await invite(organizationId)).invitation.id };
    },
    acceptOrganizationInvitation: invitedElsewhere,
    declineOrganizationInvitation: invitedElsewhere,
    async leaveOrganization() {
      return { organizationId: await elsewhere() };
    },
    transferOrganizationOwnership: always({ userId: owner.id }),
    async deleteOrganization() {
      const { organization } = await hub.as(owner).createOrganization({ name: 'Made' });
      return { organizationId: organization.id, confirmName: 'Made' };
    },
    async setDefaultOrganization() {
      return { organizationId: await elsewhere() };
    },
    createWebhook: always(webhook),
    getWebhooks: always({}),
    getWebhook: always({ webhookId }),
    updateWebhook: always({ webhookId, name: 'subject' }),
    async deleteWebhook() {
      const { body } = await asMaster('createWebhook', webhook);
      return { webhookId: body.result.webhook.id };
    },
    testWebhook: always({ webhookId }),
    rotateWebhookSecret: always({ webhookId }),
    publishEvent: always({ type: typeName, data: { n: 1 } }),
    publishEvents: always({ events: [{ type: typeName, data: { n: 1 } }] }),
    getEvents: always({}),
    getEvent: always({ eventId }),
    getWebhookDeliveries: always({}),
    getWebhookDelivery: always({ deliveryId }),
    async retryWebhookDelivery() {
      // The retry before this one is due: its attempt comes first.
      await hub.app.services.deliverDue();
      return { deliveryId };
    },
    createEventType: () => Promise.resolve({ name: `made.no${++made}` }),
    getEventTypes: always({}),
    updateEventType: always({ name: typeName, description: 'A subject was made.' }),
    async archiveEventType() {
      const name = `made.no${++made}`;
      await asMaster('createEventType', { name });
      return { name };
    },
    getConnectors: always({}),
    getConnector: always({ connector: 'slack' }),
    async installExtension() {
      await asMaster('uninstallExtension', { connector: 'resend', force: true });
      return { connector: 'resend' };
    },
    async configureExtension() {
      await asMaster('installExtension', { connector: 'github' });
      return { connector: 'github', version: '1.0.0' };
    },
    async uninstallExtension() {
      await asMaster('installExtension', { connector: 'openai' });
      return { connector: 'openai' };
    },
    getExtensions: always({}),
    createConnection: always(byKey),
    startConnection: always(byConsent),
    async finishConnection() {
      const { body } = await asMaster('startConnection', byConsent);
      const state = new URL(body.result.url as string).searchParams.get('state');
      return { state, code: CODE };
    },
    reconnectConnection: always({ connectionId, credential: { token: KEY } }),
    getConnections: always({}),
    updateConnection: always({ connectionId, name: 'subject' }),
    testConnection: always({ connectionId }),
    testConnections: always({ connectionIds: [connectionId] }),
    validateCredentials: always({
      connector: 'acme',
      authMethod: 'key',
      credential: { token: KEY },
    }),
    disconnectConnection: async () => ({ connectionId: await connectedAnew() }),
    disconnectConnections: async () => ({ connectionIds: [await connectedAnew()] }),
    createIntegration: always(integration),
    getIntegrations: always({}),
    getIntegration: always({ integrationId }),
    updateIntegration: always({ integrationId, name: 'subject' }),
    deleteIntegration: async () => ({ integrationId: await integratedAnew() }),
    connectIntegration: always({ integrationId, connectionId }),
    disconnectIntegration: async () => ({ integrationId: await integratedAnew() }),
    setIntegrationStatus: always({ integrationId, status: 'active' }),
    setIntegrationStatuses: always({ integrationIds: [integrationId], status: 'active' }),
    checkAccessControl: always({ integrationId, permission: 'integrations:execute' }),
    executeIntegration: always({ integrationId, action: 'getMe' }),
    proxyRequest: always({ integrationId, path: '/me' }),
    explainExecution: always({ integrationId, action: 'getMe' }),
    getIntegrationExecutions: always({}),
    getIntegrationExecution: always({ executionId }),
    getIntegrationStatistics: always({ integrationId }),
    checkRateLimit: always({ integrationId }),
    createApiKey: always(apiKey),
    getApiKeys: always({}),
    getApiKey: always({ apiKeyId }),
    updateApiKey: always({ apiKeyId, name: 'subject' }),
    rotateApiKey: always({ apiKeyId }),
    revokeApiKey: async () => ({ apiKeyId: (await keyedAnew()).apiKey.id }),
    // The viewer has no keys. Other calls need the keys of other members.
    revokeApiKeys: always({ ownerId: team.viewer.id }),
    verifyApiKey: async () => ({ key: (await keyedAnew()).key }),
    getApiKeyUsage: always({ apiKeyId }),
    createOAuthApp: always(oauthApp),
    getOAuthApps: always({}),
    getOAuthApp: always({ oauthAppId }),
    updateOAuthApp: always({ oauthAppId, name: 'subject' }),
    regenerateOAuthSecret: always({ oauthAppId }),
    async deleteOAuthApp() {
      const request = { ...oauthApp, ownerId: team.owner.id };
      const { body } = await asMaster('createOAuthApp', request);
      return { oauthAppId: body.result.oauthApp.id };
    },
    getOAuthScopes: always({}),
    getOAuthGrants: always({}),
    async revokeOAuthGrant() {
      const of = { appId: oauthAppId, userId: team.owner.id, organizationId };
      return { oauthGrantId: await storeGrant(hub, of) };
    },
    explainOAuthConsent: always({ oauthAppId }),
    getEncryptionStatus: always({}),
    async rotateEncryptionKey() {
      const { body } = await hub.call('getEncryptionStatus', {}, master);
      const active = body.result.keys.find(({ state }: Json) => state === 'active');
      // Only staged, so that it can be called any number of times.
      return { activeKeyId: active.id, stage: true };
    },
    getAuditLog: always({}),
    verifyAuditLog: always({}),
    exportAuditLog: always({}),
    getHubAuditLog: always({}),
    verifyHubAuditLog: always({}),
  };
}
