import {
  type AccessControl,
  accessControlErrors,
  type AccessDecision,
  maySee,
  mayUse,
  visibleTo,
} from '../accessControl/index.js';
import type { Connections } from '../connections/index.js';
import type {
  ConnectorSpec,
  MemberDeps,
  Membership,
  Page,
  PageRequest,
  Permission,
} from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { newId } from '../platform/ids.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import { explainAccess } from './access.js';
import {
  type ChangeDeps,
  changeRow,
  clearHeadersChange,
  type GivenSettings,
  type IntegrationUpdate,
  updateIntegration,
} from './changeIntegration.js';
import { checkSettings } from './checkSettings.js';
import { integrationErrors } from './errors.js';
import { withoutHeaders } from './headers.js';
import { integrationSettings } from './settings.js';
import { type IntegrationRow, INTEGRATIONS_MAX } from './store.js';

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

interface IntegrationFilter {
  readonly status?: string | undefined;
  readonly connector?: string | undefined;
  readonly type?: string | undefined;
  readonly tag?: string | undefined;
}

export interface IntegrationAdmin {
  /** What is stored of an organization. */
  readonly ofOrganization: OrganizationRows;
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

export interface IntegrationAdminDeps extends ChangeDeps, MemberDeps {
  readonly connections: Pick<Connections, 'admin' | 'load'>;
  readonly clock: Clock;
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
    ofOrganization: store.ofOrganization,
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
      updateIntegration(deps, await get(membership, integrationId), update),

    setStatus: async (membership, integrationId, status) =>
      changeRow(deps, await get(membership, integrationId), { set: { status } }),

    async connect(membership, integrationId, connectionId) {
      const row = await get(membership, integrationId);
      if (connectionId !== undefined) {
        const spec = connectors.get(row.connector);
        await checkFits(deps, membership, { spec, connectionId });
      }
      return changeRow(deps, row, { set: { connection: connectionId } });
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

function typeOf({ category }: ConnectorSpec): (typeof INTEGRATION_TYPES)[number] {
  if (category === 'ai') return 'ai_service';
  if (category === 'communication') return 'messaging';
  return category === 'storage' ? 'file_transfer' : 'api';
}
