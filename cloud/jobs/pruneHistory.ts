import { defineJob } from '../define.js';
import { counted } from './counted.js';

export const pruneHistory = defineJob({
  name: 'pruneHistory',
  summary:
    'Deletes what is older than the retention: events and their deliveries, attempts, and the runs of the hub’s own jobs after a week.',
  cron: '17 3 * * *',

  async run({ services, progress, signal }) {
    const pruned = await services.webhooks.upkeep.prune({ signal, progress });
    await services.schedules.upkeep.prune({ signal });
    const events = counted(pruned.events, 'event');
    const deliveries = counted(pruned.deliveries, 'delivery', 'deliveries');
    return `Deleted ${events}, ${deliveries} and ${counted(pruned.attempts, 'attempt')}.`;
  },
});
