import type { Parameter, ParameterLocation } from './parameters.js';

/** A parameter and the name that a caller uses for it. */
export interface KeyedParameter extends Parameter {
  readonly key: string;
}

/** Names that Parse Server refuses in every request: https://docs.parseplatform.org/parse-server/guide/#security */
const REFUSED_BY_PARSE = ['__proto__', 'constructor', 'prototype', '_bsontype'];

/** Which location keeps the name when several have it. */
const PRECEDENCE: readonly ParameterLocation[] = ['path', 'query', 'header', 'cookie'];

/**
 * Names the members of an operation's input. Each parameter keeps its own name; if that is taken, by `body` or
 * `contentType` of the operation, by a parameter of the same name in an earlier location (path, query, header, cookie),
 * or because Parse Server refuses it, its location is appended: `id_query`, then `id_query2`.
 */
export function withKeys(
  parameters: readonly Parameter[],
  reserved: readonly string[],
): readonly KeyedParameter[] {
  const taken = new Set([...REFUSED_BY_PARSE, ...reserved]);
  const keys = new Map<Parameter, string>();
  const inOrder = PRECEDENCE.flatMap((location) =>
    parameters.filter((each) => each.location === location),
  );
  for (const parameter of inOrder) {
    let key = parameter.name;
    for (let count = 1; taken.has(key); count += 1) {
      key = `${parameter.name}_${parameter.location}${count === 1 ? '' : count}`;
    }
    taken.add(key);
    keys.set(parameter, key);
  }
  return parameters.map((parameter) => ({
    ...parameter,
    key: keys.get(parameter) ?? parameter.name,
  }));
}
