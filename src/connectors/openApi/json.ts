/** An object of an untrusted document. Read its members by `memberOf` only: a name may be `__proto__`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value if it is an object and no list. */
export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** A member of its own; `undefined` where the value is no object, too. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as JsonObject)[name]
    : undefined;
}

/** The list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The objects of a list, of the first so many. */
export function objectsOf(value: unknown, countMax: number): JsonObject[] {
  return listOf(value)
    .slice(0, countMax)
    .map(objectOf)
    .filter((each) => each !== undefined);
}

/** The members, none where the value is no object. */
export function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(objectOf(value) ?? {});
}

/** The text, if it is one and not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
