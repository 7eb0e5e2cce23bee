import type { AccessControl, CheckAccessList } from '../accessControl/index.js';
import type { Connectors } from '../connectors/index.js';
import { checkSettings } from './checkSettings.js';
import { integrationErrors } from './errors.js';
import { clearHeadersOf, type HeaderVault, withoutHeaders } from './headers.js';
import { type IntegrationSettings, integrationSettings, readSettings } from './settings.js';
import type { IntegrationChange, IntegrationRow, IntegrationStore } from './store.js';

/** Settings as a caller passes them. Those that are absent get their default on creation, and stay as they are on updates. */
export type GivenSettings = { readonly [K in keyof IntegrationSettings]?: unknown };

export interface IntegrationUpdate extends GivenSettings {
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly accessControl?: AccessControl | undefined;
  /** Accepts the connector's current version, which must be this one. */
  readonly connectorVersion?: string | undefined;
}

export interface ChangeDeps {
  readonly store: IntegrationStore;
  readonly connectors: Connectors;
  readonly headers: HeaderVault;
  readonly checkAccessList: CheckAccessList;
  readersOf(organizationId: string, accessList?: readonly string[]): readonly string[];
  /** Gives the executions of an integration its new access list and readers. */
  shareExecutions(integration: IntegrationRow, readers: readonly string[]): Promise<void>;
}

/** Changes a row. Headers that it still has in clear text are encrypted by the same change. */
export async function changeRow(
  deps: ChangeDeps,
  row: IntegrationRow,
  { set, readers }: { readonly set: IntegrationChange; readonly readers?: readonly string[] },
): Promise<IntegrationRow> {
  const isOld = row.headerNames === undefined || clearHeadersOf(row) !== undefined;
  const sealed = isOld && !('settings' in set) ? await clearHeadersChange(deps, row) : {};
  const next = await deps.store.change(row, { ...sealed, ...set }, readers);
  if (!next) throw integrationErrors.IntegrationChanged();
  return next;
}

/** Returns the change that moves clear-text headers out of the settings. */
export async function clearHeadersChange(
  { headers }: ChangeDeps,
  row: IntegrationRow,
): Promise<IntegrationChange> {
  const settings = withoutHeaders(readSettings(row.settings));
  return { settings, ...(await headers.seal(row, await headers.open(row))) };
}

/** Throws SettingsNotUsable, HeaderNotAllowed or AccessControlNotUsable. */
export async function updateIntegration(
  deps: ChangeDeps,
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
    ? changeRow(deps, row, { set: change })
    : changeAccess(deps, row, { accessControl, change });
}

/** Changes who may use an integration, read its row, and see its executions. */
async function changeAccess(
  deps: ChangeDeps,
  row: IntegrationRow,
  { accessControl, change }: { accessControl: AccessControl; change: IntegrationChange },
): Promise<IntegrationRow> {
  const accessList = await deps.checkAccessList(row.organization, accessControl);
  const readers = deps.readersOf(row.organization, accessList);
  const changed = await changeRow(deps, row, { set: { ...change, accessList }, readers });
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
