import { createHash } from 'node:crypto';

import { LRUCache } from 'lru-cache';
import type { z } from 'zod';

import type { Connections } from '../../connections/index.js';
import type { ConnectionRow } from '../../connections/index.js';
import {
  buildRequest,
  type Connectors,
  missingScopes,
  type NextPage,
  type Outgoing,
} from '../../connectors/index.js';
import {
  type ActionRequest,
  type AnyAction,
  type ConnectorSpec,
  PathValueRefused,
} from '../../contract/index.js';
import {
  integrationErrors,
  type IntegrationRow,
  type IntegrationSettings,
  readSettings,
} from '../../integrations/index.js';
import { canonicalJsonOf } from '../../platform/crypto/index.js';
import { executionErrors } from '../errors.js';
import type { Transforms } from '../transform/transform.js';
import type { PageCursors } from './pageCursor.js';

/** What somebody asks for. */
export interface ExecutionRequest {
  readonly integration: IntegrationRow;
  readonly action: string;
  readonly input: unknown;
  readonly cursor?: string | undefined;
  /** Makes a write safe to repeat: the service does it once for each key. */
  readonly idempotencyKey?: string | undefined;
  /** `master`, `user:<id>` or `apiKey:<id>`. */
  readonly caller: string;
  readonly requestId: string;
}

/** What an integration has: looked up, and fit for use. */
export interface Ready {
  readonly integration: IntegrationRow;
  readonly settings: IntegrationSettings;
  readonly connector: ConnectorSpec;
  readonly connection: ConnectionRow;
}

/** What an integration has, and who calls it. */
export interface Entering extends Ready {
  /** `master`, `user:<id>` or `apiKey:<id>`. */
  readonly caller: string;
}

/** Everything that is decided before anything is sent. */
export interface Plan extends Entering {
  readonly action: AnyAction;
  /** After the transform, as the action takes it. */
  readonly input: unknown;
  readonly outgoing: Outgoing;
  /** Whether sending it twice does what sending it once does. */
  readonly isRepeatable: boolean;
  /** A free request: whatever the service answers is the answer. */
  readonly isRaw: boolean;
  /** Names what is asked for among all that the integration is asked for; the same question has the same. */
  readonly fingerprint: string;
}

export interface PlanDeps {
  readonly connectors: Connectors;
  readonly connections: Connections;
  readonly transforms: Transforms;
  readonly cursors: PageCursors;
}

/** Throws IntegrationNotActive, NotConnected, ConnectorOutdated, or ConnectorNotFound where the host brings it no more. */
export async function prepare(
  { connectors, connections }: Pick<PlanDeps, 'connectors' | 'connections'>,
  integration: IntegrationRow,
): Promise<Ready> {
  const { status } = integration;
  // A deprecated one still works: its callers are told by its status.
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
  return { integration, settings: settingsOf(integration), connector, connection };
}

/** Throws ActionNotFound, ActionNotAllowed, ScopesMissing, KeyNotUsable, InputNotValid, TransformFailed, InvalidCursor … */
export async function makePlan(
  deps: PlanDeps,
  request: ExecutionRequest,
  executionId: string,
): Promise<Plan> {
  const ready = await prepare(deps, request.integration);
  const { settings, connector } = ready;
  const action = connector.actions.find(({ name }) => name === request.action);
  if (!action) throw executionErrors.ActionNotFound({ connector: connector.name });
  if (settings.actions && !settings.actions.includes(action.name)) {
    throw executionErrors.ActionNotAllowed({ action: action.name });
  }
  checkScopes(ready, action);
  const given = settings.request
    ? await deps.transforms.apply(settings.request, request.input ?? {}, 'request')
    : (request.input ?? {});
  const input: unknown = parseInput(action, given);
  const next =
    request.cursor === undefined
      ? undefined
      : deps.cursors.read(request.cursor, {
          integrationId: request.integration.id,
          action: action.name,
        });
  const { idempotent = action.risk === 'read' } = action;
  if (request.idempotencyKey !== undefined && idempotent === false) {
    throw executionErrors.KeyNotUsable({ action: action.name, connector: connector.name });
  }
  const { caller, idempotencyKey: key = executionId } = request;
  return planOf({ ...ready, caller }, { action, input, next, key });
}

/** The request of an action, made whole. */
export function planOf(
  ready: Entering,
  {
    action,
    input,
    next,
    key,
  }: {
    readonly action: AnyAction;
    readonly input: unknown;
    readonly next?: NextPage | undefined;
    /** By which the service knows it again when it is sent once more. */
    readonly key: string;
  },
): Plan {
  const { settings, connector, connection, integration } = ready;
  const { idempotent = action.risk === 'read' } = action;
  const keyed = withKey(requestOf(action, input), { idempotent, key });
  const built = buildRequest(connector, withPage(keyed, next), connection.fields);
  const headers = {
    ...lowerCaseNames(settings.headers),
    ...built.headers,
    ...(action.stream && { accept: 'text/event-stream' }),
    ...(typeof idempotent === 'object' &&
      'header' in idempotent && { [idempotent.header.toLowerCase()]: key }),
  };
  const url = next?.kind === 'url' ? onSameServer(next.url, built.url) : built.url;
  return {
    ...ready,
    action,
    input,
    outgoing: { ...built, url, headers },
    isRepeatable: idempotent !== false,
    isRaw: false,
    fingerprint: fingerprintOf([
      integration.id,
      integration.revision,
      // Whose account it is may change with it.
      ...[connection.id, connection.revision],
      action.name,
      input,
      next ?? null,
    ]),
  };
}

/** The request with its key, where the service reads that in the body; one that the caller chose stays. */
function withKey(
  request: ActionRequest,
  { idempotent, key }: { readonly idempotent: AnyAction['idempotent']; readonly key: string },
): ActionRequest {
  if (typeof idempotent !== 'object' || !('member' in idempotent)) return request;
  const { body } = request;
  const json = body && 'json' in body ? (body.json as Readonly<Record<string, unknown>>) : {};
  const { member } = idempotent;
  return json[member] === undefined
    ? { ...request, body: { json: { ...json, [member]: key } } }
    : request;
}

/** An action’s own request. What it throws for a value that an address cannot have is the caller’s to read. */
function requestOf(action: AnyAction, input: unknown): ActionRequest {
  try {
    return (action as { request(input: unknown): ActionRequest }).request(input);
  } catch (error) {
    // It has no UTF-8, so it cannot be percent-encoded.
    if (error instanceof URIError) {
      throw executionErrors.InputNotValid({ problems: 'a text has half a character.' });
    }
    if (!(error instanceof PathValueRefused)) throw error;
    throw executionErrors.InputNotValid({ problems: `${error.message}.` });
  }
}

/** Throws ScopesMissing where the service would refuse for sure; where it may not, it decides. */
function checkScopes({ connector, connection }: Ready, action: AnyAction): void {
  const missing = missingScopes(connector, action, connection.grantedScopes);
  if (missing?.isCertain !== true) return;
  throw executionErrors.ScopesMissing({ scopes: missing.description, action: action.name });
}

function parseInput(action: AnyAction, given: unknown): unknown {
  const parsed = (action.input as z.ZodType).safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.slice(0, 5).map(describeIssue);
  throw executionErrors.InputNotValid({ problems: `${problems.join('; ').slice(0, 500)}.` });
}

/** Zod’s messages name types and limits, never the value given. */
function describeIssue({ path, message }: z.core.$ZodIssue): string {
  const text = message.endsWith('received undefined') ? 'is missing' : message;
  return path.length > 0 ? `${path.join('.')}: ${text}` : text;
}

/** The request of another page. */
function withPage(request: ActionRequest, next: NextPage | undefined): ActionRequest {
  if (next?.kind !== 'params') return request;
  if (next.in === 'query') return { ...request, query: { ...request.query, ...next.params } };
  const { body } = request;
  if (body && 'form' in body)
    return { ...request, body: { form: { ...body.form, ...next.params } } };
  const json = body && 'json' in body ? (body.json as object) : {};
  return { ...request, body: { json: { ...json, ...next.params } } };
}

/** The credential goes along, so that only the same server will do, whatever the cursor says. */
function onSameServer(next: string, url: URL): URL {
  const target = new URL(next);
  return target.origin === url.origin ? target : url;
}

function lowerCaseNames(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? version;
}

/** Read once for each text: they are looked at with every call. */
const known = new LRUCache<string, IntegrationSettings>({ max: 1_000 });

function settingsOf(row: IntegrationRow): IntegrationSettings {
  const found = known.get(row.settings);
  if (found) return found;
  const settings = readSettings(row.settings);
  known.set(row.settings, settings);
  return settings;
}

/** Objects with the same members are the same, whatever their order. */
function fingerprintOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJsonOf(parts)).digest('base64url');
}
