import {
  type AccessControl,
  accessControlErrors,
  type AccessDecision,
  type CheckAccessList,
  maySee,
  mayUse,
  visibleTo,
} from '../accessControl/index.js';
import type { Connections } from '../connections/index.js';
import type { Connectors } from '../connectors/index.js';
import type {
  ConnectorSpec,
  Membership,
  Page,
  PageRequest,
  Permission,
} from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { checkHeaders } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import { explainAccess } from './access.js';
import { integrationErrors } from './errors.js';
import { clearHeadersOf, type HeaderVault, withoutHeaders } from './headers.js';
import { type IntegrationSettings, integrationSettings, readSettings } from './settings.js';
import {
  type IntegrationChange,
  type IntegrationRow,
  INTEGRATIONS_MAX,
  type IntegrationStore,
} from './store.js';

export const INTEGRATION_TYPES = [
  'api',
  'webhook',
  'oauth',
  'database',
  'file_transfer',
  'messaging',
  'ai_service',
] as const;
export const PROTOCOLS = ['rest', 'graphql', 'soap', 'rpc', 'events'] as const;
export const INTEGRATION_STATUSES = ['active', 'inactive', 'maintenance', 'deprecated'] as const;
type IntegrationStatus = (typeof INTEGRATION_STATUSES)[number];

/** Settings as a caller passes them. Those that are absent get their default on creation, and stay as they are on updates. */
type GivenSettings = { readonly [K in keyof IntegrationSettings]?: unknown };

interface NewIntegration extends GivenSettings {
  readonly name: string;
  readonly description?: string | undefined;
  readonly type?: (typeof INTEGRATION_TYPES)[number] | undefined;
  readonly protocol?: (typeof PROTOCOLS)[number] | undefined;
  readonly connector: string;
  readonly connectionId?: string | undefined;
  readonly accessControl?: AccessControl | undefined;
  readonly tags?: readonly string[] | undefined;
}

interface IntegrationUpdate extends GivenSettings {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly accessControl?: AccessControl | undefined;
  /** Accepts the connector's current version, which must be this one. */
  readonly connectorVersion?: string | undefined;
}

interface IntegrationFilter {
  readonly status?: string | undefined;
  readonly connector?: string | undefined;
  readonly type?: string | undefined;
  readonly tag?: string | undefined;
}

export interface IntegrationAdmin {
  create(membership: Membership, request: NewIntegration): Promise<IntegrationRow>;
  /** Throws IntegrationNotFound, also when the caller may not see it. */
  get(membership: Membership, integrationId: string): Promise<IntegrationRow>;
  list(
    membership: Membership,
    filter: IntegrationFilter,
    request: PageRequest,
  ): Promise<Page<IntegrationRow>>;
  update(
    membership: Membership,
    integrationId: string,
    update: IntegrationUpdate,
  ): Promise<IntegrationRow>;
  setStatus(
    membership: Membership,
    integrationId: string,
    status: IntegrationStatus,
  ): Promise<IntegrationRow>;
  /** `undefined` removes the connection. Throws ConnectionNotFound, ConnectionAccessDenied or ConnectionNotFitting. */
  connect(
    membership: Membership,
    integrationId: string,
    connectionId: string | undefined,
  ): Promise<IntegrationRow>;
  remove(membership: Membership, integrationId: string): Promise<void>;
  /**
   * Returns whether a caller has a permission on an integration, and why. `userId`: another member. Throws
   * IntegrationNotFound, and PermissionDenied when the caller may not ask for others.
   */
  explainAccess(
    membership: Membership,
    integrationId: string,
    request: { readonly permission: Permission; readonly userId?: string | undefined },
  ): Promise<AccessDecision>;
  /** Encrypts the headers of up to a hundred rows that still have them in clear text. Returns how many it checked. */
  sealClearHeaders(): Promise<number>;
}

export interface IntegrationAdminDeps {
  readonly store: IntegrationStore;
  readonly connectors: Connectors;
  readonly connections: Pick<Connections, 'admin' | 'load'>;
  readonly headers: HeaderVault;
  readonly clock: Clock;
  readonly checkAccessList: CheckAccessList;
  readersOf(organizationId: string, accessList?: readonly string[]): readonly string[];
  /** Throws OrganizationNotFound when the user is no member. */
  membershipOfUser(organizationId: string, userId: string): Promise<Membership>;
  /** Gives the executions of an integration its new access list and readers. */
  shareExecutions(integration: IntegrationRow, readers: readonly string[]): Promise<void>;
}

export function createIntegrationAdmin(deps: IntegrationAdminDeps): IntegrationAdmin {
  const { store, connectors } = deps;

  async function get(membership: Membership, id: string): Promise<IntegrationRow> {
    const integration = await store.find(membership.organizationId, id);
    if (!integration || !maySee(membership, integration.accessList)) {
      throw integrationErrors.IntegrationNotFound();
    }
    return integration;
  }

  return {
    get,
    list: (membership, { status, connector, type, tag }, request) =>
      store.page(
        {
          organization: membership.organizationId,
          ...visibleTo(membership),
          ...(status !== undefined && { status }),
          ...(connector !== undefined && { connector }),
          ...(type !== undefined && { type }),
          ...(tag !== undefined && { tags: { $all: [tag] } }),
        },
        request,
      ),

    create: (membership, request) => create(deps, membership, request),
    update: async (membership, integrationId, update) =>
      applyUpdate(deps, await get(membership, integrationId), update),

    setStatus: async (membership, integrationId, status) =>
      changeRow(deps, await get(membership, integrationId), { status }),

    async connect(membership, integrationId, connectionId) {
      const row = await get(membership, integrationId);
      if (connectionId !== undefined) {
        const spec = connectors.get(row.connector);
        await checkFits(deps, membership, { spec, connectionId });
      }
      return changeRow(deps, row, { connection: connectionId });
    },

    async remove(membership, integrationId) {
      await store.remove(await get(membership, integrationId));
    },

    explainAccess: async (membership, integrationId, request) =>
      explainAccess(deps, {
        ...request,
        membership,
        integration: await get(membership, integrationId),
      }),

    async sealClearHeaders() {
      const found = await store.beforeHeaderNames(100);
      // A row that another request changes meanwhile is encrypted by that request.
      for (const row of found) await store.change(row, await clearHeadersChange(deps, row));
      return found.length;
    },
  };
}

/** Changes a row. Headers that it still has in clear text are encrypted by the same change. */
async function changeRow(
  deps: IntegrationAdminDeps,
  row: IntegrationRow,
  set: IntegrationChange,
  readers?: readonly string[],
): Promise<IntegrationRow> {
  const isOld = row.headerNames === undefined || clearHeadersOf(row) !== undefined;
  const sealed = isOld && !('settings' in set) ? await clearHeadersChange(deps, row) : {};
  const next = await deps.store.change(row, { ...sealed, ...set }, readers);
  if (!next) throw integrationErrors.IntegrationChanged();
  return next;
}

/** Returns the change that moves clear-text headers out of the settings. */
async function clearHeadersChange(
  { headers }: IntegrationAdminDeps,
  row: IntegrationRow,
): Promise<IntegrationChange> {
  const settings = withoutHeaders(readSettings(row.settings));
  return { settings, ...(await headers.seal(row, await headers.open(row))) };
}

async function create(
  deps: IntegrationAdminDeps,
  membership: Membership,
  request: NewIntegration,
): Promise<IntegrationRow> {
  const { store, connectors, clock } = deps;
  const { organizationId } = membership;
  const { name, description, connector, connectionId, accessControl, tags, ...other } = request;
  const { type, protocol, ...given } = other;
  const spec = connectors.get(connector);
  const settings = checkSettings(spec, integrationSettings.parse(given));
  if (connectionId !== undefined) await checkFits(deps, membership, { spec, connectionId });
  const accessList = await deps.checkAccessList(organizationId, accessControl);
  if ((await store.count(organizationId)) >= INTEGRATIONS_MAX) {
    throw integrationErrors.IntegrationLimitReached({ max: INTEGRATIONS_MAX });
  }
  const createdAt = clock.now();
  const identity = { id: newId(), organization: organizationId };
  const row = {
    ...identity,
    ...(await deps.headers.seal(identity, settings.headers)),
    name,
    description,
    connector,
    createdAt,
    connection: connectionId,
    connectorVersion: spec.version,
    type: type ?? typeOf(spec),
    protocol: protocol ?? (connector === 'graphql' ? 'graphql' : 'rest'),
    status: 'active',
    settings: withoutHeaders(settings),
    accessList,
    tags: tags ?? [],
    revision: 0,
  };
  await store.insert({ ...row, readers: deps.readersOf(organizationId, accessList) });
  return { ...row, updatedAt: createdAt };
}

/** Throws SettingsNotUsable, HeaderNotAllowed or AccessControlNotUsable. */
async function applyUpdate(
  deps: IntegrationAdminDeps,
  row: IntegrationRow,
  { name, description, tags, accessControl, connectorVersion, ...given }: IntegrationUpdate,
): Promise<IntegrationRow> {
  const spec = deps.connectors.get(row.connector);
  if (connectorVersion !== undefined && connectorVersion !== spec.version) {
    const problems = `the connector ${spec.key} is at version ${spec.version}`;
    throw integrationErrors.SettingsNotUsable({ problems });
  }
  const merged = { ...readSettings(row.settings), ...withoutNull(given) };
  const settings = checkSettings(spec, integrationSettings.parse(merged));
  const keepsHeaders = given.headers === undefined && clearHeadersOf(row) === undefined;
  const change: IntegrationChange = {
    settings: withoutHeaders(settings),
    ...(keepsHeaders
      ? { headerNames: row.headerNames ?? [] }
      : await deps.headers.seal(row, settings.headers)),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(connectorVersion !== undefined && { connectorVersion }),
  };
  return accessControl === undefined
    ? changeRow(deps, row, change)
    : changeAccess(deps, row, { accessControl, change });
}

/** Changes who may use an integration, read its row, and see its executions. */
async function changeAccess(
  deps: IntegrationAdminDeps,
  row: IntegrationRow,
  { accessControl, change }: { accessControl: AccessControl; change: IntegrationChange },
): Promise<IntegrationRow> {
  const accessList = await deps.checkAccessList(row.organization, accessControl);
  const readers = deps.readersOf(row.organization, accessList);
  const changed = await changeRow(deps, row, { ...change, accessList }, readers);
  await deps.shareExecutions(changed, readers);
  return changed;
}

/** Replaces `null`, which resets a setting to its default, by undefined. */
function withoutNull(given: GivenSettings): GivenSettings {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value === null ? undefined : value]),
  );
}

async function checkFits(
  { connections }: IntegrationAdminDeps,
  membership: Membership,
  { spec, connectionId }: { readonly spec: ConnectorSpec; readonly connectionId: string },
): Promise<void> {
  const connection = await connections.admin.get(membership, connectionId);
  // Otherwise a connection of others could be used through an integration of one's own.
  if (!mayUse(membership, connection.accessList)) {
    throw accessControlErrors.ConnectionAccessDenied();
  }
  if (connection.connector !== spec.key) {
    throw integrationErrors.ConnectionNotFitting({
      other: connection.connector,
      connector: spec.key,
    });
  }
}

/** Checks what depends on the connector. Throws SettingsNotUsable or HeaderNotAllowed. */
function checkSettings(spec: ConnectorSpec, settings: IntegrationSettings): IntegrationSettings {
  checkHeaders(settings.headers, ['authorization', 'cookie', ...credentialHeaders(spec)]);
  const known = new Map(spec.actions.map((action) => [action.name, action]));
  const named = [...(settings.actions ?? []), ...(settings.cache?.actions ?? [])];
  const problems = [
    ...named.filter((name) => !known.has(name)).map((name) => `there is no action ${name}`),
    ...(settings.cache?.actions ?? [])
      .filter((name) => known.get(name)?.risk === 'write')
      .map((name) => `${name} writes and cannot be cached`),
    ...(settings.retry.maxMs < settings.retry.baseMs ? ['retry.maxMs is less than baseMs'] : []),
  ];
  if (problems.length > 0) {
    throw integrationErrors.SettingsNotUsable({ problems: problems.slice(0, 5).join('; ') });
  }
  return settings;
}

/** Returns the headers that carry the credential. */
function credentialHeaders({ auth }: ConnectorSpec): string[] {
  return Object.values(auth).flatMap((authMethod) => {
    if (authMethod.kind === 'custom') return Object.keys(authMethod.headers ?? {});
    return 'location' in authMethod && authMethod.location?.in === 'header'
      ? [authMethod.location.name]
      : [];
  });
}

function typeOf({ category }: ConnectorSpec): (typeof INTEGRATION_TYPES)[number] {
  if (category === 'ai') return 'ai_service';
  if (category === 'communication') return 'messaging';
  return category === 'storage' ? 'file_transfer' : 'api';
}
