import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const rescueStuckWork = defineJob({
  name: 'rescueStuckWork',
  summary:
    'Finishes what a crash left behind: half-published events, due deliveries and calls whose wake was lost, and runs of jobs that still say that they are running.',

  async run({ services, progress, signal }) {
    const { events, lanes } = await services.webhooks.maintenance.rescue({ signal, progress });
    const calls = await services.executions.rescue();
    const runs = await services.schedules.maintenance.rescue({ signal });
    const completed = pluralize(events, 'half-published event');
    const woken = `${pluralize(lanes, 'sleeping webhook')} and ${pluralize(calls, 'sleeping integration')}`;
    return `Completed ${completed}, woke ${woken} and declared ${pluralize(runs, 'run of a job', 'runs of jobs')} failed.`;
  },
});
