import type { JsonPointer } from '../../contract/index.js';

/**
 * Returns the value at a JSON Pointer; `undefined` when there is none. https://www.rfc-editor.org/rfc/rfc6901#section-4
 */
export function valueAt(document: unknown, pointer: JsonPointer): unknown {
  let value = document;
  for (const token of tokensOf(pointer)) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, token))
      return undefined;
    value = (value as Readonly<Record<string, unknown>>)[token];
  }
  return value;
}

/** Returns the value as text if it is text or a number, and not empty. */
export function textAt(document: unknown, pointer: JsonPointer): string | undefined {
  const value = valueAt(document, pointer);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function tokensOf(pointer: JsonPointer): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
