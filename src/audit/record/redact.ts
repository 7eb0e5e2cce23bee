import { z } from 'zod';

/** The format of row ids, Parse's and the hub's. */
export const ID = /^[A-Za-z0-9]{1,40}$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;

/** The allowed texts of a value, by its name. */
export type Choices = ReadonlyMap<string, readonly unknown[]>;

/**
 * Returns a call's parameters as the log and the audit log may hold them: ids, numbers, flags, times and choices unchanged, of
 * everything else only kind and size. A secret typed into the wrong field does not look like an id and is none of the choices.
 */
export function summaryOf(
  params: Readonly<Record<string, unknown>>,
  choices: Choices = NONE,
): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(params)
      .slice(0, 30)
      .map(([name, value]) => [
        name.slice(0, 60),
        choices.get(name)?.includes(value) ? (value as string) : sizeOf(name, value),
      ]),
  );
}

const NONE: Choices = new Map();

function sizeOf(name: string, value: unknown): string | number | boolean {
  if (typeof value === 'number') return Number.isFinite(value) ? value : '[not finite]';
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    const isKept = (/(?:Id|\.id)$/.test(name) && ID.test(value)) || TIME.test(value);
    return isKept ? value : `[${value.length} characters]`;
  }
  if (Array.isArray(value)) return `[${value.length} items]`;
  return value === null || value === undefined ? '[none]' : `[${Object.keys(value).length} keys]`;
}

/** Returns the members of an object, and those of nested objects as `name.member`. */
export function flatten(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return {};
  const entries = Object.entries(value).flatMap(([name, member]) =>
    isObject(member)
      ? Object.entries(member).map(([inner, each]) => [`${name}.${inner}`, each] as const)
      : [[name, member] as const],
  );
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const known = new WeakMap<z.ZodType, Choices>();

/** Returns the choices that a schema declares for its members and those of nested objects, named as by `flattened`. */
export function choicesOf(schema: z.ZodType): Choices {
  const found = known.get(schema) ?? new Map(choicesIn(schema, '', 2));
  known.set(schema, found);
  return found;
}

function choicesIn(
  schema: z.ZodType,
  name: string,
  depth: number,
): (readonly [string, readonly unknown[]])[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodEnum) return [[name, inner.options]];
  if (inner instanceof z.ZodLiteral) return [[name, [...inner.values]]];
  if (!(inner instanceof z.ZodObject) || depth === 0) return [];
  return Object.entries(inner.shape as Readonly<Record<string, z.ZodType>>).flatMap(
    ([member, each]) => choicesIn(each, name === '' ? member : `${name}.${member}`, depth - 1),
  );
}

function unwrap(schema: z.ZodType): z.ZodType {
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault;
  return isWrapped ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
