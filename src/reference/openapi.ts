import type { AnyFunction } from '../contract/index.js';
import {
  describeFunctions,
  type ErrorDescription,
  type FunctionDescription,
} from './description.js';
import { type JsonSchema, withReferences } from './jsonSchema.js';

export interface OpenApiOptions {
  /** The functions as they are registered, without those that the host's own organizations replace. */
  readonly manifest: readonly AnyFunction[];
  /** The prefix of each function name, set by the host. */
  readonly prefix: string;
  /** Parse Server's URL, such as https://api.example.com/parse. */
  readonly serverUrl: string;
  readonly title: string;
  readonly version: string;
}

/**
 * Returns the document at /hub/openapi.json: every function, with the responses that Parse Server really sends.
 * https://spec.openapis.org/oas/v3.1.1.html
 */
export function openApiDocument({ manifest, prefix, serverUrl, title, version }: OpenApiOptions) {
  const functions = describeFunctions(manifest);
  const schemas = new Components();
  const paths = functions.map((each) => [
    `/functions/${prefix}${each.name}`,
    { post: operation(each, schemas) },
  ]);
  return {
    openapi: '3.1.1',
    info: { title, version, description: DESCRIPTION },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [{ url: serverUrl }],
    tags: [...new Set(functions.map(({ domain }) => domain))].map((name) => ({ name })),
    paths: Object.fromEntries(paths) as Record<string, { post: ReturnType<typeof operation> }>,
    components: {
      schemas: { ...schemas.all, Refusal: REFUSAL },
      responses: RESPONSES,
      securitySchemes: SECURITY,
    },
  };
}

const DESCRIPTION =
  'Cloud functions of a Parse Server. A call returns `{ "result": … }`, or `{ "code": …, "error": "…" }` with a number that ' +
  'never changes and a message that may be reworded. Parse Server returns every error with HTTP 400, except 404 for number 101 and ' +
  '500 for number 1: distinguish errors by number.';

const key = (name: string, description: string) => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
});

const SECURITY = {
  applicationId: key('X-Parse-Application-Id', 'The id of the application; not a secret.'),
  sessionToken: key('X-Parse-Session-Token', 'The session of the caller, from POST /login.'),
  masterKey: key(
    'X-Parse-Master-Key',
    'May call every function, in every organization. Never send it from a browser.',
  ),
};

const REFUSAL = {
  type: 'object',
  properties: { code: { type: 'integer' }, error: { type: 'string' } },
  required: ['code', 'error'],
};

const RESPONSES = {
  Forbidden: {
    description:
      'The application id is missing or wrong, or the master key came from an address that may not use it.',
    content: {
      'application/json': {
        schema: { type: 'object', properties: { error: { type: 'string' } }, required: ['error'] },
        example: { error: 'unauthorized' },
      },
    },
  },
};

function operation(each: FunctionDescription, schemas: Components) {
  const name = each.name.charAt(0).toUpperCase() + each.name.slice(1);
  const params = schemas.add(`${name}Params`, each.params);
  const result = schemas.add(`${name}Result`, each.result);
  return {
    operationId: each.name,
    summary: each.summary,
    tags: [each.domain],
    security: securityOf(each),
    'x-permission': each.access.kind === 'permission' ? each.access.permission : each.access.kind,
    'x-reads': each.reads,
    requestBody: {
      required: (each.params.required ?? []).length > 0,
      content: { 'application/json': { schema: params, example: each.example.params } },
    },
    responses: {
      '200': {
        description: 'What the function returns, under `result`.',
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: { result },
              required: ['result'],
              additionalProperties: false,
            },
            example: { result: each.example.result },
          },
        },
      },
      '403': { $ref: '#/components/responses/Forbidden' },
      ...refusals([...each.errors, ...each.commonErrors]),
    },
  };
}

function securityOf({ access }: FunctionDescription) {
  const masterKey = { applicationId: [], masterKey: [] };
  return access.kind === 'master'
    ? [masterKey]
    : [{ applicationId: [], sessionToken: [] }, masterKey];
}

/** Returns one response per HTTP status of the errors, with the number of each. */
function refusals(errors: readonly ErrorDescription[]) {
  const statuses = [400, 401, 404, 413, 429, 500] as const;
  return Object.fromEntries(
    statuses
      .map((status) => ({
        status,
        these: errors.filter(({ httpStatus }) => httpStatus === status),
      }))
      .filter(({ these }) => these.length > 0)
      .map(({ status, these }) => [String(status), refusal(these)]),
  );
}

function refusal(errors: readonly ErrorDescription[]) {
  const code = errors.map(({ name, code, sentence }) => ({
    const: code,
    title: name,
    description: sentence,
  }));
  const parseOwn = {
    type: 'integer',
    maximum: 999,
    description: 'A number of Parse Server itself, such as 209.',
  };
  return {
    description: errors
      .map(({ name, code, sentence }) => `- ${String(code)} ${name}: ${sentence}`)
      .join('\n'),
    content: {
      'application/json': {
        schema: {
          type: 'object',
          allOf: [{ $ref: '#/components/schemas/Refusal' }],
          properties: { code: { anyOf: [...code, parseOwn] } },
        },
        examples: Object.fromEntries(
          errors.map(({ name, code, sentence }) => [name, { value: { code, error: sentence } }]),
        ),
      },
    },
  };
}

/**
 * Named schemas of the document. Definitions inside a schema are moved beside it, because `#` now refers to the
 * document.
 */
class Components {
  readonly all: Record<string, JsonSchema> = {};

  add(name: string, schema: JsonSchema): { readonly $ref: string } {
    const { $defs = {}, ...root } = schema;
    const names = new Map(
      Object.keys($defs).map((inner) => [`#/$defs/${inner}`, `${name}.${inner}`]),
    );
    names.set('#', name);
    const lift = (part: JsonSchema) =>
      withReferences(part, (ref) => reference(names.get(ref) ?? ref));
    this.all[name] = lift(root);
    for (const [inner, part] of Object.entries($defs)) this.all[`${name}.${inner}`] = lift(part);
    return { $ref: reference(name) };
  }
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}
