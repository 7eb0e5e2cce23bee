import fc from 'fast-check';

/** A document as published: its parts are looked up by hand, independently of the code under test. */
export type Json = any; // eslint-disable-line @typescript-eslint/no-explicit-any -- untrusted JSON, read by hand

export interface DocumentedOperation {
  readonly document: Json;
  readonly path: string;
  readonly method: string;
  readonly node: Json;
  readonly parameters: readonly Json[];
}

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/** The operations of a document in its order. */
export function operationsIn(document: Json): DocumentedOperation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, raw]) => {
    if (path.startsWith('x-')) return [];
    const item = deref(document, raw);
    return METHODS.filter((method) => item?.[method] !== undefined).map((method) => {
      const node = item[method];
      const all = [...(item.parameters ?? []), ...(node.parameters ?? [])].map((each) =>
        deref(document, each),
      );
      const unique = new Map<string, Json>();
      for (const each of all) {
        if (!each?.name) continue;
        const name = each.in === 'header' ? String(each.name).toLowerCase() : each.name;
        unique.set(`${each.in} ${name}`, each);
      }
      return {
        document,
        path,
        method: method.toUpperCase(),
        node,
        parameters: [...unique.values()],
      };
    });
  });
}

/** Follows local references. */
export function deref(document: Json, node: Json): Json {
  let found = node;
  for (let steps = 0; steps < 40 && typeof found?.$ref === 'string'; steps += 1) {
    if (!found.$ref.startsWith('#/')) return undefined;
    let target = document;
    for (const token of found.$ref.slice(2).split('/'))
      target = target?.[decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')];
    found = target;
  }
  return found;
}

export interface Wish {
  readonly document: Json;
  /** Optional members, too, as far as they are not nested deep. */
  readonly full: boolean;
  /** Bytes are files, as in a multipart body. */
  readonly files?: boolean;
  readonly depth?: number;
}

/** A value that a schema of a document accepts, or nearly always does. */
export function valueFor(raw: Json, wish: Wish): Json {
  const depth = wish.depth ?? 0;
  const schema = flattened(raw, wish, 0);
  if (depth > 14) return schema.type === 'object' ? {} : null;
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum) && schema.enum.length > 0)
    return schema.enum.find((each: Json) => each !== null) ?? null;
  const inner = { ...wish, depth: depth + 1 };
  switch (typeOf(schema)) {
    case 'object':
      return objectFor(schema, inner);
    case 'array':
      return arrayFor(schema, inner);
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return numberFor(schema);
    case 'null':
      return null;
    case 'file':
      return { base64: 'aGVsbG8=', filename: 'hello.txt' };
    default:
      if (wish.files && schema.format === 'binary') return { base64: 'aGVsbG8=' };
      return textFor(schema);
  }
}

function typeOf(schema: Json): string {
  const type = [schema.type].flat().find((each) => each !== 'null' && each !== undefined);
  if (type !== undefined) return type;
  if (schema.type === 'null') return 'null';
  if (schema.properties || schema.additionalProperties) return 'object';
  return schema.items ? 'array' : 'string';
}

/** References followed, `allOf` merged, the first of `oneOf` and `anyOf` taken. */
function flattened(raw: Json, wish: Wish, steps: number): Json {
  const schema = deref(wish.document, raw);
  if (schema === null || typeof schema !== 'object' || steps > 12) return {};
  // Beside a reference there may be more in 3.1.
  const beside = raw?.$ref !== undefined && wish.document.openapi?.startsWith('3.1') ? raw : {};
  const { $ref: _ref, ...own } = beside;
  const parts = [...(schema.allOf ?? []), schema.oneOf?.[0], schema.anyOf?.[0]]
    .filter((each) => each !== undefined)
    .map((each) => flattened(each, wish, steps + 1));
  return [schema, own, ...parts].reduce(merged, {});
}

function merged(a: Json, b: Json): Json {
  const { allOf: _all, oneOf: _one, anyOf: _any, ...rest } = b;
  return {
    ...rest,
    ...a,
    ...((a.properties || rest.properties) && {
      properties: { ...rest.properties, ...a.properties },
    }),
    required: [...listed(a.required), ...listed(rest.required)],
  };
}

function listed(value: Json): Json[] {
  return Array.isArray(value) ? value : [];
}

function objectFor(schema: Json, wish: Wish): Json {
  const properties = schema.properties ?? {};
  const isNotSent = (name: string) =>
    properties[name] === false ||
    properties[name]?.readOnly === true ||
    deref(wish.document, properties[name])?.readOnly === true;
  const required = [...new Set<string>(listed(schema.required))].filter((name) => !isNotSent(name));
  const optional =
    wish.full && (wish.depth ?? 0) <= 2
      ? Object.keys(properties).filter((name) => !isNotSent(name) && !required.includes(name))
      : [];
  const entries = [...required, ...optional.slice(0, 20)].map((name) => [
    name,
    valueFor(properties[name] ?? schema.additionalProperties ?? {}, wish),
  ]);
  const missing = Math.max(0, (schema.minProperties ?? 0) - entries.length);
  const others = Object.keys(properties).filter(
    (name) => !entries.some(([known]) => known === name),
  );
  const more = Array.from({ length: missing }, (_, nth) => {
    const name = others[nth] ?? `member${nth}`;
    return [name, valueFor(properties[name] ?? schema.additionalProperties ?? {}, wish)];
  });
  return Object.fromEntries([...entries, ...more]);
}

function arrayFor(schema: Json, wish: Wish): Json {
  const length = Math.max(schema.minItems ?? 0, schema.maxItems === 0 ? 0 : 1);
  const items = Array.isArray(schema.items) ? schema.items[0] : schema.items;
  const one = valueFor(items ?? {}, wish);
  const choices: Json[] = listed(flattened(items ?? {}, wish, 0).enum);
  return Array.from({ length: Math.min(length, 50) }, (_, nth) => {
    if (nth === 0 || schema.uniqueItems !== true) return one;
    if (choices.length > 0) return choices[nth];
    return typeof one === 'string' ? `${one}${nth}` : typeof one === 'number' ? one + nth : one;
  });
}

function numberFor(schema: Json): number {
  const finite = (value: Json) => (typeof value === 'number' ? value : undefined);
  const above = schema.exclusiveMinimum === true ? schema.minimum : finite(schema.exclusiveMinimum);
  const below = schema.exclusiveMaximum === true ? schema.maximum : finite(schema.exclusiveMaximum);
  const step = schema.multipleOf ?? (schema.type === 'integer' ? 1 : 0.5);
  const low = Math.max(finite(schema.minimum) ?? -Infinity, above ?? -Infinity);
  const high = Math.min(finite(schema.maximum) ?? Infinity, below ?? Infinity);
  if (low <= 1 && high >= 1 && above !== 1 && below !== 1 && Number.isInteger(1 / step)) return 1;
  const from = Number.isFinite(low) ? Math.ceil(low / step) * step : Math.floor(high / step) * step;
  if (from === above) return from + step <= high ? from + step : (low + high) / 2;
  return from === below ? from - step : from;
}

const TEXTS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/a',
  uuid: '6f1c1e0a-7a4b-4c8e-9a55-3d3d6c0f1f11',
  byte: 'aGVsbG8=',
};

function textFor(schema: Json): string {
  const formatted = TEXTS[schema.format];
  if (typeof schema.pattern === 'string') {
    const found = matching(schema);
    if (found !== undefined) return found;
  }
  if (formatted !== undefined) return formatted;
  const min = schema.minLength ?? 0;
  const max = schema.maxLength ?? Infinity;
  return 'some text'.padEnd(min, 'x').slice(0, Math.max(max, min));
}

/** Thousands of parameters have one pattern; to find a text for it takes a while. */
const textsFound = new Map<string, string | undefined>();

function matching(schema: Json): string | undefined {
  const { pattern, minLength, maxLength, example, default: fallback, format } = schema;
  const key = JSON.stringify([pattern, minLength, maxLength, example, fallback, format]);
  if (!textsFound.has(key)) textsFound.set(key, textMatching(schema));
  return textsFound.get(key);
}

function textMatching(schema: Json): string | undefined {
  const fits = (text: string) =>
    text !== '' &&
    text.length >= (schema.minLength ?? 0) &&
    text.length <= (schema.maxLength ?? Infinity);
  for (const flags of ['u', '']) {
    try {
      const pattern = new RegExp(schema.pattern, flags);
      const given = [
        schema.example,
        schema.default,
        TEXTS[schema.format],
        'abc',
        'a'.repeat(schema.minLength ?? 1),
        'a',
        '1',
        '12345',
      ];
      const known = given.find(
        (each) => typeof each === 'string' && pattern.test(each) && fits(each),
      );
      if (known !== undefined) return known;
      const samples = fc.sample(fc.stringMatching(pattern), { numRuns: 200, seed: 7 });
      // Characters that a header can carry and a path accepts, if there is a choice.
      const found = samples.filter(fits);
      return found.find((text) => /^[\w.-]+$/.test(text) && !/^\.+$/.test(text)) ?? found[0];
    } catch {
      continue;
    }
  }
  return undefined;
}
