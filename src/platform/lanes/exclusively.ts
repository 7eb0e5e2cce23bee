import { randomInt } from 'node:crypto';

import type { Database, LaneId } from '../database/database.js';

const HOLD_MS = 30_000;
const WAIT_MS = { min: 10, max: 30 };

/**
 * Runs `work` while this process alone holds the lane; waits while another process has it. For short changes that
 * several processes may make at once; `work` must take far less than the 30 s that the hold lasts.
 */
export async function exclusively<Result>(
  database: Database,
  lane: LaneId,
  work: () => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const hold = await database.holdOne(lane, HOLD_MS);
    if (hold) {
      try {
        return await work();
      } finally {
        await database.release([{ hold }]);
      }
    }
    // Uneven, so that several waiting processes do not come back together.
    await new Promise((resolve) => setTimeout(resolve, randomInt(WAIT_MS.min, WAIT_MS.max)));
  }
}
