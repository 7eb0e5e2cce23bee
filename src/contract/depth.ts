/**
 * Whether objects and lists nest deeper than so many levels. Ends on cycles too, and goes no deeper than it is asked about:
 * ask before anything recursive is done with what somebody else made.
 */
export function isDeeperThan(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depthMax === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, depthMax - 1));
}
