import { signUp } from '../signUp.js';
import { type FairnessPart, NTH } from './part.js';

/** Calls of one row: beside 300 at once that create a row and read a page. */
export const callsInFlight: FairnessPart = {
  what: 'calls in flight',
  async prepare(stage) {
    const quiet = await signUp(stage);
    const loud = await signUp(stage);
    return {
      quiet: () => quiet.call('getWebhooks', {}),
      quietEveryMs: 100,
      loud: {
        headers: loud.headers,
        calls: [
          { name: 'getAuditLog', params: { limit: 100 } },
          { name: 'createEventType', params: { name: `load.made${NTH}` } },
        ],
        atOnce: 300,
      },
    };
  },
};
