import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const retryWebhooks = defineJob({
  name: 'retryWebhooks',
  summary:
    'Delivers everything that is due now, retries among it. Loops do so at once by themselves; this is for operators and for hosts that run none.',

  async run({ services, progress }) {
    progress('Delivering what is due.');
    const lanes = await services.deliverDue();
    return lanes === 0
      ? 'Nothing was due.'
      : `Delivered what was due: worked the queues of ${pluralize(lanes, 'webhook')}.`;
  },
});
