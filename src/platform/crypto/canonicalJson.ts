export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/**
 * Returns the canonical JSON of a value: no whitespace, members sorted by the UTF-16 code units of their names, numbers
 * and text as ECMAScript writes them. Members that are `undefined` are omitted. Throws for numbers that JSON does not
 * have. https://www.rfc-editor.org/rfc/rfc8785 (section 3.2.2 refers to ECMAScript for numbers and text).
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`JSON has no number ${String(value)}.`);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.keys(value)
    .sort()
    .flatMap((name) => {
      const member = value[name];
      return member === undefined ? [] : [`${JSON.stringify(name)}:${canonicalJson(member)}`];
    });
  return `{${members.join(',')}}`;
}

/**
 * Returns the canonical form of what `JSON.stringify` makes of a value: `toJSON` is called, and `NaN` and `undefined`
 * become null.
 */
export function canonicalJsonOf(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return canonicalJson(text === undefined ? null : (JSON.parse(text) as Json));
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
