/** The throughput of some work, and its CPU time in this process. */
export interface Measured {
  readonly perSecond: number;
  /** CPU time of all threads of this process. The database, receivers and callers are other processes. */
  readonly cpuUs: number;
}

/** Measures `work`, which runs `count` operations. */
export async function measure(count: number, work: () => Promise<unknown>): Promise<Measured> {
  const cpuBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  await work();
  const seconds = (performance.now() - startedAtMs) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond: count / seconds, cpuUs: (user + system) / count };
}

/** Runs `one` `count` times, `concurrency` of them at once. */
export async function concurrently(
  count: number,
  concurrency: number,
  one: (nth: number) => Promise<unknown>,
): Promise<void> {
  let begun = 0;
  const lane = async () => {
    while (begun < count) {
      begun += 1;
      await one(begun);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

/** Returns the median. For an even number of values, it is the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
