import { maySee } from '../accessControl/index.js';
import { checkFields, type Connections, type OAuthClient } from '../connections/index.js';
import type { Connectors, FieldValues } from '../connectors/index.js';
import type { ConnectorSpec, Membership, Page, PageRequest } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import type { TargetPolicy } from '../platform/http/index.js';
import { newId } from '../platform/ids.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import type { Vault } from '../vault/index.js';
import { extensionErrors } from './errors.js';
import type { ExtensionRow, ExtensionStore } from './store.js';

interface Configuration {
  /** Values of the connector’s fields that new connections begin with. */
  readonly fields?: FieldValues | undefined;
  /** The organization's own OAuth client; `null` removes it. */
  readonly client?: OAuthClient | null | undefined;
  readonly version?: string | undefined;
}

/** Connectors that organizations have installed, with the settings that all their connections to that service begin with. */
export interface Extensions {
  /** What is stored of an organization. */
  readonly ofOrganization: OrganizationRows;
  /** Throws ConnectorNotFound, DependencyMissing, ExtensionInstalled, FieldsNotUsable or VersionNotKnown. */
  install(
    membership: Membership,
    connector: string,
    configuration: Configuration,
  ): Promise<ExtensionRow>;
  configure(
    membership: Membership,
    connector: string,
    configuration: Configuration,
  ): Promise<ExtensionRow>;
  /** `force` disconnects all connections. Returns how many it disconnected. */
  uninstall(membership: Membership, connector: string, force: boolean): Promise<number>;
  list(membership: Membership, request: PageRequest): Promise<Page<ExtensionRow>>;
}

export interface ExtensionsDeps {
  readonly store: ExtensionStore;
  readonly connectors: Connectors;
  readonly connections: Pick<Connections, 'admin'>;
  readonly vault: Vault;
  readonly clock: Clock;
  /** The policy for http:// URLs. */
  readonly targets: TargetPolicy;
  readersOf(organizationId: string): readonly string[];
}

/** Connections that are loaded at once. */
const PAGE = 100;

export function createExtensions(deps: ExtensionsDeps): Extensions {
  const { store, connectors, connections, clock } = deps;

  async function find({ organizationId }: Membership, connector: string): Promise<ExtensionRow> {
    const extension = await store.find(organizationId, connector);
    if (extension) return extension;
    throw extensionErrors.ExtensionNotFound({ connector: connectors.get(connector).key });
  }

  return {
    async install(membership, connector, configuration) {
      const { organizationId } = membership;
      const spec = connectors.get(connector);
      const installed = new Set((await store.all(organizationId)).map((row) => row.connector));
      if (installed.has(connector)) throw extensionErrors.ExtensionInstalled({ connector });
      const missing = (spec.dependsOn ?? []).find((key) => !installed.has(key));
      if (missing !== undefined) throw extensionErrors.DependencyMissing({ connector, missing });
      const [id, createdAt] = [newId(), clock.now()];
      const row = {
        id,
        organization: organizationId,
        connector,
        createdAt,
        fields: {},
        version: spec.version,
        revision: 0,
        configuredAt: createdAt,
        ...(await configurationChange(deps, spec, { id, organizationId, configuration })),
      };
      const isNew = await store.insert({ ...row, readers: deps.readersOf(organizationId) });
      if (!isNew) throw extensionErrors.ExtensionInstalled({ connector });
      return { ...row, updatedAt: createdAt };
    },

    async configure(membership, connector, configuration) {
      const row = await find(membership, connector);
      const { organizationId } = membership;
      const target = { id: row.id, organizationId, configuration };
      const set = await configurationChange(deps, connectors.get(connector), target);
      const changed = await store.change(row, { ...set, configuredAt: clock.now() });
      if (!changed) throw extensionErrors.ExtensionChanged();
      return changed;
    },

    async uninstall(membership, connector, force) {
      const row = await find(membership, connector);
      const others = await store.all(membership.organizationId);
      const dependents = connectors
        .list()
        .filter(({ dependsOn }) => dependsOn?.includes(connector));
      const dependent = others.find((other) =>
        dependents.some(({ key }) => key === other.connector),
      );
      if (dependent) throw extensionErrors.ExtensionNeeded({ connector, by: dependent.connector });
      const ids = await connectedTo(deps, membership, connector);
      if (ids.length > 0 && !force) throw extensionErrors.ExtensionInUse({ connector });
      for (const id of ids) await connections.admin.disconnect(membership, id);
      await store.remove(row);
      return ids.length;
    },

    list: ({ organizationId }, request) => store.page(organizationId, request),
    ofOrganization: store.ofOrganization,
  };
}

/**
 * Returns the ids of all connections that are not disconnected. Throws ExtensionInUse when the caller may not see one of
 * them, because they may not disconnect it either.
 */
async function connectedTo(
  { connections }: ExtensionsDeps,
  membership: Membership,
  connector: string,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const request = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const { organizationId } = membership;
    const page = await connections.admin.listAll(organizationId, { connector }, request);
    const connected = page.items.filter(({ state }) => state !== 'disconnected');
    if (connected.some(({ accessList }) => !maySee(membership, accessList))) {
      throw extensionErrors.ExtensionInUse({ connector });
    }
    ids.push(...connected.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

async function configurationChange(
  { vault, targets }: ExtensionsDeps,
  spec: ConnectorSpec,
  {
    id,
    organizationId,
    configuration: { fields, client, version },
  }: {
    readonly id: string;
    readonly organizationId: string;
    readonly configuration: Configuration;
  },
): Promise<Partial<Pick<ExtensionRow, 'fields' | 'clientId' | 'sealedClient' | 'version'>>> {
  if (version !== undefined && version !== spec.version) {
    throw extensionErrors.VersionNotKnown({ connector: spec.key, version: spec.version });
  }
  const context = clientContext(organizationId, id);
  return {
    ...(version !== undefined && { version }),
    ...(fields && { fields: checkFields(optional(spec), fields, targets) }),
    ...(client && {
      clientId: client.clientId,
      sealedClient: await vault.seal(JSON.stringify(client), context),
    }),
    ...(client === null && { clientId: undefined, sealedClient: undefined }),
  };
}

/** Returns the connector's fields as optional ones: each connection supplies those that the extension does not. */
function optional({ fields = {} }: ConnectorSpec) {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, { ...field, required: false }]),
  );
}

function clientContext(organization: string, recordId: string) {
  return { organization, className: 'Extension', field: 'sealedClient', recordId };
}

/** The defaults of an organization's new connections to one service. */
export interface ExtensionDefaults {
  readonly fields: FieldValues;
  readonly client?: OAuthClient | undefined;
}

/** Returns a function that loads the defaults of new connections; empty when the extension is not installed. */
export function extensionDefaults({
  store,
  vault,
}: {
  readonly store: ExtensionStore;
  readonly vault: Vault;
}) {
  return async (organization: string, connector: string): Promise<ExtensionDefaults> => {
    const row = await store.find(organization, connector);
    if (!row) return { fields: {} };
    if (row.sealedClient === undefined) return { fields: row.fields };
    const opened = await vault.open(row.sealedClient, clientContext(organization, row.id));
    return { fields: row.fields, client: JSON.parse(opened) as OAuthClient };
  };
}
