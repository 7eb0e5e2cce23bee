import type { BodyVariant } from './body.js';
import { type OpenApiDocument, resolve } from './document.js';
import { type JsonObject, memberOf } from './json.js';
import { onlyValueOf, type OperationPlan } from './plan.js';
import { FILE, type JsonSchema, openBundle, type SchemaBundle } from './schema.js';

/**
 * Returns the input of an operation as JSON Schema, draft 2020-12: one flat strict object of parameters by their keys,
 * `body`, and `contentType` if the body may have several types.
 */
export function inputSchemaOf(document: OpenApiDocument, plan: OperationPlan): JsonObject {
  const { parameters, body, takesContentType: asksContentType } = plan;
  const bundle = openBundle(document, 'request');
  const schemaOf = (variant: BodyVariant) =>
    bodySchema(bundle, { ...variant, schema: formOf(document, variant) });
  const properties: [string, JsonSchema][] = parameters.map(({ key, schema, description }) => {
    const converted = bundle.convert(schema);
    return [key, description === undefined ? converted : described(converted, description)];
  });
  const required = parameters
    .filter((each) => each.required && onlyValueOf(document, each) === undefined)
    .map(({ key }) => key);
  const [preferred] = body.variants;
  if (preferred) {
    properties.push(['body', asksContentType ? true : schemaOf(preferred)]);
    if (body.required) required.push('body');
  }
  if (asksContentType) {
    const types = body.variants.map(({ contentType }) => contentType);
    properties.push(['contentType', { enum: types, description: `Default ${types[0] ?? ''}.` }]);
  }
  const schema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    required,
    additionalProperties: false,
    ...(asksContentType && { allOf: choices(body.variants, schemaOf) }),
  };
  return { ...schema, $defs: bundle.definitions() };
}

/**
 * Returns the body of each media type, if the input selects it; the preferred media type also if the input selects
 * none.
 */
function choices(
  variants: readonly BodyVariant[],
  schemaOf: (variant: BodyVariant) => JsonSchema,
): JsonSchema[] {
  return variants.map((variant, nth) => ({
    if: {
      properties: { contentType: { const: variant.contentType } },
      ...(nth > 0 && { required: ['contentType'] }),
    },
    then: { properties: { body: schemaOf(variant) } },
  }));
}

function bodySchema(bundle: SchemaBundle, { kind, schema }: BodyVariant): JsonSchema {
  switch (kind) {
    case 'json':
      return bundle.convert(schema);
    case 'form':
      return isObject(bundle.convert(schema));
    case 'multipart':
      return isObject(bundle.convert(schema, { files: true }));
    case 'text':
      return { type: 'string' };
    case 'binary':
      return FILE;
  }
}

/**
 * Returns the schema of a body. A form whose schema says text or list gets none, because a form is always an object.
 */
function formOf(document: OpenApiDocument, { kind, schema }: BodyVariant): unknown {
  const types = [memberOf(resolve(document, schema), 'type')].flat();
  const isForm = kind === 'form' || kind === 'multipart';
  return isForm && types[0] !== undefined && !types.includes('object') ? true : schema;
}

/** Returns the schema of a form, which is an object whatever its schema says. */
function isObject(schema: JsonSchema): JsonSchema {
  return schema === true ? { type: 'object' } : { type: 'object', allOf: [schema] };
}

function described(schema: JsonSchema, description: string): JsonSchema {
  return typeof schema === 'boolean' ? { description } : { ...schema, description };
}
