import { type OpenApiDocument, resolve } from './document.js';
import { entriesOf, type JsonObject, listOf, memberOf, objectOf, textOf } from './json.js';
import type { Operation } from './operations.js';
import { COLLECTION_STYLES, rawParametersOf } from './parameters.js';

/** How a body is encoded. */
type BodyKind = 'json' | 'form' | 'multipart' | 'text' | 'binary';

/** A media type that an operation's body may have. */
export interface BodyVariant {
  readonly contentType: string;
  readonly kind: BodyKind;
  /** The schema as it is in the document. */
  readonly schema: unknown;
  /** How single members are encoded: https://spec.openapis.org/oas/v3.0.4.html#encoding-object */
  readonly encoding: JsonObject;
}

/** The body of an operation, its variants in the order of preference; without variants there is no body. */
export interface BodyPlan {
  readonly required: boolean;
  readonly variants: readonly BodyVariant[];
}

const NO_BODY: BodyPlan = { required: false, variants: [] };
const PREFERENCE: readonly BodyKind[] = ['json', 'form', 'multipart', 'text', 'binary'];
/** https://www.rfc-editor.org/rfc/rfc6838#section-4.2, with parameters, and with the wildcards that documents use. */
const MEDIA_TYPE = /^[\w!#$&^.+*-]{1,127}\/[\w!#$&^.+*-]{1,127}(?:\s*;[\x20-\x7e]{0,200})?$/;

/** Returns the bodies that an operation accepts: JSON first, then a form, multipart, text, bytes. */
export function bodyOf(document: OpenApiDocument, operation: Operation): BodyPlan {
  // A body has no meaning for these methods: https://www.rfc-editor.org/rfc/rfc9110#section-9.3.2
  if (operation.method === 'HEAD') return NO_BODY;
  const plan =
    document.version === '2.0'
      ? swagger2Body(document, operation)
      : openApi3Body(document, operation);
  const variants = PREFERENCE.flatMap((kind) => plan.variants.filter((each) => each.kind === kind));
  // For GET a body has no meaning in HTTP; documents require one by mistake more often than services do.
  return { required: plan.required && operation.method !== 'GET', variants };
}

function openApi3Body(document: OpenApiDocument, { node }: Operation): BodyPlan {
  const body = resolve(document, memberOf(node, 'requestBody'));
  const variants = entriesOf(memberOf(body, 'content')).map(([name, media]) => {
    const schema = memberOf(media, 'schema');
    const encoding = objectOf(memberOf(media, 'encoding')) ?? {};
    return { ...variantOf(name, resolve(document, schema) ?? {}), schema, encoding };
  });
  return { required: memberOf(body, 'required') === true, variants: firstOfEach(variants) };
}

function swagger2Body(document: OpenApiDocument, operation: Operation): BodyPlan {
  const raw = rawParametersOf(document, operation);
  const body = raw.find((each) => memberOf(each, 'in') === 'body');
  const fields = raw.filter((each) => memberOf(each, 'in') === 'formData');
  const consumes = [operation.node, document.root]
    .map((each) => listOf(memberOf(each, 'consumes')).filter((one) => typeof one === 'string'))
    .find((list) => list.length > 0);
  if (!body) return fields.length === 0 ? NO_BODY : swagger2Form(fields, consumes ?? []);
  const schema = memberOf(body, 'schema');
  const variants = (consumes ?? ['application/json']).map((name) => ({
    ...variantOf(name, resolve(document, schema) ?? {}),
    schema,
    encoding: {},
  }));
  return { required: memberOf(body, 'required') === true, variants: firstOfEach(variants) };
}

/** Returns form parameters as one object: https://swagger.io/specification/v2/#parameter-object */
function swagger2Form(fields: readonly JsonObject[], consumes: readonly string[]): BodyPlan {
  const named = fields.flatMap((field) => {
    const name = textOf(memberOf(field, 'name'));
    return name === undefined ? [] : [{ name, field }];
  });
  const required = named
    .filter(({ field }) => memberOf(field, 'required') === true)
    .map(({ name }) => name);
  const schema = {
    type: 'object',
    properties: Object.fromEntries(named.map(({ name, field }) => [name, field])),
    required,
  };
  const encoding = Object.fromEntries(
    named.map(({ name, field }) => {
      const format = textOf(memberOf(field, 'collectionFormat')) ?? 'csv';
      return [
        name,
        { style: COLLECTION_STYLES.get(format) ?? 'form', explode: format === 'multi' },
      ];
    }),
  );
  const hasFile = named.some(({ field }) => memberOf(field, 'type') === 'file');
  const kinds = consumes.map((name) => variantOf(name, schema).kind);
  const kind =
    hasFile || (kinds.includes('multipart') && !kinds.includes('form')) ? 'multipart' : 'form';
  const contentType =
    kind === 'multipart' ? 'multipart/form-data' : 'application/x-www-form-urlencoded';
  return { required: required.length > 0, variants: [{ contentType, kind, schema, encoding }] };
}

/** Keeps the first variant of each media type. Two spellings of one media type count as one. */
function firstOfEach(variants: readonly BodyVariant[]): readonly BodyVariant[] {
  return [
    ...new Map([...variants].reverse().map((each) => [each.contentType, each])).values(),
  ].reverse();
}

function variantOf(name: string, schema: JsonObject): Pick<BodyVariant, 'contentType' | 'kind'> {
  const contentType = name.trim();
  const type = memberOf(schema, 'type');
  const isBytes = memberOf(schema, 'format') === 'binary' || type === 'file';
  const isText = type === 'string' && !isBytes;
  if (!MEDIA_TYPE.test(contentType) || /^\*\/\*/.test(contentType)) {
    if (isBytes) return { contentType: 'application/octet-stream', kind: 'binary' };
    if (isText) return { contentType: 'text/plain', kind: 'text' };
    return { contentType: 'application/json', kind: 'json' };
  }
  const lower = contentType.toLowerCase();
  if (/[/+](?:[\w.-]+\+)?json\b/.test(lower)) {
    return { contentType: lower.includes('*') ? 'application/json' : contentType, kind: 'json' };
  }
  if (lower.startsWith('application/x-www-form-urlencoded')) return { contentType, kind: 'form' };
  if (lower.startsWith('multipart/')) return { contentType, kind: 'multipart' };
  const concrete = lower.includes('*') ? undefined : contentType;
  if (isText || (!isBytes && isTextual(lower))) {
    return { contentType: concrete ?? 'text/plain', kind: 'text' };
  }
  return { contentType: concrete ?? 'application/octet-stream', kind: 'binary' };
}

function isTextual(lower: string): boolean {
  return (
    /^(?:text|message)\//.test(lower) ||
    /[/+.-](?:xml|yaml|csv|graphql|jwt|jose|jwe|javascript|sql)\b/.test(lower)
  );
}
