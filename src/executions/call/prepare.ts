import { LRUCache } from 'lru-cache';

import { accessControlErrors, mayUse } from '../../accessControl/index.js';
import type { ConnectionRow, Connections } from '../../connections/index.js';
import type { Connectors } from '../../connectors/index.js';
import type { ConnectorSpec, Membership } from '../../contract/index.js';
import {
  integrationErrors,
  type IntegrationRow,
  type IntegrationSettings,
  readSettings,
} from '../../integrations/index.js';
import { executionErrors } from '../errors.js';

/** An integration that can be called, with everything that belongs to it. */
export interface Ready {
  readonly integration: IntegrationRow;
  readonly settings: IntegrationSettings;
  readonly connector: ConnectorSpec;
  readonly connection: ConnectionRow;
}

export interface PrepareDeps {
  readonly connectors: Connectors;
  readonly connections: Connections;
  /** Returns the integration's own headers. */
  openHeaders(integration: IntegrationRow): Promise<Readonly<Record<string, string>>>;
}

/**
 * Loads what a call of an integration needs. Throws IntegrationNotActive, NotConnected, ConnectorOutdated, and
 * ConnectorNotFound when the host no longer provides the connector.
 */
export async function prepare(
  { connectors, connections, openHeaders }: PrepareDeps,
  integration: IntegrationRow,
): Promise<Ready> {
  const { status } = integration;
  // A deprecated integration still works: its status warns its callers.
  if (status !== 'active' && status !== 'deprecated') {
    throw integrationErrors.IntegrationNotActive({ status });
  }
  const connector = connectors.get(integration.connector);
  if (majorOf(connector.version) !== majorOf(integration.connectorVersion)) {
    const made = integration.connectorVersion;
    throw executionErrors.ConnectorOutdated({ made, version: connector.version });
  }
  const id = integration.connection;
  const connection = id === undefined ? undefined : await connections.load(id);
  if (connection?.organization !== integration.organization) {
    throw integrationErrors.NotConnected();
  }
  const settings = { ...settingsOf(integration), headers: await openHeaders(integration) };
  return { integration, settings, connector, connection };
}

/** Throws IntegrationAccessDenied or ConnectionAccessDenied unless a caller may use both. */
export function checkMayUse({ integration, connection }: Ready, membership: Membership): void {
  if (!mayUse(membership, integration.accessList)) {
    throw accessControlErrors.IntegrationAccessDenied();
  }
  if (!mayUse(membership, connection.accessList)) {
    throw accessControlErrors.ConnectionAccessDenied();
  }
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}

/** Parsed settings by their JSON: every call needs them. */
const parsedSettings = new LRUCache<string, IntegrationSettings>({ max: 1_000 });

function settingsOf(row: IntegrationRow): IntegrationSettings {
  const parsed = parsedSettings.get(row.settings);
  if (parsed) return parsed;
  const settings = readSettings(row.settings);
  parsedSettings.set(row.settings, settings);
  return settings;
}
