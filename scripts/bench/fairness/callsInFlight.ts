import { signUp } from '../signUp.js';
import type { FairnessPart } from './part.js';

/** Calls of one row: beside 300 at once that create a row and read a page. */
export const callsInFlight: FairnessPart = {
  what: 'calls in flight',
  async prepare(stage) {
    const quiet = await signUp(stage);
    const loud = await signUp(stage);
    let nth = 0;
    return {
      quiet: () => quiet.call('getWebhooks', {}),
      quietEveryMs: 100,
      loud: () => {
        nth += 1;
        if (nth % 2 === 0) return loud.call('getAuditLog', { limit: 100 });
        return loud.call('createEventType', { name: `load.made${String(nth)}` });
      },
      loudAtOnce: 300,
    };
  },
};
