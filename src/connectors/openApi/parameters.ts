import { HEADER_NAME, isForbiddenHeader } from '../../contract/index.js';
import { type OpenApiDocument, resolve } from './document.js';
import { entriesOf, type JsonObject, listOf, memberOf, objectOf, textOf } from './json.js';
import { PATTERN_LENGTH_MAX } from './keywords.js';
import type { Operation } from './operations.js';
import { type PathTemplate, slotNames } from './pathTemplate.js';
import type { Style, Styled } from './serialize.js';

export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie';

/** A parameter of an operation in the terms of OpenAPI 3, also for a Swagger 2 document. */
export interface Parameter extends Styled {
  readonly location: ParameterLocation;
  readonly required: boolean;
  /** Whether a value of the path may have several segments. */
  readonly isWhole: boolean;
  /** The schema as it is in the document. */
  readonly schema: unknown;
  readonly description?: string;
}

const LOCATIONS = new Set<unknown>(['path', 'query', 'header', 'cookie']);
const PARAMETERS_MAX = 500;

/**
 * Headers that callers cannot set: OpenAPI 3 defines the first three elsewhere in the document
 * (https://spec.openapis.org/oas/v3.0.4.html#parameter-name), and a signature writes the others itself.
 */
const RESERVED_HEADERS =
  /^(?:accept|content-type|authorization|cookie|x-amz-(?:content-sha256|date|algorithm|credential|security-token|signature|signedheaders))$/i;

const STYLES: Readonly<Record<ParameterLocation, readonly Style[]>> = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'tabDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
};

/**
 * The formats of https://swagger.io/specification/v2/#parameter-object except `csv`, the default of each location, and
 * `multi`.
 */
export const COLLECTION_STYLES: ReadonlyMap<string, Style> = new Map([
  ['ssv', 'spaceDelimited'],
  ['tsv', 'tabDelimited'],
  ['pipes', 'pipeDelimited'],
]);

/** Returns the parameters of an operation, including those of its path, in the document's order. */
export function parametersOf(
  document: OpenApiDocument,
  { item, node }: Pick<Operation, 'item' | 'node'>,
  template: PathTemplate,
): readonly Parameter[] {
  const found = new Map<string, Parameter>();
  const slots = new Set(slotNames(template));
  for (const raw of rawParametersOf(document, { item, node })) {
    const parameter = readParameter(document, raw);
    // A path parameter without a slot in the path cannot be sent.
    if (!parameter || (parameter.location === 'path' && !slots.has(parameter.name))) continue;
    found.set(idOf(parameter), parameter);
  }
  for (const { name } of template.slots) {
    // A query parameter with a slot in the path is a path parameter.
    const described = found.get(`path ${name}`) ?? found.get(`query ${name}`);
    if (described?.location === 'path') continue;
    found.delete(`query ${name}`);
    const schema = described?.schema ?? UNDECLARED.schema;
    found.set(`path ${name}`, { ...UNDECLARED, schema, name });
  }
  for (const name of slots) {
    if (found.has(`path ${name}`) || found.has(`query ${name}`)) continue;
    found.set(`path ${name}`, { ...UNDECLARED, name });
  }
  return [...found.values()];
}

/** A slot that no parameter describes. */
const UNDECLARED: Omit<Parameter, 'name'> = {
  location: 'path',
  required: true,
  style: 'simple',
  explode: false,
  isJson: false,
  isWhole: false,
  schema: { type: 'string' },
};

/**
 * Returns everything that the document lists as parameters, including Swagger 2's bodies; the operation's own after its
 * path's.
 */
export function rawParametersOf(
  document: OpenApiDocument,
  { item, node }: Pick<Operation, 'item' | 'node'>,
): readonly JsonObject[] {
  return [...listOf(memberOf(item, 'parameters')), ...listOf(memberOf(node, 'parameters'))]
    .slice(0, PARAMETERS_MAX)
    .map((each) => resolve(document, each))
    .filter((each) => each !== undefined);
}

/** Returns what identifies a parameter. Header names are equal whatever their case. */
function idOf({ location, name }: Parameter): string {
  return `${location} ${location === 'header' ? name.toLowerCase() : name}`;
}

function readParameter(document: OpenApiDocument, raw: JsonObject): Parameter | undefined {
  const name = textOf(memberOf(raw, 'name'));
  const location = memberOf(raw, 'in');
  if (name === undefined || !LOCATIONS.has(location)) return undefined;
  const at = location as ParameterLocation;
  if (at === 'header' && isNotTheCallers(name)) return undefined;
  if (at === 'cookie' && !HEADER_NAME.test(name)) return undefined;
  const description = textOf(memberOf(raw, 'description'));
  return {
    name,
    location: at,
    required: at === 'path' || memberOf(raw, 'required') === true,
    ...(document.version === '2.0' ? readSwagger2(raw, at) : readOpenApi3(raw, at)),
    isWhole: at === 'path' && hasSlashes(raw),
    ...(description !== undefined && { description }),
  };
}

function isNotTheCallers(name: string): boolean {
  return RESERVED_HEADERS.test(name) || !HEADER_NAME.test(name) || isForbiddenHeader(name);
}

type Written = Pick<Parameter, 'style' | 'explode' | 'isJson' | 'schema'>;

function readSwagger2(raw: JsonObject, location: ParameterLocation): Written {
  const format = textOf(memberOf(raw, 'collectionFormat')) ?? 'csv';
  return {
    style:
      (location === 'query' ? COLLECTION_STYLES.get(format) : undefined) ?? defaultStyle(location),
    explode: format === 'multi',
    isJson: false,
    // The parameter is its own schema.
    schema: raw,
  };
}

function readOpenApi3(raw: JsonObject, location: ParameterLocation): Written {
  const [content] = entriesOf(memberOf(raw, 'content'));
  const declared = STYLES[location].find((each) => each === memberOf(raw, 'style'));
  const style = declared ?? defaultStyle(location);
  const explode = memberOf(raw, 'explode');
  return {
    style,
    explode: typeof explode === 'boolean' ? explode : style === 'form',
    isJson: content !== undefined && /[/+]json\b/i.test(content[0]),
    schema: content === undefined ? memberOf(raw, 'schema') : memberOf(content[1], 'schema'),
  };
}

function defaultStyle(location: ParameterLocation): Style {
  return location === 'query' || location === 'cookie' ? 'form' : 'simple';
}

/** Returns whether a path parameter itself shows that its slashes are kept. */
function hasSlashes(raw: JsonObject): boolean {
  if (memberOf(raw, 'allowReserved') === true || memberOf(raw, 'x-ms-skip-url-encoding') === true) {
    return true;
  }
  const pattern = memberOf(objectOf(memberOf(raw, 'schema')) ?? raw, 'pattern');
  // `[^/]` is the one slash in a pattern that means none.
  if (typeof pattern !== 'string' || pattern.length > PATTERN_LENGTH_MAX) return false;
  return pattern.replace(/\[\^[^\]]*\]/g, '').includes('/');
}
