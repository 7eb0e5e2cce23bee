import {
  connectorErrors,
  type Connectors,
  type FieldValues,
  fillIn,
} from '../../connectors/index.js';
import {
  type AuthSpec,
  type ConnectorSpec,
  type FieldSpec,
  type FieldSpecs,
  type Membership,
  problemOfField,
  slotsOf,
} from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { type HttpClient, readTarget, type TargetPolicy } from '../../platform/http/index.js';
import type { Log } from '../../platform/log.js';
import type { Credentials } from '../credential.js';
import type { ConnectionChange, ConnectionRow, ConnectionStore } from '../store.js';
import type { OAuthClient } from '../tokens/tokens.js';
import type { TestResult } from './testConnection.js';
import { urlsOf } from './urls.js';

export interface NewConnection {
  readonly connector: string;
  readonly authMethod?: string | undefined;
  readonly name: string;
  readonly endUser?: string | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** What new connections begin with. */
export interface ConnectionDefaults {
  readonly fields: FieldValues;
  readonly client?: OAuthClient | undefined;
}

export interface ConnectionAdminDeps {
  readonly store: ConnectionStore;
  readonly connectors: Connectors;
  readonly credentials: Credentials;
  readonly http: HttpClient;
  /** Which addresses may be http://. */
  readonly targets: TargetPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a token endpoint may take; default 20 000. */
  readonly tokenTimeoutMs?: number | undefined;
  readersOf(organizationId: string): readonly string[];
  /** The operator's OAuth client for a connector. */
  clientOf(connectorKey: string): OAuthClient | undefined;
  /** What an organization has set for all its connections to a service. */
  defaultsOf(organizationId: string, connector: string): Promise<ConnectionDefaults>;
  /** Tests a credential that is not stored yet. */
  test(connection: ConnectionRow): Promise<TestResult>;
  /** What a connection keeps of a test. */
  testChange(result: TestResult): ConnectionChange;
  /** Tests a connection and keeps what came of it. */
  testAndStore(connection: ConnectionRow): Promise<ConnectionRow>;
}

interface Draft {
  readonly request: NewConnection;
  readonly authMethodName: string;
  readonly id: string;
}

/** Stores a connection that waits for its credential. Throws FieldsNotUsable. */
export async function newConnection(
  deps: ConnectionAdminDeps,
  membership: Membership,
  draft: Draft,
): Promise<ConnectionRow> {
  const row = await draftConnection(deps, membership, draft);
  await deps.store.insert({ ...row, readers: deps.readersOf(membership.organizationId) });
  return row;
}

/** A connection that waits for its credential and is nowhere stored. Throws FieldsNotUsable. */
export async function draftConnection(
  deps: ConnectionAdminDeps,
  { organizationId }: Membership,
  { request, authMethodName: wayName, id }: Draft,
): Promise<ConnectionRow> {
  const { connectors, clock, targets } = deps;
  const defaults = await deps.defaultsOf(organizationId, request.connector);
  const connector = connectors.get(request.connector);
  const [, authMethod] = connectors.getAuthMethod(connector, wayName);
  const given = { ...defaults.fields, ...request.fields };
  const fields = checkConnectorFields({ connector, authMethod, targets }, given);
  const createdAt = clock.now();
  return {
    id,
    organization: organizationId,
    connector: request.connector,
    name: request.name,
    endUser: request.endUser,
    authMethod: wayName,
    state: 'waiting',
    fields,
    revision: 0,
    createdAt,
    updatedAt: createdAt,
  };
}

/**
 * What was filled in for a connector. A field that an address of the way has is required by that way; together they make
 * addresses. Throws FieldsNotUsable.
 */
export function checkConnectorFields(
  { connector, authMethod: way, targets }: FieldFrame,
  given: Readonly<Record<string, string>>,
): FieldValues {
  const needed = new Set(urlsOf(way).flatMap(slotsOf));
  const specs = Object.entries(connector.fields ?? {}).map(([name, spec]) => [
    name,
    needed.has(name) ? { ...spec, required: true } : spec,
  ]);
  const fields = checkFields(Object.fromEntries(specs) as FieldSpecs, given, targets);
  const isFilled = (url: string) => slotsOf(url).every((slot) => Object.hasOwn(fields, slot));
  const wrong = Object.values(connector.servers)
    .filter(isFilled)
    .find((url) => !URL.canParse(fillIn(url, fields)));
  if (wrong !== undefined) {
    const problems = `${slotsOf(wrong).join(', ')} make no address of the server`;
    throw connectorErrors.FieldsNotUsable({ problems });
  }
  const problem = [...Object.values(connector.servers), ...urlsOf(way)]
    .filter((url) => slotsOf(url).length > 0 && isFilled(url))
    .map((url) => problemOfHttp(fillIn(url, fields), targets))
    .find((found) => found !== undefined);
  if (problem !== undefined) throw connectorErrors.FieldsNotUsable({ problems: problem });
  return fields;
}

interface FieldFrame {
  readonly connector: ConnectorSpec;
  readonly authMethod: AuthSpec;
  readonly targets: TargetPolicy;
}

/** Whether plain http is let through there; where https leads is judged when it is called. */
function problemOfHttp(url: string, targets: TargetPolicy): string | undefined {
  return /^http:/i.test(url) ? readTarget(url, targets).problem : undefined;
}

/** What was filled in, each value judged; unknown names are refused. Throws FieldsNotUsable with all problems. */
export function checkFields(
  specs: FieldSpecs,
  given: Readonly<Record<string, string>>,
  targets: TargetPolicy,
): FieldValues {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(specs, name));
  const problemOfUrl = (name: string, { type }: FieldSpec) => {
    const problem = type === 'url' ? problemOfHttp(given[name] ?? '', targets) : undefined;
    return problem === undefined ? undefined : `${name}: ${problem}`;
  };
  const problems = [
    ...unknown.map((name) => `there is no ${name}`),
    ...Object.entries(specs).flatMap(
      ([name, spec]) => problemOfField(name, spec, given[name]) ?? problemOfUrl(name, spec) ?? [],
    ),
  ];
  if (problems.length > 0) {
    throw connectorErrors.FieldsNotUsable({ problems: problems.join('; ').slice(0, 500) });
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}
