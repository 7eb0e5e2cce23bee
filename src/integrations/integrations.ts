import type { Connections } from '../connections/index.js';
import type { Connectors } from '../connectors/index.js';
import type { ConnectorSpec, Membership, Page, PageRequest } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { checkHeaders } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import { integrationErrors } from './errors.js';
import { type IntegrationSettings, integrationSettings, readSettings } from './settings.js';
import { type IntegrationRow, INTEGRATIONS_MAX, type IntegrationStore } from './store.js';

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
  readonly tags?: readonly string[] | undefined;
}

interface IntegrationUpdate extends GivenSettings {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
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
  /** What is stored of an organization. */
  readonly ofOrganization: OrganizationRows;
  create(membership: Membership, request: NewIntegration): Promise<IntegrationRow>;
  /** Throws IntegrationNotFound. */
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
  /** `undefined` removes the connection. Throws ConnectionNotFound or ConnectionNotFitting. */
  connect(
    membership: Membership,
    integrationId: string,
    connectionId: string | undefined,
  ): Promise<IntegrationRow>;
  remove(membership: Membership, integrationId: string): Promise<void>;
}

export interface IntegrationAdminDeps {
  readonly store: IntegrationStore;
  readonly connectors: Connectors;
  readonly connections: Pick<Connections, 'admin'>;
  readonly clock: Clock;
  readersOf(organizationId: string): readonly string[];
}

export function createIntegrationAdmin(deps: IntegrationAdminDeps): IntegrationAdmin {
  const { store, connectors } = deps;

  async function get({ organizationId }: Membership, id: string): Promise<IntegrationRow> {
    const integration = await store.find(organizationId, id);
    if (!integration) throw integrationErrors.IntegrationNotFound();
    return integration;
  }
  async function changeRow(
    row: IntegrationRow,
    set: Parameters<IntegrationStore['change']>[1],
  ): Promise<IntegrationRow> {
    const next = await store.change(row, set);
    if (!next) throw integrationErrors.IntegrationChanged();
    return next;
  }

  return {
    get,
    ofOrganization: store.ofOrganization,
    list: ({ organizationId }, { status, connector, type, tag }, request) =>
      store.page(
        {
          organization: organizationId,
          ...(status !== undefined && { status }),
          ...(connector !== undefined && { connector }),
          ...(type !== undefined && { type }),
          ...(tag !== undefined && { tags: { $all: [tag] } }),
        },
        request,
      ),

    create: (membership, request) => create(deps, membership, request),
    update: async (membership, integrationId, update) =>
      changeRow(...applyUpdate(deps, await get(membership, integrationId), update)),

    setStatus: async (membership, integrationId, status) =>
      changeRow(await get(membership, integrationId), { status }),

    async connect(membership, integrationId, connectionId) {
      const row = await get(membership, integrationId);
      if (connectionId !== undefined) {
        const spec = connectors.get(row.connector);
        await checkFits(deps, membership, { spec, connectionId });
      }
      return changeRow(row, { connection: connectionId });
    },

    async remove(membership, integrationId) {
      await store.remove(await get(membership, integrationId));
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
  const { name, description, connector, connectionId, tags, type, protocol, ...given } = request;
  const spec = connectors.get(connector);
  const settings = checkSettings(spec, integrationSettings.parse(given));
  if (connectionId !== undefined) await checkFits(deps, membership, { spec, connectionId });
  if ((await store.count(organizationId)) >= INTEGRATIONS_MAX) {
    throw integrationErrors.IntegrationLimitReached({ max: INTEGRATIONS_MAX });
  }
  const createdAt = clock.now();
  const row = {
    id: newId(),
    organization: organizationId,
    name,
    description,
    connector,
    createdAt,
    connection: connectionId,
    connectorVersion: spec.version,
    type: type ?? typeOf(spec),
    protocol: protocol ?? (connector === 'graphql' ? 'graphql' : 'rest'),
    status: 'active',
    settings: JSON.stringify(settings),
    tags: tags ?? [],
    revision: 0,
  };
  await store.insert({ ...row, readers: deps.readersOf(organizationId) });
  return { ...row, updatedAt: createdAt };
}

/** Returns the row, and the changes that an update makes to it. Throws SettingsNotUsable or HeaderNotAllowed. */
function applyUpdate(
  { connectors }: IntegrationAdminDeps,
  row: IntegrationRow,
  { name, description, tags, connectorVersion, ...given }: IntegrationUpdate,
): Parameters<IntegrationStore['change']> {
  const spec = connectors.get(row.connector);
  if (connectorVersion !== undefined && connectorVersion !== spec.version) {
    const problems = `the connector ${spec.key} is at version ${spec.version}`;
    throw integrationErrors.SettingsNotUsable({ problems });
  }
  const settings = { ...readSettings(row.settings), ...withoutNull(given) };
  const change = {
    settings: JSON.stringify(checkSettings(spec, integrationSettings.parse(settings))),
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(tags !== undefined && { tags }),
    ...(connectorVersion !== undefined && { connectorVersion }),
  };
  return [row, change];
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
