import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const retryWebhooks = defineJob({
  name: 'retryWebhooks',
  summary:
    'Attempts all deliveries that are due now, including retries. The hub’s loops do this already; the job is for operators and for hosts without loops.',

  async run({ services, progress }) {
    progress('Attempting the deliveries that are due.');
    const lanes = await services.deliverDue();
    return lanes === 0
      ? 'Nothing was due.'
      : `Attempted the due deliveries of ${pluralize(lanes, 'webhook')}.`;
  },
});
