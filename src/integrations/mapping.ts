import { valueAt } from '../connectors/index.js';
import type { JsonPointer } from '../contract/index.js';

/** Thrown when a mapping cannot be applied; its message is for the author of the mapping. */
export class MappingFailed extends Error {}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Items that one `$each` may make. */
const ITEMS_MAX = 100_000;

/**
 * Makes JSON by a declared mapping. A mapping is copied as it is, except objects with a member that begins with `$`:
 * - `{"$from": "/a/b", "$default": 0, "$as": "number"}`: the value at that JSON pointer. Without a value there, the default, or
 *   nothing. `$as` converts it to a string, number or boolean.
 * - `{"$from": "/items", "$each": mapping}`: the list there, each of its items mapped; pointers begin at the item.
 * - `{"$join": [mapping, …], "$with": " "}`: the texts joined, with a separator.
 * - `{"$literal": anything}`: the value as it is.
 * Throws MappingFailed.
 */
export function applyMapping(mapping: unknown, source: unknown): unknown {
  return applyNode(mapping as Json, source);
}

/** Returns what is wrong with a mapping, whatever it is applied to; `undefined` when it is valid. */
export function problemOfMapping(mapping: unknown): string | undefined {
  if (Array.isArray(mapping)) return firstProblem(mapping);
  if (typeof mapping !== 'object' || mapping === null) return undefined;
  const names = Object.keys(mapping);
  const special = names.filter((name) => name.startsWith('$'));
  if (special.length === 0) return firstProblem(Object.values(mapping));
  if (special.length < names.length)
    return `${special[0] ?? ''} cannot be combined with ordinary names`;
  const form = FORMS.find(({ head }) => special.includes(head));
  if (!form) return `${special[0] ?? ''} is not one of $from, $join, $literal`;
  const unknownMember = special.find((name) => name !== form.head && !form.others.includes(name));
  if (unknownMember !== undefined) return `${unknownMember} cannot be combined with ${form.head}`;
  return form.problem(mapping as Readonly<Record<string, unknown>>);
}

const FORMS: readonly {
  readonly head: string;
  readonly others: readonly string[];
  problem(mapping: Readonly<Record<string, unknown>>): string | undefined;
}[] = [
  {
    head: '$from',
    others: ['$default', '$as', '$each'],
    problem({ $from: from, $as: as, $each: each }) {
      if (typeof from !== 'string' || !/^(?:\/.*)?$/s.test(from)) {
        return '$from must be a JSON pointer, such as /customer/email';
      }
      if (as !== undefined && as !== 'string' && as !== 'number' && as !== 'boolean') {
        return '$as must be string, number or boolean';
      }
      return each === undefined ? undefined : problemOfMapping(each);
    },
  },
  {
    head: '$join',
    others: ['$with'],
    problem({ $join: parts, $with: separator }) {
      if (!Array.isArray(parts)) return '$join must be a list';
      if (separator !== undefined && typeof separator !== 'string') return '$with must be a string';
      return firstProblem(parts);
    },
  },
  { head: '$literal', others: [], problem: () => undefined },
];

function firstProblem(parts: readonly unknown[]): string | undefined {
  for (const part of parts) {
    const problem = problemOfMapping(part);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function applyNode(mapping: Json, source: unknown): unknown {
  if (Array.isArray(mapping)) {
    return mapping
      .map((each: Json) => applyNode(each, source))
      .filter((each) => each !== undefined);
  }
  if (typeof mapping !== 'object' || mapping === null) return mapping;
  const named = mapping as Readonly<Record<string, Json>>;
  if ('$literal' in named) return named['$literal'];
  if ('$join' in named) return joinParts(named, source);
  if ('$from' in named) return resolveFrom(named, source);
  const entries = Object.entries(named).map(
    ([name, each]) => [name, applyNode(each, source)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function joinParts(named: Readonly<Record<string, Json>>, source: unknown): string {
  const parts = (named['$join'] as readonly Json[]).map((part) => applyNode(part, source));
  return parts
    .filter((part) => part !== undefined && part !== null)
    .map((part) => textOf(part))
    .join(typeof named['$with'] === 'string' ? named['$with'] : '');
}

function resolveFrom(named: Readonly<Record<string, Json>>, source: unknown): unknown {
  const from = named['$from'] as JsonPointer;
  const found = valueAt(source, from) ?? named['$default'];
  if (named['$each'] !== undefined) {
    if (found === undefined) return undefined;
    if (!Array.isArray(found)) throw new MappingFailed(`there is no list at ${from || 'the top'}`);
    if (found.length > ITEMS_MAX)
      throw new MappingFailed(`the list at ${from} has more than ${String(ITEMS_MAX)} items`);
    const each = named['$each'];
    return found.map((item: unknown) => applyNode(each, item));
  }
  return convert(found, named['$as'], from);
}

function convert(value: unknown, as: unknown, from: string): unknown {
  if (as === undefined || value === undefined || value === null) return value;
  if (as === 'string') return textOf(value);
  if (as === 'boolean') {
    if (['true', '1', 1, true].includes(value as string)) return true;
    if (['false', '0', '', 0, false].includes(value as string)) return false;
    throw new MappingFailed(`the value at ${from} is neither true nor false`);
  }
  const number = typeof value === 'string' && value.trim() === '' ? NaN : Number(value);
  if (!Number.isFinite(number)) throw new MappingFailed(`the value at ${from} is not a number`);
  return number;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
