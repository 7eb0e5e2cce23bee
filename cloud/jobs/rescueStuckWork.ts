import { defineJob } from '../define.js';
import { counted } from './counted.js';

export const rescueStuckWork = defineJob({
  name: 'rescueStuckWork',
  summary:
    'Finishes what a crash left behind: half-published events, due deliveries that nobody looks at, jobs that are called running and are not.',

  async run({ services, progress, signal }) {
    const { events, lanes } = await services.webhooks.upkeep.rescue({ signal, progress });
    const calls = await services.executions.rescue();
    const runs = await services.schedules.upkeep.rescue({ signal });
    const completed = counted(events, 'half-published event');
    const woken = `${counted(lanes, 'sleeping webhook')} and ${counted(calls, 'sleeping integration')}`;
    return `Completed ${completed}, woke ${woken} and declared ${counted(runs, 'run of a job', 'runs of jobs')} failed.`;
  },
});
