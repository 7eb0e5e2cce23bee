import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const rescueStuckWork = defineJob({
  name: 'rescueStuckWork',
  summary:
    'Finishes work that a crash interrupted: half-published events, due deliveries and calls that no process was woken for, and job runs that are still marked as running.',

  async run({ services, progress, signal }) {
    const { events, lanes } = await services.webhooks.maintenance.rescue({ signal, progress });
    const calls = await services.executions.rescue();
    const runs = await services.schedules.maintenance.rescue({ signal });
    const completed = pluralize(events, 'half-published event');
    const woken = `${pluralize(lanes, 'sleeping webhook')} and ${pluralize(calls, 'sleeping integration')}`;
    return `Completed ${completed}, woke ${woken} and marked ${pluralize(runs, 'job run')} as failed.`;
  },
});
