import type { ActionRequest, ConnectorSpec, QueryValues } from '../../contract/index.js';
import { connectorErrors } from '../errors.js';
import { encodeBody } from './encodeBody.js';
import type { Outgoing } from './outgoing.js';

/** Values of a connector's fields, as they were filled in. */
export type FieldValues = Readonly<Record<string, string>>;

/** A request of an action, made whole: server, query, headers, body. Throws FieldMissing, FieldsNotUsable. */
export function buildRequest(
  connector: Pick<ConnectorSpec, 'key' | 'servers' | 'headers'>,
  request: ActionRequest,
  fields: FieldValues,
): Outgoing {
  // Values in a path are encoded, braces too: a slot in it is the connector's own.
  const path = fillIn(request.path, fields);
  const whole = addressOf(connector, request.server, fields);
  // Without a path the address is the whole: many a GraphQL server insists on the slash at its end.
  const address = path === '' ? whole : withoutSlashes(whole) + path;
  // Each field may be right by itself and the whole no address: a port of letters, say.
  if (!URL.canParse(address)) {
    const problems = `${Object.keys(fields).join(', ')} make no address of the server`;
    throw connectorErrors.FieldsNotUsable({ problems });
  }
  const url = new URL(address);
  appendQuery(url, request.query ?? {});
  const body = request.body && encodeBody(request.body);
  const headers = {
    accept: 'application/json',
    ...lowerCased(connector.headers ?? {}),
    ...(body && { 'content-type': body.contentType }),
    ...lowerCased(request.headers ?? {}),
  };
  return {
    method: request.method,
    url,
    headers,
    ...(body && { body: body.bytes }),
    ...(request.server !== undefined && { server: request.server }),
    ...(request.reads && { reads: request.reads }),
  };
}

/** Where requests go, without a slash at its end. */
export function serverOf(
  connector: Pick<ConnectorSpec, 'key' | 'servers'>,
  name: string | undefined,
  fields: FieldValues,
): string {
  return withoutSlashes(addressOf(connector, name, fields));
}

function addressOf(
  { key, servers }: Pick<ConnectorSpec, 'key' | 'servers'>,
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

/** Puts values into the `{slots}` of a text. Throws FieldMissing. */
export function fillIn(text: string, values: FieldValues): string {
  return text.replace(/\{(\w+)\}/g, (_slot, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined || value === '') throw connectorErrors.FieldMissing({ field: name });
    return value;
  });
}

function appendQuery(url: URL, query: QueryValues): void {
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of [value].flat()) url.searchParams.append(name, String(one));
  }
}

function lowerCased(
  headers: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), value]],
    ),
  );
}
