import { defineJob } from '../define.js';
import { counted } from './counted.js';

export const pruneHistory = defineJob({
  name: 'pruneHistory',
  summary:
    'Deletes what is older than the retention: events and their deliveries, attempts, calls of integrations, and the runs of the hub’s own jobs after a week.',
  cron: '17 3 * * *',

  async run({ services, progress, signal }) {
    const pruned = await services.webhooks.upkeep.prune({ signal, progress });
    const executions = await services.executions.prune({ signal });
    await services.schedules.upkeep.prune({ signal });
    const events = counted(pruned.events, 'event');
    const deliveries = counted(pruned.deliveries, 'delivery', 'deliveries');
    const attempts = counted(pruned.attempts, 'attempt');
    return `Deleted ${events}, ${deliveries}, ${attempts} and ${counted(executions, 'execution')}.`;
  },
});
