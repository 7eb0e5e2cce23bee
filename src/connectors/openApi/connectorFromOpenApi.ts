import { type AuthSpec, type ConnectorSpec, problemsOfConnector } from '../../contract/index.js';
import { actionOf, openValidatorCache, type OperationAction } from './action.js';
import { bareTest, chooseTest, testOf } from './connectionTest.js';
import { aboutDocument, docsOf } from './describe.js';
import { notUsable, type OpenApiDocument, readDocument } from './document.js';
import { operationsOf } from './operations.js';
import { requirementsOf } from './requirements.js';
import { securityOf, withDefaultScopes } from './security.js';
import { serversOf } from './servers.js';
import { openFields } from './serverUrl.js';

export interface OpenApiOptions {
  /** The key of the connector, in camelCase. */
  readonly key: string;
  /** Default: the document's title. */
  readonly name?: string;
  readonly category?: ConnectorSpec['category'];
  /** Default 1.0.0. */
  readonly version?: string;
  /** `YYYY-MM-DD`. Default 1970-01-01: never. */
  readonly checkedOn?: string;
  /** The https URL of the service's documentation. Default: the one in the document. */
  readonly docs?: string;
  /** The URL that paths are appended to, instead of all servers of the document. */
  readonly server?: string;
  /**
   * Whether servers with http:// in the document are called at https://. Otherwise a service without any https server
   * is called at http://, if `allowedTargets` or `allowHttp` of the hub allow it.
   */
  readonly upgradeHttp?: boolean;
  /** Values for variables of servers, which then do not become fields. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The auth methods, instead of those of the document. */
  readonly auth?: Readonly<Record<string, AuthSpec>>;
  /** The scopes that an authorization requests by default. Default: those that the connection test needs. */
  readonly defaultScopes?: readonly string[];
  /** The action that proves a credential, with its input. Default: chosen automatically, see README.md. */
  readonly test?: { readonly action: string; readonly input?: unknown };
  /** Names of path parameters whose slashes are kept, such as Google's `name`. */
  readonly wholePaths?: readonly string[];
  /** Parameters that callers cannot set, such as `header token` or `query api_key`. */
  readonly omit?: readonly string[];
  /** `documented`: responses are validated against the whole schema. Default `loose`: against its outermost type. */
  readonly responses?: 'loose' | 'documented';
  /** Receives a sentence for each part of the document that the connector does not include. */
  readonly onSkipped?: (sentence: string) => void;
}

/**
 * Makes a connector from an OpenAPI 3.0, 3.1 or Swagger 2.0 document, given as a parsed object or as JSON text; every
 * operation becomes an action. Nothing is fetched, and only an outline of the document is read until an action is used:
 * keep it unchanged for as long as the connector is in use. Throws OpenApiNotUsable.
 */
export function connectorFromOpenApi(document: unknown, options: OpenApiOptions): ConnectorSpec {
  const { key, upgradeHttp = false, onSkipped = () => undefined } = options;
  const read = readDocument(document);
  const all = operationsOf(read);
  const collection = openFields(options.variables ?? {});
  const plan = serversOf(read, all, { upgradeHttp, collection, server: options.server });
  const { servers, unsendable } = plan;
  for (const [{ name }, reason] of unsendable) onSkipped(`${name}: ${reason}.`);
  const operations = all.filter((operation) => !unsendable.has(operation));
  const [server = ''] = Object.values(servers);
  const security = securityOf(read, operations, { upgradeHttp, collection, server });
  for (const name of security.skipped)
    onSkipped(`${name}: it is skipped, because no auth method can be made from it.`);
  const authMethods = options.auth ?? security.authMethods;
  const frame = {
    document: read,
    docs: options.docs ?? docsOf(read, server),
    connector: { key, servers },
    fieldValues: plan.example,
    omitted: new Set([
      ...security.credentialLocations,
      ...(options.omit ?? []).map(withLowerHeader),
    ]),
    wholePaths: new Set(options.wholePaths ?? []),
    validatesResponses: options.responses === 'documented',
    validators: openValidatorCache(),
  };
  const known = new Set(Object.values(authMethods).flatMap(scopesKnownTo));
  const candidates = operations.map((operation) => {
    const scopes = requirementsOf(read, operation).scopes.filter((scope) => known.has(scope));
    return actionOf(operation, { ...frame, scopes, server: plan.nameOf.get(operation) });
  });
  const { chosen, input } = testChoice(candidates, { read, options });
  if (!chosen) onSkipped('The connection test: no GET can be called without parameters.');
  const spec: ConnectorSpec = {
    ...aboutDocument(read, { ...options, docs: frame.docs, authMethods }),
    servers,
    fields: collection.fields,
    example: collection.example,
    auth: withDefaultScopes(
      authMethods,
      options.defaultScopes ?? chosen?.action.scopes?.flat() ?? [],
    ),
    test: chosen ? testOf(chosen, input, frame) : bareTest(frame),
    actions: candidates.map(({ action }) => action),
  };
  const problems = problemsOfConnector(spec);
  if (problems.length > 0) throw notUsable(problems.slice(0, 3).join('; '));
  return spec;
}

function testChoice(
  candidates: readonly OperationAction[],
  { read, options: { test } }: { readonly read: OpenApiDocument; readonly options: OpenApiOptions },
): { chosen: OperationAction | undefined; input: unknown } {
  if (!test) return { chosen: chooseTest(read, candidates), input: {} };
  const chosen = candidates.find(({ action }) => action.name === test.action);
  if (!chosen) throw notUsable(`it has no operation ${test.action} to test a connection with`);
  return { chosen, input: test.input ?? {} };
}

function scopesKnownTo(authMethod: AuthSpec): string[] {
  return 'scopes' in authMethod ? Object.keys(authMethod.scopes) : [];
}

function withLowerHeader(location: string): string {
  return location.startsWith('header ') ? location.toLowerCase() : location;
}
