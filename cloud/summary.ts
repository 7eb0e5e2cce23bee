const ID = /^[A-Za-z0-9]{1,40}$/;

/**
 * A call's parameters as the log may hold them: ids, numbers and flags as they are, of everything else only its kind and
 * size. What a caller typed into the wrong field, a secret say, does not look like an id.
 */
export function summaryOf(
  params: Readonly<Record<string, unknown>>,
): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(params)
      .slice(0, 30)
      .map(([name, value]) => [name.slice(0, 60), sizeOf(name, value)]),
  );
}

function sizeOf(name: string, value: unknown): string | number | boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    return name.endsWith('Id') && ID.test(value) ? value : `[${value.length} characters]`;
  }
  if (Array.isArray(value)) return `[${value.length} items]`;
  return value === null || value === undefined ? '[none]' : `[${Object.keys(value).length} keys]`;
}
