import { defineJob } from '../define.js';
import { counted } from './counted.js';

export const pruneHistory = defineJob({
  name: 'pruneHistory',
  summary:
    'Deletes what is older than the retention: events and their deliveries, attempts, calls of integrations, audit entries, usage of API keys after 400 days, tokens and codes of OAuth apps a day after they ended, and the runs of the hub’s own jobs after a week.',
  cron: '17 3 * * *',

  async run({ services, progress, signal }) {
    const pruned = await services.webhooks.upkeep.prune({ signal, progress });
    const executions = await services.executions.prune({ signal });
    const audited = await services.audit.prune({ signal });
    await services.apiKeys.prune({ signal });
    await services.oauth.prune({ signal });
    await services.schedules.upkeep.prune({ signal });
    const events = counted(pruned.events, 'event');
    const deliveries = counted(pruned.deliveries, 'delivery', 'deliveries');
    const attempts = counted(pruned.attempts, 'attempt');
    const others = `${counted(executions, 'execution')} and ${counted(audited, 'audit entry', 'audit entries')}`;
    return `Deleted ${events}, ${deliveries}, ${attempts}, ${others}.`;
  },
});
