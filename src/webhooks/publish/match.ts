/**
 * Returns whether a webhook with these patterns wants an event of this type. `order.*` wants `order.created` and
 * `order.item.added`, neither `order` itself nor `orders.created`. No pattern at all wants nothing. Takes patterns and
 * types that `eventPattern` and `eventTypeName` accept.
 */
export function matches(patterns: readonly string[], type: string): boolean {
  return patterns.some(
    (pattern) =>
      pattern === '*' ||
      pattern === type ||
      // The dot stays in the prefix: it is what keeps `order.*` from wanting `orders.created`.
      (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1))),
  );
}
