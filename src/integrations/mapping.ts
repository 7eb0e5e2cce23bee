import { valueAt } from '../connectors/index.js';
import type { JsonPointer } from '../contract/index.js';
import { jsonSizeUpTo } from '../platform/jsonSize.js';
import { yieldToOthers } from '../platform/yieldToOthers.js';

/** Thrown when a mapping cannot be applied; its message is for the author of the mapping. */
export class MappingFailed extends Error {}

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Items that one `$each` may make. */
const ITEMS_MAX = 100_000;
/** Values that one mapping may make: it can have a thousand `$each` of the same list. */
const VALUES_MAX = 1_000_000;
/** Characters of JSON that one mapping may make: the same large value can be in it a thousand times. */
const LENGTH_MAX = 20 * 1024 * 1024;
/** After so many values, a few milliseconds, others have their turn. */
const VALUES_AT_ONCE = 5_000;

/**
 * Makes JSON by a declared mapping. A mapping is copied as it is, except objects with a member that begins with `$`:
 * - `{"$from": "/a/b", "$default": 0, "$as": "number"}`: the value at that JSON pointer. Without a value there, the default, or
 *   nothing. `$as` converts it to a string, number or boolean.
 * - `{"$from": "/items", "$each": mapping}`: the list there, each of its items mapped; pointers begin at the item.
 * - `{"$join": [mapping, …], "$with": " "}`: the texts joined, with a separator.
 * - `{"$literal": anything}`: the value as it is.
 * Other work goes on while a large one is applied. Throws MappingFailed.
 */
export async function applyMapping(mapping: unknown, source: unknown): Promise<unknown> {
  return applyEach(mapping as Json, source, new Progress());
}

/** Counts the values that are made, of one mapping. */
class Progress {
  #values = 0;
  #untilPause = VALUES_AT_ONCE;
  #length = 0;
  readonly #lengths = new WeakMap<object, number>();

  count(): void {
    this.#values += 1;
    if (this.#values > VALUES_MAX)
      throw new MappingFailed(`it makes more than ${String(VALUES_MAX)} values`);
  }

  /** Counts a value of the source, which is in the result as it is, or as text. */
  countCopy(value: unknown): void {
    this.#length += this.#lengthOf(value);
    if (this.#length > LENGTH_MAX)
      throw new MappingFailed(`its result has more than ${String(LENGTH_MAX)} characters`);
  }

  #lengthOf(value: unknown): number {
    if (typeof value !== 'object' || value === null) return jsonSizeUpTo(value, LENGTH_MAX);
    const known = this.#lengths.get(value) ?? jsonSizeUpTo(value, LENGTH_MAX);
    this.#lengths.set(value, known);
    return known;
  }

  /** Lets other work go first where much was done at once. */
  async pause(): Promise<void> {
    if (this.#values < this.#untilPause) return;
    this.#untilPause = this.#values + VALUES_AT_ONCE;
    await yieldToOthers();
  }
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

/** Applies what has lists to map in it; all other parts are small, and applied at once. */
async function applyEach(mapping: Json, source: unknown, progress: Progress): Promise<unknown> {
  if (!hasEach(mapping)) return applyNode(mapping, source, progress);
  progress.count();
  if (Array.isArray(mapping)) {
    const items: unknown[] = [];
    for (const each of mapping) items.push(await applyEach(each as Json, source, progress));
    return items.filter((each) => each !== undefined);
  }
  const named = mapping as Readonly<Record<string, Json>>;
  if ('$join' in named)
    return joined(named, (await applyEach(named['$join'] ?? [], source, progress)) as unknown[]);
  if ('$from' in named) return mapList(named, source, progress);
  const entries: [string, unknown][] = [];
  for (const [name, each] of Object.entries(named))
    entries.push([name, await applyEach(each, source, progress)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

async function mapList(
  { $from, $default, $each = null }: Readonly<Record<string, Json>>,
  source: unknown,
  progress: Progress,
): Promise<unknown> {
  const from = $from as JsonPointer;
  const found = valueAt(source, from) ?? $default;
  if (found === undefined) return undefined;
  if (!Array.isArray(found)) throw new MappingFailed(`there is no list at ${from || 'the top'}`);
  if (found.length > ITEMS_MAX)
    throw new MappingFailed(`the list at ${from} has more than ${String(ITEMS_MAX)} items`);
  const isFlat = !hasEach($each);
  const made: unknown[] = [];
  for (const item of found as readonly unknown[]) {
    made.push(isFlat ? applyNode($each, item, progress) : await applyEach($each, item, progress));
    await progress.pause();
  }
  return made;
}

const known = new WeakMap<object, boolean>();

/** Whether a list is mapped anywhere in a mapping. */
function hasEach(mapping: Json): boolean {
  if (typeof mapping !== 'object' || mapping === null) return false;
  const before = known.get(mapping);
  if (before !== undefined) return before;
  const isLiteral = !Array.isArray(mapping) && '$literal' in mapping;
  const has =
    !isLiteral &&
    ((!Array.isArray(mapping) && '$each' in mapping) ||
      Object.values(mapping as Readonly<Record<string, Json>>).some(hasEach));
  known.set(mapping, has);
  return has;
}

/** Applies a mapping without `$each`. */
function applyNode(mapping: Json, source: unknown, progress: Progress): unknown {
  progress.count();
  if (Array.isArray(mapping)) {
    return mapping
      .map((each: Json) => applyNode(each, source, progress))
      .filter((each) => each !== undefined);
  }
  if (typeof mapping !== 'object' || mapping === null) return mapping;
  const named = mapping as Readonly<Record<string, Json>>;
  if ('$literal' in named) return named['$literal'];
  if ('$join' in named) {
    const parts = named['$join'] as readonly Json[];
    return joined(
      named,
      parts.map((part) => applyNode(part, source, progress)),
    );
  }
  if ('$from' in named) {
    const from = named['$from'] as JsonPointer;
    const found = valueAt(source, from) ?? named['$default'];
    progress.countCopy(found);
    return convert(found, named['$as'], from);
  }
  const entries = Object.entries(named).map(
    ([name, each]) => [name, applyNode(each, source, progress)] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function joined(named: Readonly<Record<string, Json>>, parts: readonly unknown[]): string {
  return parts
    .filter((part) => part !== undefined && part !== null)
    .map((part) => textOf(part))
    .join(typeof named['$with'] === 'string' ? named['$with'] : '');
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
