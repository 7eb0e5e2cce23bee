export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json | undefined };

/**
 * The one way to write a value as JSON: no space, members in the order of their names' UTF-16 code units, numbers and text
 * as ECMAScript writes them. Members that are `undefined` are left out. Throws for numbers that JSON does not have.
 * https://www.rfc-editor.org/rfc/rfc8785 (which in 3.2.2 refers to ECMAScript for numbers and text).
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

/** The canonical form of whatever `JSON.stringify` makes of a value: `toJSON` counts, `NaN` and `undefined` are null. */
export function canonicalJsonOf(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return canonicalJson(text === undefined ? null : (JSON.parse(text) as Json));
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
