/**
 * Returns whether objects and lists nest deeper than `depthMax` levels. Ends on cycles too, and looks no deeper than
 * that: call it before recursive work on data from outside.
 */
export function isDeeperThan(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depthMax === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, depthMax - 1));
}
