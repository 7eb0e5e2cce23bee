import { type JsonObject, listOf, memberOf, objectOf, textOf } from './json.js';

const DEPTH_MAX = 8;
/** The maximum number of values in a sample: definitions refer to one another many times over. */
const VALUES_MAX = 2_000;

/**
 * Returns a value to start with, from examples, defaults and types, with required members only. It is meant to be
 * edited and need not be valid. `schema` is one of `openBundle` with its definitions.
 */
export function sampleOf(schema: JsonObject): unknown {
  const definitions = memberOf(schema, '$defs');
  return sample(schema, { definitions, depth: 0, budget: { left: VALUES_MAX } });
}

interface Sampling {
  readonly definitions: unknown;
  readonly depth: number;
  readonly budget: { left: number };
}

function sample(schema: unknown, sampling: Sampling): unknown {
  const { definitions, depth, budget } = sampling;
  if (--budget.left < 0 || depth > DEPTH_MAX) return null;
  const inner = { definitions, depth: depth + 1, budget };
  const reference = textOf(memberOf(schema, '$ref'));
  if (reference !== undefined) {
    return sample(memberOf(definitions, reference.replace('#/$defs/', '')), inner);
  }
  const [documented] = [
    memberOf(schema, 'const'),
    listOf(memberOf(schema, 'examples'))[0],
    memberOf(schema, 'default'),
    listOf(memberOf(schema, 'enum'))[0],
  ].filter((each) => each !== undefined);
  if (documented !== undefined) return fits(documented, budget) ? documented : null;
  const parts = listOf(memberOf(schema, 'allOf')).slice(0, VALUES_MAX);
  if (parts.length > 0) return merged(schema, parts, inner);
  const [choice] = listOf(memberOf(schema, 'anyOf'));
  if (choice !== undefined && memberOf(schema, 'properties') === undefined) {
    return sample(choice, inner);
  }
  return sampleOfType(schema, inner);
}

/** Counts a value of the document; one that is too large uses up the rest of the budget. */
function fits(value: unknown, budget: Sampling['budget']): boolean {
  const pending = [value];
  while (pending.length > 0 && budget.left >= 0) {
    const each = pending.pop();
    budget.left -= typeof each === 'string' ? 1 + Math.floor(each.length / 1_000) : 1;
    if (typeof each !== 'object' || each === null) continue;
    const members: unknown[] = Object.values(each);
    if (members.length > budget.left) budget.left = -1;
    else pending.push(...members);
  }
  return budget.left >= 0;
}

function merged(schema: unknown, parts: readonly unknown[], inner: Sampling): unknown {
  const values = [...parts.map((part) => sample(part, inner)), sampleOfType(schema, inner)];
  const objects = values.map(objectOf).filter((value) => value !== undefined);
  if (objects.length === 0) return values.find((value) => value !== null) ?? null;
  return Object.fromEntries(objects.flatMap((each) => Object.entries(each)));
}

const TEXTS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
  base64: 'AAAA',
};

function sampleOfType(schema: unknown, inner: Sampling): unknown {
  const [type] = [memberOf(schema, 'type')].flat();
  const properties = memberOf(schema, 'properties');
  if (type === 'object' || (type === undefined && properties !== undefined)) {
    const required = listOf(memberOf(schema, 'required')).slice(0, VALUES_MAX).map(String);
    return Object.fromEntries(
      // Members beyond the budget are omitted, not set to null.
      required.flatMap((name) =>
        inner.budget.left > 0 ? [[name, sample(memberOf(properties, name), inner)]] : [],
      ),
    );
  }
  switch (type) {
    case 'array':
      return memberOf(schema, 'minItems') === undefined
        ? []
        : [sample(memberOf(schema, 'items'), inner)];
    case 'integer':
    case 'number':
      return memberOf(schema, 'minimum') ?? 1;
    case 'boolean':
      return false;
    case 'null':
      return null;
    default:
      return TEXTS[textOf(memberOf(schema, 'format')) ?? ''] ?? 'text';
  }
}
