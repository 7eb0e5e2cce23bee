/**
 * Returns about how many characters a value has as JSON, but stops counting at `sizeMax`, so that large values cost no more than
 * small ones.
 */
export function jsonSizeUpTo(value: unknown, sizeMax: number): number {
  let size = 0;
  const left: unknown[] = [value];
  while (left.length > 0 && size < sizeMax) {
    const each = left.pop();
    size += 2;
    if (typeof each === 'string') size += each.length;
    else if (Array.isArray(each)) {
      size += 2 * each.length;
      if (size < sizeMax) for (const item of each as unknown[]) left.push(item);
    } else if (typeof each === 'object' && each !== null) {
      for (const name in each) {
        size += name.length + 4;
        if (size >= sizeMax) break;
        left.push((each as Readonly<Record<string, unknown>>)[name]);
      }
    } else size += 4;
  }
  return Math.min(size, sizeMax);
}
