import type { OpenApiDocument } from './document.js';
import { entriesOf, listOf, memberOf, objectsOf } from './json.js';
import type { Operation } from './operations.js';

/** The sets of schemes, any one of which suffices. The empty set `{}`, which requires nothing, is dropped. */
export interface Requirements {
  readonly sets: readonly (readonly string[])[];
  /** Those of the first set that has any. */
  readonly scopes: readonly string[];
}

const SETS_MAX = 100;
const SCHEMES_MAX = 20;
const SCOPES_MAX = 100;

/** Each list is read once, however many operations share it. */
const known = new WeakMap<readonly unknown[], Requirements>();

/** Returns an operation's own requirements, or those of the whole document. */
export function requirementsOf(
  { root }: OpenApiDocument,
  { node }: Pick<Operation, 'node'>,
): Requirements {
  return readRequirements(memberOf(node, 'security') ?? memberOf(root, 'security'));
}

/** Reads a list of https://spec.openapis.org/oas/v3.0.4.html#security-requirement-object */
export function readRequirements(value: unknown): Requirements {
  const list = listOf(value);
  const requirements = known.get(list) ?? read(list);
  known.set(list, requirements);
  return requirements;
}

function read(list: readonly unknown[]): Requirements {
  const sets = objectsOf(list, SETS_MAX)
    .map((each) => entriesOf(each).slice(0, SCHEMES_MAX))
    .filter((set) => set.length > 0);
  const scopes = sets
    .map((set) => set.flatMap(([, each]) => listOf(each).slice(0, SCOPES_MAX)))
    .map((each) => each.filter((scope) => typeof scope === 'string'))
    .find((each) => each.length > 0);
  return {
    sets: sets.map((set) => set.map(([name]) => name)),
    scopes: [...new Set(scopes)].slice(0, SCOPES_MAX),
  };
}
