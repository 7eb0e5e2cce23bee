import {
  type ActionRequest,
  type AnyAction,
  type ConnectorSpec,
  parseUrl,
  type QueryValues,
} from '../../contract/index.js';
import { connectorErrors } from '../errors.js';
import type { NextPage } from '../response/paginate.js';
import { encodeBody } from './encodeBody.js';
import { type FieldValues, fillIn } from './fillIn.js';
import { lowerCaseNames, type Outgoing } from './outgoing.js';

/** One call of an action. */
interface ActionCall {
  readonly action: AnyAction;
  /** As the input schema of the action returns it. */
  readonly input: unknown;
  readonly fields: FieldValues;
  /** Headers of the integration; those of the connector and of the action win over them. */
  readonly headers: Readonly<Record<string, string>>;
  /** The same for all attempts of one call: the service recognizes a repeated write by it. */
  readonly idempotencyKey: string;
  /** The page to request. Default: the first. */
  readonly page?: NextPage | undefined;
}

type Servers = Pick<ConnectorSpec, 'key' | 'servers'>;
type RequestParts = Servers & Pick<ConnectorSpec, 'headers'>;

/**
 * Builds the whole request of a call: the action's own request, the idempotency key and the page in it, the server, the
 * headers. Throws FieldMissing, FieldsNotUsable, and what the action's `request` throws: PathValueRefused, and URIError
 * for text that has no UTF-8.
 */
export function buildActionRequest(
  connector: RequestParts,
  { action, input, fields, headers, idempotencyKey, page }: ActionCall,
): Outgoing {
  const { request } = action as { request(input: unknown): ActionRequest };
  const keyed = withKeyMember(request(input), action, idempotencyKey);
  const outgoing = buildRequest(connector, withPageParams(keyed, page), fields);
  return {
    ...outgoing,
    url: page?.kind === 'url' ? onSameServer(page.url, outgoing.url) : outgoing.url,
    headers: {
      ...lowerCaseNames(headers),
      ...outgoing.headers,
      ...(action.stream && { accept: 'text/event-stream' }),
      ...keyHeader(action, idempotencyKey),
    },
  };
}

/**
 * Builds a request that no caller gave input for, such as a connection test: server, query, headers, body. Throws
 * FieldMissing, FieldsNotUsable.
 */
export function buildRequest(
  connector: RequestParts,
  request: ActionRequest,
  fields: FieldValues,
): Outgoing {
  const url = urlOf(connector, request, fields);
  appendQuery(url, request.query ?? {});
  const body = request.body && encodeBody(request.body);
  return {
    method: request.method,
    url,
    headers: {
      accept: 'application/json',
      ...lowerCaseNames(connector.headers ?? {}),
      ...(body && { 'content-type': body.contentType }),
      ...lowerCaseNames(request.headers ?? {}),
    },
    ...(body && { body: body.bytes }),
    ...(request.server !== undefined && { server: request.server }),
    ...(request.reads && { reads: request.reads }),
  };
}

/**
 * Returns the URL of a server, without slashes at its end. `name` defaults to the connector's first server. Throws
 * FieldMissing.
 */
export function serverOf(
  connector: Servers,
  name: string | undefined,
  fields: FieldValues,
): string {
  return withoutSlashes(addressOf(connector, name, fields));
}

function urlOf(connector: Servers, { path, server }: ActionRequest, fields: FieldValues): URL {
  // Values in a path are percent-encoded, braces too: a slot in it is the connector's own.
  const filled = fillIn(path, fields);
  const base = addressOf(connector, server, fields);
  // Without a path the server's URL stays as it is: many GraphQL servers insist on the slash at its end.
  const address = filled === '' ? base : withoutSlashes(base) + filled;
  // Fields that are valid one by one may still give no URL: a port of letters, for example.
  const url = parseUrl(address);
  if (!url) {
    const problems = `${Object.keys(fields).join(', ')} give no valid server address`;
    throw connectorErrors.FieldsNotUsable({ problems });
  }
  return url;
}

function addressOf(
  { key, servers }: Servers,
  name: string | undefined,
  fields: FieldValues,
): string {
  const url = name === undefined ? Object.values(servers)[0] : ownServer(servers, name);
  if (url === undefined) throw new Error(`Connector ${key} has no server ${name ?? 'at all'}.`);
  return fillIn(url, fields);
}

function ownServer(servers: ConnectorSpec['servers'], name: string): string | undefined {
  return Object.hasOwn(servers, name) ? servers[name] : undefined;
}

function withoutSlashes(address: string): string {
  return address.replace(/\/+$/, '');
}

function appendQuery(url: URL, query: QueryValues): void {
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of [value].flat()) url.searchParams.append(name, String(one));
  }
}

/** Puts the idempotency key into the JSON body, if the service reads it there; a value from the input stays. */
function withKeyMember(
  request: ActionRequest,
  { idempotent }: AnyAction,
  key: string,
): ActionRequest {
  if (typeof idempotent !== 'object' || !('member' in idempotent)) return request;
  const json = jsonOf(request);
  const { member } = idempotent;
  if (json[member] !== undefined) return request;
  return { ...request, body: { json: { ...json, [member]: key } } };
}

function keyHeader({ idempotent }: AnyAction, key: string): Readonly<Record<string, string>> {
  if (typeof idempotent !== 'object' || !('header' in idempotent)) return {};
  return { [idempotent.header.toLowerCase()]: key };
}

function withPageParams(request: ActionRequest, page: NextPage | undefined): ActionRequest {
  if (page?.kind !== 'params') return request;
  const { params } = page;
  if (page.in === 'query') return { ...request, query: { ...request.query, ...params } };
  const { body } = request;
  if (body && 'form' in body) return { ...request, body: { form: { ...body.form, ...params } } };
  return { ...request, body: { json: { ...jsonOf(request), ...params } } };
}

function jsonOf({ body }: ActionRequest): Readonly<Record<string, unknown>> {
  return body && 'json' in body ? (body.json as Readonly<Record<string, unknown>>) : {};
}

/** Returns the URL of the next page, if it is on the same server: the credential is sent with it. */
function onSameServer(next: string, url: URL): URL {
  const target = new URL(next);
  return target.origin === url.origin ? target : url;
}
