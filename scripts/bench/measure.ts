/** How long something took and what it cost this process. */
export interface Measured {
  readonly perSecond: number;
  /** Of all threads of this process; the database, receivers and callers are others. */
  readonly cpuUs: number;
}

/** Measures `work`, which does something `count` times. */
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

/** Of an even number, the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
