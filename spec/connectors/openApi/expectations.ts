import { buildRequest, type Outgoing } from '../../../src/connectors/index.js';
import type { AnyAction, ConnectorSpec } from '../../../src/contract/index.js';
import { deref, type DocumentedOperation, type Json, valueFor } from './inputs.js';

/** A parameter with the name that callers use according to README.md, and a value for it. */
interface Filled {
  readonly parameter: Json;
  readonly key: string;
  readonly value: Json;
}

export interface GeneratedInput {
  readonly input: Record<string, Json>;
  readonly filled: readonly Filled[];
  readonly mediaType: string | undefined;
}

const IGNORED =
  /^(?:accept|content-type|authorization|cookie|host|connection|(?:x-)?idempotency-key|accept-encoding|content-length|user-agent-x|expect|te|upgrade|transfer-encoding|keep-alive|proxy-authorization|x-amz-(?:content-sha256|date|algorithm|credential|security-token|signature|signedheaders))$/i;

/** Parameters that are credentials by the document's own schemes, as `header name`. */
function credentialsOf(document: Json): ReadonlySet<string> {
  const schemes: Json[] = Object.values(
    document.securityDefinitions ?? document.components?.securitySchemes ?? {},
  ).map((each) => deref(document, each));
  return new Set(
    schemes
      .filter((each) => each?.type === 'apiKey')
      .map(
        ({ in: location, name }) =>
          `${location} ${location === 'header' ? name.toLowerCase() : name}`,
      ),
  );
}

/** Returns an input for an operation, made from its schemas: the required members or, with `full`, all of them. */
export function inputFor(operation: DocumentedOperation, full: boolean): GeneratedInput {
  const { document, parameters, path } = operation;
  const credentials = credentialsOf(document);
  const slots = [...path.replace(/#.*/, '').matchAll(/\{[+#/]?([^{}]*?)[+*]?\}/g)].map(
    ([, name]) => name,
  );
  const inPath = path.split(/[?#]/)[0] ?? '';
  const declaredInPath = new Set(
    parameters.filter((each) => each.in === 'path').map(({ name }) => name),
  );
  const [mediaType, schema, bodyRequired] = bodyOf(operation);
  const callers = parameters
    .filter((each) => ['path', 'query', 'header', 'cookie'].includes(each.in))
    .filter((each) => each.in !== 'header' || !IGNORED.test(each.name))
    .filter((each) => each.in !== 'path' || slots.includes(each.name))
    .map((each) =>
      each.in === 'query' && inPath.includes(`{${each.name}}`) && !declaredInPath.has(each.name)
        ? { ...each, in: 'path' }
        : each,
    )
    .filter(
      ({ in: location, name }) =>
        !credentials.has(`${location} ${location === 'header' ? name.toLowerCase() : name}`),
    );
  const declared = new Set(callers.map(({ name }) => name));
  const undeclared = [...new Set(slots)]
    .filter((name) => !declared.has(name))
    .map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  const taken = new Set(['__proto__', 'constructor', 'prototype', '_bsontype']);
  if (mediaType !== undefined) taken.add('body');
  if (mediaTypesOf(operation).length > 1) taken.add('contentType');
  const filled: Filled[] = [];
  const ordered = ['path', 'query', 'header', 'cookie'].flatMap((location) =>
    [...callers, ...undeclared].filter((each) => each.in === location),
  );
  for (const parameter of ordered) {
    let key: string = parameter.name;
    if (taken.has(key)) key = `${key}_${parameter.in}`;
    taken.add(key);
    if (!full && parameter.required !== true && parameter.in !== 'path') continue;
    filled.push({ parameter, key, value: parameterValue(operation, parameter) });
  }
  const entries = filled
    .filter(({ value }) => value !== null && value !== undefined)
    .map(({ key, value }) => [key, value]);
  const body =
    mediaType !== undefined && (full || bodyRequired)
      ? bodyValue(operation, mediaType, schema, full)
      : undefined;
  return {
    input: Object.fromEntries([...entries, ...(body === undefined ? [] : [['body', body]])]),
    filled,
    mediaType,
  };
}

function parameterValue({ document }: DocumentedOperation, parameter: Json): Json {
  const [media] = Object.values<Json>(parameter.content ?? {});
  const schema = media?.schema ?? parameter.schema ?? (document.swagger ? parameter : {});
  return valueFor(schema, { document, full: false });
}

function mediaTypesOf({ document, node, parameters }: DocumentedOperation): string[] {
  if (document.swagger === undefined) {
    return Object.keys(deref(document, node.requestBody)?.content ?? {});
  }
  if (parameters.some((each) => each.in === 'formData')) {
    const hasFile = parameters.some((each) => each.type === 'file');
    const consumes: string[] = node.consumes ?? document.consumes ?? [];
    const onlyMultipart =
      consumes.length > 0 && consumes.every((each) => each.startsWith('multipart'));
    return [hasFile || onlyMultipart ? 'multipart/form-data' : 'application/x-www-form-urlencoded'];
  }
  if (!parameters.some((each) => each.in === 'body')) return [];
  return node.consumes ?? document.consumes ?? ['application/json'];
}

/** JSON first, then a form, multipart, text, bytes, as README.md describes. */
function bodyOf(operation: DocumentedOperation): [string | undefined, Json, boolean] {
  const { document, node, parameters, method } = operation;
  if (method === 'HEAD') return [undefined, undefined, false];
  const types = mediaTypesOf(operation);
  const rank = (type: string) =>
    [/[/+]json|^\*\/\*|^[^/]*$/, /urlencoded/, /^multipart/, /^text|xml|yaml/].findIndex((each) =>
      each.test(type),
    ) >>> 0;
  const [type] = [...types].sort((a, b) => rank(a) - rank(b));
  if (document.swagger === undefined) {
    const body = deref(document, node.requestBody);
    return [type, body?.content?.[type ?? '']?.schema, body?.required === true && method !== 'GET'];
  }
  const body = parameters.find((each) => each.in === 'body');
  if (body) return [type, body.schema, body.required === true && method !== 'GET'];
  const fields = parameters.filter((each) => each.in === 'formData');
  const required = fields.filter((each) => each.required === true).map(({ name }) => name);
  const properties = Object.fromEntries(fields.map((each) => [each.name, each]));
  return [type, { type: 'object', properties, required }, required.length > 0];
}

function bodyValue(
  { document }: DocumentedOperation,
  type: string,
  schema: Json,
  full: boolean,
): Json {
  const resolved = deref(document, schema);
  const isForm = /urlencoded|^multipart/.test(type);
  const isJson = /[/+]json/.test(type) || !type.includes('/') || type.startsWith('*/*');
  if (isForm) {
    const value = valueFor(schema ?? { type: 'object' }, {
      document,
      full,
      files: type.startsWith('multipart'),
    });
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
  }
  const isBytes = resolved?.format === 'binary' || resolved?.type === 'file';
  if (isJson && !(isBytes && !type.includes('json'))) {
    if (type.startsWith('*/*') && resolved?.type === 'string') return 'some text';
    return valueFor(schema ?? {}, { document, full });
  }
  const isText =
    /^(?:text|message)\/|[/+.-](?:xml|yaml|csv|graphql|jwt|jose|jwe|javascript|sql)\b/.test(type);
  return (isText || resolved?.type === 'string') && !isBytes ? 'some text' : { base64: 'aGVsbG8=' };
}

/** Returns, for an input that was accepted, how the built request and the document differ, as sentences. */
export function disagreements(
  connector: ConnectorSpec,
  action: AnyAction,
  operation: DocumentedOperation,
  generated: GeneratedInput,
): string[] {
  const sent = buildRequest(connector, action.request(generated.input), connector.example ?? {});
  return [
    ...(sent.method === operation.method ? [] : [`method ${sent.method}`]),
    ...pathDisagreements(connector, action, operation, sent),
    ...generated.filled.flatMap((each) => parameterDisagreements(operation, each, sent)),
    ...bodyDisagreements(generated, sent),
  ];
}

function pathDisagreements(
  connector: ConnectorSpec,
  action: AnyAction,
  { path }: DocumentedOperation,
  { url }: Outgoing,
): string[] {
  const bases = Object.values(connector.servers).map((server) => {
    const filled = server.replace(
      /\{(\w+)\}/g,
      (_all, name: string) => connector.example?.[name] ?? '',
    );
    // The host in lower case, as it is sent.
    return new URL(filled).href.replace(/\/+$/, '');
  });
  const template = (path.split(/[?#]/)[0] ?? '').replace(/^\/*/, '/');
  const pattern = template
    .split(/\{[^{}]*\}/)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^?#]+');
  const found = bases.some((base) => {
    if (!url.href.startsWith(base)) return false;
    const rest = url.href.slice(base.length).split('?')[0] ?? '';
    return (
      new RegExp(`^${pattern}$`).test(rest) || new RegExp(`^${pattern}$`).test(decodeURI(rest))
    );
  });
  return found ? [] : [`${action.name}: ${url.href} does not match ${template}`];
}

function parameterDisagreements(
  { path }: DocumentedOperation,
  { parameter, value }: Filled,
  sent: Outgoing,
): string[] {
  const { name, in: location } = parameter;
  const isScalar = ['string', 'number', 'boolean'].includes(typeof value);
  if (!isScalar) return [];
  const text = String(value);
  const got = (() => {
    if (location === 'query')
      return sent.url.searchParams
        .getAll(name)
        .includes(parameter.content ? JSON.stringify(value) : text);
    if (location === 'header') return sent.headers[name.toLowerCase()] === text;
    if (location === 'cookie')
      return sent.headers['cookie']?.includes(`${name}=${encodeURIComponent(text)}`) === true;
    const where =
      decodeURIComponent(sent.url.pathname) +
      decodeURIComponent(sent.url.search).replaceAll('+', ' ');
    return where.includes(text) || path.includes('?');
  })();
  return got ? [] : [`${location} ${name} is not sent as ${text.slice(0, 50)}`];
}

function bodyDisagreements(
  { input, mediaType }: GeneratedInput,
  { headers, body }: Outgoing,
): string[] {
  // Without a body that is the name of a parameter like any other.
  const given = mediaType === undefined ? undefined : input['body'];
  if (given === undefined) return body === undefined ? [] : ['a body is sent'];
  const type = headers['content-type'] ?? '';
  const text = body?.toString('utf8') ?? '';
  if (type.includes('json')) {
    return JSON.stringify(JSON.parse(text)) === JSON.stringify(given) ? [] : ['the JSON differs'];
  }
  if (type.includes('urlencoded')) {
    const form = new URLSearchParams(text);
    return Object.entries(given)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
      .filter(([name, value]) => !form.getAll(name).includes(String(value)))
      .map(([name]) => `the form lacks ${name}`);
  }
  if (type.startsWith('multipart/')) {
    return Object.entries(given)
      .filter(([, value]) => !Array.isArray(value))
      .filter(([name]) => !text.includes(`name="${name}"`) && type.includes('form-data'))
      .map(([name]) => `no part is ${name}`);
  }
  if (typeof given === 'string') return text === given ? [] : ['the text differs'];
  return body?.toString('base64') === given.base64
    ? []
    : [`the bytes of ${mediaType ?? ''} differ`];
}
