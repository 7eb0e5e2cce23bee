import type { FieldSpecs } from '../../contract/index.js';
import { notUsable, type OpenApiDocument } from './document.js';
import { type JsonObject, listOf, memberOf, objectsOf, textOf } from './json.js';
import { camelCase, uniqueNames } from './names.js';
import type { Operation } from './operations.js';
import { type FieldCollection, readServer } from './serverUrl.js';

/** The servers of a connector. */
export interface ServerPlan {
  readonly servers: Readonly<Record<string, string>>;
  readonly fields: FieldSpecs;
  /** Values of the fields that the document suggests. */
  readonly example: Readonly<Record<string, string>>;
  /** Operations whose own server cannot be used, with the reason. */
  readonly unsendable: ReadonlyMap<Operation, string>;
  /** The server of an operation that has its own. */
  readonly nameOf: ReadonlyMap<Operation, string>;
}

export interface ServerOptions {
  readonly server?: string | undefined;
  readonly upgradeHttp: boolean;
  readonly collection: FieldCollection;
}

const DEFAULT = 'default';
const OWN_SERVERS_MAX = 500;
/** The maximum number of servers of one list that are examined. */
const LIST_MAX = 20;

/**
 * Returns the first usable server of the document, under the name `default`, and the servers that single operations
 * declare. Variables become fields. Throws OpenApiNotUsable.
 */
export function serversOf(
  document: OpenApiDocument,
  operations: readonly Operation[],
  options: ServerOptions,
): ServerPlan {
  const { collection, server } = options;
  const { fields, example } = collection;
  if (server !== undefined) {
    const read = readServer({ url: server }, { ...options, keepsHttp: true });
    if ('problem' in read) throw notUsable(`the server ${read.problem}`);
    const servers = { [DEFAULT]: read.url };
    return { servers, fields, example, unsendable: new Map(), nameOf: new Map() };
  }
  const own = new Map(operations.map((operation) => [operation, ownList(operation)]));
  // Each list once, however many operations share it.
  const lists = new Set([...own.values()].filter((list) => list.length > 0));
  const nodes = rootNodes(document);
  const firstOf = (reading: ServerReadOptions) =>
    [nodes, ...lists].reduce<string | undefined>(
      (found, list) => found ?? firstUsable(list, reading),
      undefined,
    );
  const secure = firstOf(options);
  // A service is called by http only if it has no https server and the hub's options allow it.
  const keepsHttp = secure === undefined;
  const first = secure ?? firstOf({ ...options, keepsHttp });
  if (first === undefined) throw notUsable(serversProblem(nodes, options));
  const reading = { ...options, keepsHttp, base: first };
  const urls = new Map([...lists].map((list) => [list, firstUsable(list, reading)]));
  const urlOf = new Map(
    [...own].flatMap(([operation, list]) =>
      list.length === 0 ? [] : [[operation, urls.get(list)] as const],
    ),
  );
  return { fields, example, ...ownServers(first, urlOf) };
}

function ownServers(
  first: string,
  urlOf: ReadonlyMap<Operation, string | undefined>,
): Pick<ServerPlan, 'servers' | 'unsendable' | 'nameOf'> {
  const nameOnce = uniqueNames();
  const names = new Map([[first, nameOnce(DEFAULT)]]);
  const unsendable = new Map<Operation, string>();
  const nameOf = new Map<Operation, string>();
  for (const [operation, url] of urlOf) {
    if (url === undefined || names.size > OWN_SERVERS_MAX) {
      unsendable.set(operation, 'its own server cannot be used');
      continue;
    }
    const name = names.get(url) ?? nameOnce(camelCase(url.replace(/^https?:\/\//, '')) || 'server');
    names.set(url, name);
    if (name !== DEFAULT) nameOf.set(operation, name);
  }
  const servers = Object.fromEntries([...names].map(([url, name]) => [name, url]));
  return { servers, unsendable, nameOf };
}

type ServerReadOptions = ServerOptions & { readonly base?: string; readonly keepsHttp?: boolean };

function firstUsable(nodes: readonly unknown[], reading: ServerReadOptions): string | undefined {
  for (const node of objectsOf(nodes, LIST_MAX)) {
    const read = readServer(node, reading);
    if ('url' in read) return read.url;
  }
  return undefined;
}

function serversProblem(nodes: readonly JsonObject[], options: ServerOptions): string {
  const problems = nodes
    .map((node) => readServer(node, { ...options, keepsHttp: true }))
    .flatMap((read) => ('problem' in read ? [read.problem] : []));
  const [problem = 'there is none'] = problems;
  return `its server cannot be used: ${problem}; pass server, the URL that paths are appended to`;
}

function ownList({ node, item }: Operation): readonly unknown[] {
  const own = listOf(memberOf(node, 'servers'));
  return own.length > 0 ? own : listOf(memberOf(item, 'servers'));
}

function rootNodes({ version, root }: OpenApiDocument): JsonObject[] {
  if (version !== '2.0') return objectsOf(memberOf(root, 'servers'), LIST_MAX);
  const host = textOf(memberOf(root, 'host'));
  const base = (textOf(memberOf(root, 'basePath')) ?? '').replace(/^\/*/, '/');
  if (host === undefined) return [{ url: base }];
  const schemes = listOf(memberOf(root, 'schemes'));
  // Without any, it is the server that the document came from: https://swagger.io/specification/v2/#swagger-object
  const scheme = schemes.length === 0 || schemes.includes('https') ? 'https' : 'http';
  return [{ url: `${scheme}://${host}${base}` }];
}
