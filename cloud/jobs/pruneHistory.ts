import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const pruneHistory = defineJob({
  name: 'pruneHistory',
  summary:
    'Deletes data older than its retention: events with their deliveries and attempts, executions, audit entries, usage of API keys after 400 days, tokens and codes of OAuth apps a day after they expired, runs of the hub’s own jobs after a week, invitations 30 days after they expired, and what is left of deleted organizations.',
  cron: '17 3 * * *',

  async run({ services, progress, signal }) {
    const pruned = await services.webhooks.maintenance.prune({ signal, progress });
    const executions = await services.executions.prune({ signal });
    const audited = await services.audit.prune({ signal });
    await services.apiKeys.prune({ signal });
    await services.oauth.prune({ signal });
    await services.schedules.maintenance.prune({ signal });
    await services.invitations.prune({ signal });
    await services.organizationDeletion.finish({ signal });
    const events = pluralize(pruned.events, 'event');
    const deliveries = pluralize(pruned.deliveries, 'delivery', 'deliveries');
    const attempts = pluralize(pruned.attempts, 'attempt');
    const others = `${pluralize(executions, 'execution')} and ${pluralize(audited, 'audit entry', 'audit entries')}`;
    return `Deleted ${events}, ${deliveries}, ${attempts}, ${others}.`;
  },
});
