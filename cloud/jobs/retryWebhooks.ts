import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const retryWebhooks = defineJob({
  name: 'retryWebhooks',
  summary:
    'Attempts all deliveries that are due now, retries included. Loops do so by themselves; this is for operators and for hosts without loops.',

  async run({ services, progress }) {
    progress('Delivering what is due.');
    const lanes = await services.deliverDue();
    return lanes === 0
      ? 'Nothing was due.'
      : `Attempted the due deliveries of ${pluralize(lanes, 'webhook')}.`;
  },
});
