import { z } from 'zod';

import { manifest } from '../../cloud/manifest.js';
import type { Services } from '../../src/app/services.js';
import { type AnyFunction, commonErrors, notSignedIn } from '../../src/contract/index.js';
import { type Json, readOnlyMaster, type TestHub } from '../support/hub.js';
import { type Ids, MARK, startWorld, type World } from './world.js';

const functions: readonly AnyFunction<Services>[] = manifest;

/** Returns the value with which a parameter points at a row of A. */
type Pointing = (world: World) => string | readonly string[] | object | undefined;
const POINTS_AT: Readonly<Record<string, Pointing>> = {
  organizationId: ({ a }) => a.organizationId,
  webhookId: ({ a }) => a.webhookId,
  eventId: ({ a }) => a.eventId,
  deliveryId: ({ a }) => a.deliveryId,
  connectionId: ({ a }) => a.connectionId,
  connectionIds: ({ a }) => [a.connectionId],
  integrationId: ({ a }) => a.integrationId,
  integrationIds: ({ a }) => [a.integrationId],
  executionId: ({ a }) => a.executionId,
  apiKeyId: ({ a }) => a.apiKeyId,
  oauthAppId: ({ a }) => a.oauthAppId,
  oauthGrantId: ({ a }) => a.oauthGrantId,
  accessControl: ({ a, members }) => ({
    kind: 'listed',
    members: [members.viewer.id],
    apiKeys: [a.apiKeyId],
    oauthApps: [a.oauthAppId],
  }),
  invitationId: ({ a }) => a.invitationId,
  tag: () => MARK,
  endUser: () => `End user ${MARK}`,
  userId: ({ members }) => members.viewer.id,
  ownerId: ({ members }) => members.owner.id,
  idempotencyKey: ({ a }) => a.idempotencyKey,
  type: ({ a }) => a.eventTypeName,
  actor: ({ members }) => members.owner.id,
  rowId: ({ a }) => a.webhookId,
};
/** Functions in which a parameter has another meaning: for event types `name` is the key, elsewhere only a label. */
const POINTS_AT_IN: Readonly<Record<string, Readonly<Record<string, Pointing>>>> = {
  // The user whom the master key acts for.
  acceptOrganizationInvitation: { userId: () => undefined },
  declineOrganizationInvitation: { userId: () => undefined },
  getOrganizationInvitations: { userId: () => undefined },
  leaveOrganization: { userId: () => undefined },
  setDefaultOrganization: { userId: () => undefined },
  transferOrganizationOwnership: { ownerId: () => undefined },
  getIntegrations: { type: () => 'messaging' },
  createIntegration: { type: () => 'messaging' },
  createEventType: { name: ({ a }) => a.otherEventTypeName },
  updateEventType: { name: ({ a }) => a.eventTypeName },
  archiveEventType: { name: ({ a }) => a.eventTypeName },
};

/** Parameters that name no row. They keep the value of the function's example, or are omitted. */
const HARMLESS = new Set([
  ...['username', 'email', 'role', 'limit', 'url', 'events', 'status', 'headers', 'retry'],
  ...['timeoutSeconds', 'legacySignatureHeader', 'signature', 'secret', 'overlapHours', 'data'],
  ...[
    ...[
      'credential',
      'fields',
      'authMethod',
      'scopes',
      'returnUrl',
      'client',
      'clientId',
      'clientSecret',
    ],
    ...['browser', 'code', 'error', 'errorDescription'],
    ...[
      'version',
      'force',
      'protocol',
      'tags',
      'timeoutMs',
      'request',
      'response',
      'errors',
      'limits',
    ],
    ...[
      'quota',
      'cache',
      'actions',
      'allowProxy',
      'breaker',
      'connectorVersion',
      'action',
      'input',
    ],
    ...['method', 'path', 'server', 'query', 'body', 'hours'],
    ...['function', 'outcome', 'from', 'to', 'after', 'seq', 'hash'],
    ...['environment', 'expiresAt', 'addresses', 'origins', 'metadata', 'graceHours', 'days'],
    ...['key', 'permission', 'address', 'origin'],
    // Within accessControl, which names rows of A.
    ...['kind', 'roles', 'members', 'apiKeys', 'oauthApps'],
    ...['authMethod', 'redirectUris', 'grants', 'jwks', 'tokenFormat', 'branding', 'isEnabled'],
    ...['applicationType', 'privateUseSchemes', 'postLogoutRedirectUris', 'isVerified'],
    ...['accessTokenSeconds', 'refreshTokenDays', 'grantDays'],
    ...['rotatesRefreshTokens', 'refreshGraceSeconds'],
    'activeKeyId',
    'category',
    'search',
    'connector',
    'stage',
    'state',
    'archived',
    'description',
    'schema',
    'schemas',
    'example',
    'name',
    'cursor',
    'requestId',
    ...['token', 'dryRun', 'confirmName', 'keepRole', 'expiresInDays'],
  ],
]);

/** Functions that may succeed for an outsider who names rows of A while acting in their own organization. */
const OWN_AFFAIR: Readonly<Record<string, string>> = {
  createOrganization: 'creates a new one',
  getOrganizations: 'lists their own',
  updateOrganization: 'renames their own',
  getOrganizationMembers: 'lists those of their own',
  inviteOrganizationMember: 'invites into their own',
  leaveOrganization: 'leaves their own',
  deleteOrganization: 'deletes their own',
  setDefaultOrganization: 'chooses their own',
  getOrganizationInvitations: 'lists those of their own, or to themselves',
  createWebhook: 'creates their own',
  getWebhooks: 'lists their own',
  publishEvent: 'types and idempotency keys are each organization’s own',
  publishEvents: 'as publishEvent',
  getEvents: 'lists their own',
  getWebhookDeliveries: 'filters their own, so that nothing is left',
  createEventType: 'names are each organization’s own',
  getEventTypes: 'lists their own',
  getConnectors: 'the same for all organizations',
  createConnection: 'creates their own, or fails at a service that does not know them',
  startConnection: 'starts their own',
  finishConnection: 'a state is valid only for the organization that started',
  getConnections: 'lists their own',
  getConnector: 'the same for all organizations',
  installExtension: 'each organization installs its own',
  configureExtension: 'each organization has its own for a connector',
  uninstallExtension: 'each organization has its own for a connector',
  getExtensions: 'lists their own',
  validateCredentials: 'stores nothing',
  createIntegration: 'creates their own',
  getIntegrations: 'lists their own',
  getIntegrationExecutions: 'lists their own',
  getAuditLog: 'lists their own',
  verifyAuditLog: 'checks their own',
  exportAuditLog: 'returns their own',
  createApiKey: 'creates their own',
  getApiKeys: 'lists their own',
  createOAuthApp: 'creates their own',
  getOAuthApps: 'lists their own',
  getOAuthScopes: 'the same for all organizations',
  getOAuthGrants: 'lists their own',
  revokeApiKeys: 'revokes keys of their own organization, regardless of the owner',
};

/** Functions that return ids that an outsider has passed before, in their own organization. */
const ECHOES_PARAMS = new Set(['getAuditLog', 'exportAuditLog']);

describe('every function of the manifest', () => {
  let world: World;
  let hub: TestHub;
  let before: string;
  beforeAll(async () => {
    world = await startWorld();
    ({ hub } = world);
    before = await world.stored();
  });
  afterAll(() => world.stop());

  it('has only parameters that are listed in this spec', () => {
    const known = new Set([...Object.keys(POINTS_AT), ...HARMLESS]);
    const unknown = functions.flatMap((spec) =>
      parameterNames(spec.params as z.ZodType)
        .filter((name) => !known.has(name))
        .map((name) => `${spec.name}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });

  describe.each(functions.map((spec) => [spec.name, spec] as const))('%s', (name, spec) => {
    it('gives outsiders nothing and changes nothing', async () => {
      if (spec.access.kind === 'master') await refusesAllButTheMasterKey(spec);
      else {
        await refusesOutsidersWhoNameA(spec);
        await findsNothingOfAElsewhere(spec);
        await refusesUsersWithoutOrganization(spec);
      }
      await allowsTheReadOnlyMasterKeyToRead(spec);
      expect(await world.stored()).toBe(before);
    });

    async function refusesAllButTheMasterKey(spec: AnyFunction<Services>): Promise<void> {
      const params = paramsOfA(spec, world, undefined);
      const members = Object.values(world.members).map(({ sessionToken }) => ({ sessionToken }));
      for (const as of [...members, ...world.outsiders.map(([, caller]) => caller)]) {
        const { body } = await hub.call(name, params, as);
        expect(kindOf(spec, body)).toBe(as.sessionToken ? 'MasterKeyRequired' : 'NotSignedIn');
      }
    }

    async function refusesOutsidersWhoNameA(spec: AnyFunction<Services>): Promise<void> {
      if (!hasParameter(spec, 'organizationId')) return;
      for (const [who, as] of world.outsiders) {
        const response = await hub.call(name, paramsOfA(spec, world, world.a.organizationId), as);
        const error = as.sessionToken
          ? commonErrors.OrganizationNotFound()
          : notSignedIn(spec.access);
        expect([who, response]).toEqual([who, refusal(error)]);
      }
    }

    async function findsNothingOfAElsewhere(spec: AnyFunction<Services>): Promise<void> {
      for (const organizationId of [world.b.organizationId, undefined]) {
        const params = paramsOfA(spec, world, organizationId);
        const { body } = await hub.call(name, params, {
          sessionToken: world.otherOwner.sessionToken,
        });
        const text = JSON.stringify(withoutEcho(body, params));
        const ids = ECHOES_PARAMS.has(name) ? [] : idsOf(world.a);
        for (const mark of [MARK, ...ids]) expect(text).not.toContain(mark);
        if (!(name in OWN_AFFAIR)) expect(kindOf(spec, body)).toMatch(/NotFound$|NotValid$/);
      }
    }

    async function refusesUsersWithoutOrganization(spec: AnyFunction<Services>): Promise<void> {
      const params = paramsOfA(spec, world, undefined);
      expect(await hub.call(name, params)).toEqual(refusal(notSignedIn(spec.access)));
      const { body } = await hub.call(name, params, { sessionToken: world.loner.sessionToken });
      const expected: Readonly<Record<string, string>> = {
        createOrganization: 'MasterKeyRequired',
        getOrganizations: 'nothing',
        getOAuthGrants: 'nothing',
        getOrganizationInvitations: 'nothing',
        acceptOrganizationInvitation: 'InvitationNotValid',
        declineOrganizationInvitation: 'InvitationNotValid',
        leaveOrganization: 'InvalidParameters',
        deleteOrganization: 'InvalidParameters',
        setDefaultOrganization: 'InvalidParameters',
        revokeOAuthGrant: 'OAuthGrantNotFound',
      };
      if (name === 'getOAuthScopes') return;
      expect(kindOf(spec, body)).toBe(expected[name] ?? 'OrganizationRequired');
    }

    async function allowsTheReadOnlyMasterKeyToRead(spec: AnyFunction<Services>): Promise<void> {
      const params = paramsOfA(spec, world, world.a.organizationId);
      const { body } = await hub.call(name, params, readOnlyMaster);
      if (spec.reads) expect(body).toHaveProperty('result');
      else expect(body.code).toBe(commonErrors.ReadOnlyCaller.spec.code);
    }
  });

  it('treats a cursor of A’s lists as a position, not as a permission', async () => {
    const mine = { sessionToken: world.members.owner.sessionToken };
    const theirs = { sessionToken: world.otherOwner.sessionToken };
    // Functions with a cursor of a service’s list are tested in spec/executions.
    const lists = functions.filter(
      (spec) => hasParameter(spec, 'limit') && spec.access.kind !== 'master',
    );
    expect(lists.length).toBeGreaterThan(4);
    for (const { name } of lists) {
      const first = await hub.call(name, { limit: 1 }, mine);
      const cursor = first.body.result.nextCursor ?? cursorOfA(name, world);
      const { body } = await hub.call(name, { cursor }, theirs);
      expect(JSON.stringify(body)).not.toContain(MARK);
      expect(body.result.items).toBeInstanceOf(Array);
    }
    expect(await world.stored()).toBe(before);
  });
});

/** Returns the cursor of the second page of a list of which A has only one row. */
function cursorOfA(list: string, { a }: World): string {
  const classOf: Readonly<Record<string, string>> = {
    getOrganizations: 'Organization',
    getOrganizationInvitations: 'OrganizationInvitation',
    getWebhooks: 'Webhook',
    getEventTypes: 'WebhookEventType',
    getConnections: 'ServiceConnection',
    getExtensions: 'Extension',
    getIntegrations: 'Integration',
    getIntegrationExecutions: 'IntegrationExecution',
    getApiKeys: 'APIKey',
    getOAuthApps: 'OAuthApp',
    getOAuthGrants: 'OAuthGrant',
  };
  const position = [classOf[list], Date.now() + 3_600_000, a.webhookId];
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** Returns the parameters of a function's example, with each id replaced by one of A. */
function paramsOfA(
  spec: AnyFunction<Services>,
  world: World,
  organizationId: string | undefined,
): Record<string, unknown> {
  const point = (schema: z.ZodType, given: unknown): unknown => {
    const inner = unwrapped(schema);
    if (given === null) return null;
    if (given === undefined && !(inner instanceof z.ZodObject)) return undefined;
    if (inner instanceof z.ZodArray) {
      return (given as unknown[]).map((item) => point(inner.element as z.ZodType, item));
    }
    if (!(inner instanceof z.ZodObject)) return given;
    const entries = Object.entries(inner.shape as Record<string, z.ZodType>).map(
      ([key, member]) => [
        key,
        pointing(spec.name, key)?.(world) ??
          point(member, (given as Record<string, unknown> | undefined)?.[key]),
      ],
    );
    const pointed = entries.filter(([, value]) => value !== undefined);
    return given === undefined && pointed.length === 0 ? undefined : Object.fromEntries(pointed);
  };
  const params = point(spec.params as z.ZodType, spec.example.params);
  const { organizationId: _a, email: _b, ...rest } = params as Record<string, unknown>;
  return {
    ...rest,
    ...(hasParameter(spec, 'organizationId') && organizationId !== undefined && { organizationId }),
  };
}

function pointing(functionName: string, parameter: string): Pointing | undefined {
  return POINTS_AT_IN[functionName]?.[parameter] ?? POINTS_AT[parameter];
}

function hasParameter({ params }: AnyFunction<Services>, name: string): boolean {
  return name in (params as z.ZodObject).shape;
}

/** Parameters whose members are not listed, because they are settings. */
const SETTINGS = new Set([
  ...['retry', 'request', 'response', 'errors', 'limits', 'quota', 'cache', 'breaker', 'data'],
  ...['body', 'branding', 'jwks'],
]);

/** Returns the names of all parameters, including those within objects and lists. */
function parameterNames(schema: z.ZodType): string[] {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) return parameterNames(inner.element as z.ZodType);
  if (inner instanceof z.ZodUnion) {
    return (inner.options as z.ZodType[]).flatMap((option) => parameterNames(option));
  }
  if (!(inner instanceof z.ZodObject)) return [];
  return Object.entries(inner.shape as Record<string, z.ZodType>).flatMap(([key, member]) => [
    key,
    ...(SETTINGS.has(key) ? [] : parameterNames(member)),
  ]);
}

function unwrapped(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault
  ) {
    return unwrapped(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodPipe ? unwrapped(schema.in as z.ZodType) : schema;
}

function idsOf(ids: Ids): string[] {
  return [
    ...[ids.organizationId, ids.webhookId, ids.eventId, ids.deliveryId, ids.connectionId],
    ...[ids.integrationId, ids.executionId, ids.apiKeyId, ids.oauthAppId, ids.oauthGrantId],
    ids.invitationId,
  ];
}

function refusal(error: { spec: { code: number }; message: string }) {
  return { status: 400, body: { code: error.spec.code, error: error.message } };
}

/**
 * Returns the name of the error in a response, or `nothing` for a list without items. For a batch, returns the error of its
 * item, which the function for one item declares.
 */
function kindOf(spec: AnyFunction<Services>, body: Json): string | undefined {
  if (body.result?.items?.length === 0) return 'nothing';
  const [item] = body.result?.results ?? [];
  const declaring = item?.error ? functions : [spec];
  const declared: Readonly<Record<string, { spec: { code: number } }>> = Object.assign(
    { ...commonErrors },
    ...declaring.map(({ errors }) => errors as object),
  );
  const code: unknown = item?.error?.code ?? body.code;
  return Object.keys(declared).find((kind) => declared[kind]?.spec.code === code);
}

/** Removes values that the caller has sent, which reveal nothing to them. */
function withoutEcho(body: Json, params: Readonly<Record<string, unknown>>): Json {
  const sent = new Set<unknown>();
  JSON.stringify(params, (_key, value: unknown) => {
    if (typeof value === 'string') sent.add(value);
    return value;
  });
  return JSON.parse(JSON.stringify(body), (_key, value: unknown) =>
    sent.has(value) ? '(as sent)' : value,
  );
}
