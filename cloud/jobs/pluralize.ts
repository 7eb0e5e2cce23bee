/** Returns a number with its noun: "no events", "1 event", "12 events". */
export function pluralize(count: number, one: string, many = `${one}s`): string {
  if (count === 0) return `no ${many}`;
  return count === 1 ? `1 ${one}` : `${count} ${many}`;
}
