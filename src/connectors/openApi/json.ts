/** An object of an untrusted document. Read its members with `memberOf` only: a name may be `__proto__`. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Returns the value if it is an object and not a list. */
export function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

/** Returns an own member; `undefined` also if the value is not an object. */
export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as JsonObject)[name]
    : undefined;
}

/** Returns the list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** Returns the objects among the first `countMax` items of a list. */
export function objectsOf(value: unknown, countMax: number): JsonObject[] {
  return listOf(value)
    .slice(0, countMax)
    .map(objectOf)
    .filter((each) => each !== undefined);
}

/** Returns the members; none if the value is not an object. */
export function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(objectOf(value) ?? {});
}

/** Returns the text, if it is one and not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
