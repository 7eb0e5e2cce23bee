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
  /** The connector's, in camelCase. */
  readonly key: string;
  /** Default the document's title. */
  readonly name?: string;
  readonly category?: ConnectorSpec['category'];
  /** Default 1.0.0. */
  readonly version?: string;
  /** `YYYY-MM-DD`. Default 1970-01-01: never. */
  readonly checkedOn?: string;
  /** The https address of the service's documentation. Default what the document says. */
  readonly docs?: string;
  /** The address that paths are appended to, instead of all servers of the document. */
  readonly server?: string;
  /**
   * Whether servers that the document has as http:// are asked at https://. Otherwise one without any https server is called at
   * http://, where `allowedTargets` or `allowHttp` of the hub let it through.
   */
  readonly upgradeHttp?: boolean;
  /** Values for variables of servers, which then are no fields. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The ways to connect, instead of those of the document. */
  readonly auth?: Readonly<Record<string, AuthSpec>>;
  /** What an authorization asks for unless somebody chooses. Default what the connection's test needs. */
  readonly defaultScopes?: readonly string[];
  /** The action that proves a credential, with its input. Default chosen: see README.md. */
  readonly test?: { readonly action: string; readonly input?: unknown };
  /** Names of parameters of the path whose slashes are meant, such as Google's `name`. */
  readonly wholePaths?: readonly string[];
  /** Parameters that no caller gives, such as `header token` or `query api_key`. */
  readonly omit?: readonly string[];
  /** `documented`: answers are compared with the whole schema. Default `loose`: with its outermost type. */
  readonly responses?: 'loose' | 'documented';
  /** Told, in a sentence each, what of the document is not in the connector. */
  readonly onSkipped?: (sentence: string) => void;
}

/**
 * Makes a connector of an OpenAPI 3.0, 3.1 or Swagger 2.0 document, given as a parsed object or as JSON text, in which every
 * operation is an action. Nothing is fetched, and of the document only an outline is read until an action is used: keep it
 * unchanged for as long as the connector is in use. Throws OpenApiNotUsable.
 */
export function connectorFromOpenApi(document: unknown, options: OpenApiOptions): ConnectorSpec {
  const { key, upgradeHttp = false, onSkipped: onLeftOut = () => undefined } = options;
  const read = readDocument(document);
  const all = operationsOf(read);
  const collection = openFields(options.variables ?? {});
  const plan = serversOf(read, all, { upgradeHttp, collection, server: options.server });
  const { servers, unsendable } = plan;
  for (const [{ name }, reason] of unsendable) onLeftOut(`${name}: ${reason}.`);
  const operations = all.filter((operation) => !unsendable.has(operation));
  const [server = ''] = Object.values(servers);
  const security = securityOf(read, operations, { upgradeHttp, collection, server });
  for (const name of security.skipped) onLeftOut(`${name}: no way to connect is made of it.`);
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
  if (!chosen) onLeftOut('The connection test: no GET can be called without parameters.');
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
  if (!chosen) throw notUsable(`it has no operation ${test.action} to test a connection by`);
  return { chosen, input: test.input ?? {} };
}

function scopesKnownTo(authMethod: AuthSpec): string[] {
  return 'scopes' in authMethod ? Object.keys(authMethod.scopes) : [];
}

function withLowerHeader(location: string): string {
  return location.startsWith('header ') ? location.toLowerCase() : location;
}
