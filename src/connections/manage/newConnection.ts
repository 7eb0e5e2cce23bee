import type { AccessControl, CheckAccessList } from '../../accessControl/index.js';
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
  parseUrl,
  problemOfField,
  slotsOf,
} from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { type HttpClient, readTarget, type TargetPolicy } from '../../platform/http/index.js';
import type { Log } from '../../platform/log.js';
import type { Credentials, OAuthClient } from '../credential.js';
import type { ConnectionChange, ConnectionRow, ConnectionStore } from '../store.js';
import type { TestResult } from './testConnection.js';
import { urlsOf } from './urls.js';

export interface NewConnection {
  readonly connector: string;
  readonly authMethod?: string | undefined;
  readonly name: string;
  readonly endUser?: string | undefined;
  readonly accessControl?: AccessControl | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
}

/** The values that new connections begin with. */
export interface ConnectionDefaults {
  readonly fields: FieldValues;
  readonly client?: OAuthClient | undefined;
}

export interface ConnectionAdminDeps {
  readonly store: ConnectionStore;
  readonly connectors: Connectors;
  readonly credentials: Credentials;
  readonly http: HttpClient;
  /** The policy for http:// URLs. */
  readonly targets: TargetPolicy;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a token endpoint may take, in milliseconds; default 20 000. */
  readonly tokenTimeoutMs?: number | undefined;
  readonly checkAccessList: CheckAccessList;
  readersOf(organizationId: string, accessList?: readonly string[]): readonly string[];
  /** The operator's OAuth client for a connector. */
  clientOf(connectorKey: string): OAuthClient | undefined;
  /** The organization's settings for all its connections to a service. */
  defaultsOf(organizationId: string, connector: string): Promise<ConnectionDefaults>;
  /** Tests a credential that is not stored yet. */
  test(connection: ConnectionRow): Promise<TestResult>;
  /** The change that stores a test result. */
  testChange(result: TestResult): ConnectionChange;
  /** Tests a connection and stores the result. */
  testAndStore(connection: ConnectionRow): Promise<ConnectionRow>;
}

interface Draft {
  readonly request: NewConnection;
  readonly authMethodName: string;
  readonly id: string;
}

/** Stores a connection that waits for its credential. Throws FieldsNotUsable or AccessControlNotUsable. */
export async function newConnection(
  deps: ConnectionAdminDeps,
  membership: Membership,
  draft: Draft,
): Promise<ConnectionRow> {
  const row = await draftConnection(deps, membership, draft);
  await deps.store.insert({
    ...row,
    readers: deps.readersOf(membership.organizationId, row.accessList),
  });
  return row;
}

/** Returns a connection that waits for its credential, without storing it. Throws FieldsNotUsable. */
export async function draftConnection(
  deps: ConnectionAdminDeps,
  { organizationId }: Membership,
  { request, authMethodName, id }: Draft,
): Promise<ConnectionRow> {
  const { connectors, clock, targets } = deps;
  const defaults = await deps.defaultsOf(organizationId, request.connector);
  const connector = connectors.get(request.connector);
  const { authMethod } = connectors.getAuthMethod(connector, authMethodName);
  const values = { ...defaults.fields, ...request.fields };
  const fields = checkConnectorFields({ connector, authMethod, targets }, values);
  const accessList = await deps.checkAccessList(organizationId, request.accessControl);
  const createdAt = clock.now();
  return {
    id,
    accessList,
    organization: organizationId,
    connector: request.connector,
    name: request.name,
    endUser: request.endUser,
    authMethod: authMethodName,
    state: 'waiting',
    fields,
    revision: 0,
    createdAt,
    updatedAt: createdAt,
  };
}

/**
 * Checks the values of a connector's fields and returns those that are not empty. A field in an address of the auth method is
 * required. The addresses that they make must be valid. Throws FieldsNotUsable.
 */
export function checkConnectorFields(
  { connector, authMethod, targets }: FieldContext,
  values: Readonly<Record<string, string>>,
): FieldValues {
  const needed = new Set(urlsOf(authMethod).flatMap(slotsOf));
  const specs = Object.entries(connector.fields ?? {}).map(([name, spec]) => [
    name,
    needed.has(name) ? { ...spec, required: true } : spec,
  ]);
  const fields = checkFields(Object.fromEntries(specs) as FieldSpecs, values, targets);
  const isFilled = (url: string) => slotsOf(url).every((slot) => Object.hasOwn(fields, slot));
  const wrong = Object.values(connector.servers)
    .filter(isFilled)
    .find((url) => !parseUrl(fillIn(url, fields)));
  if (wrong !== undefined) {
    const problems = `${slotsOf(wrong).join(', ')} must make a valid server address`;
    throw connectorErrors.FieldsNotUsable({ problems });
  }
  const problem = [...Object.values(connector.servers), ...urlsOf(authMethod)]
    .filter((url) => slotsOf(url).length > 0 && isFilled(url))
    .map((url) => problemOfHttp(fillIn(url, fields), targets))
    .find((found) => found !== undefined);
  if (problem !== undefined) throw connectorErrors.FieldsNotUsable({ problems: problem });
  return fields;
}

interface FieldContext {
  readonly connector: ConnectorSpec;
  readonly authMethod: AuthSpec;
  readonly targets: TargetPolicy;
}

/** Returns why plain http is not allowed for a URL, to go into a sentence; `undefined` for https, which is checked when it is called. */
function problemOfHttp(url: string, targets: TargetPolicy): string | undefined {
  return /^http:/i.test(url) ? readTarget(url, targets).problem?.replace(/\.$/, '') : undefined;
}

/** Fields and credentials are separate parameters: the message for a value in the wrong one lists what belongs there. */
const namesOf = (specs: FieldSpecs) =>
  `the names here (${Object.keys(specs).join(', ') || 'none'})`;

/** Checks values by their fields and returns those that are not empty. Throws FieldsNotUsable with all problems, also for unknown names. */
export function checkFields(
  specs: FieldSpecs,
  values: Readonly<Record<string, string>>,
  targets: TargetPolicy,
): FieldValues {
  const unknown = Object.keys(values).filter((name) => !Object.hasOwn(specs, name));
  const problemOfUrl = (name: string, { type }: FieldSpec) => {
    const problem = type === 'url' ? problemOfHttp(values[name] ?? '', targets) : undefined;
    return problem === undefined ? undefined : `${name}: ${problem}`;
  };
  const problems = [
    ...Object.entries(specs).flatMap(
      ([name, spec]) => problemOfField(name, spec, values[name]) ?? problemOfUrl(name, spec) ?? [],
    ),
    ...(unknown.length > 0 ? [`${unknown.join(', ')} is not one of ${namesOf(specs)}`] : []),
  ];
  if (problems.length > 0) {
    throw connectorErrors.FieldsNotUsable({ problems: problems.join('; ').slice(0, 500) });
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
