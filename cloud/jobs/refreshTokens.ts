import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const refreshTokens = defineJob({
  name: 'refreshTokens',
  summary:
    'Refreshes the tokens of connections that are about to expire. The hub’s loops do this already; the job is for operators and for hosts without loops.',

  async run({ services, progress }) {
    progress('Refreshing the tokens that are due.');
    const connections = await services.refreshDue();
    return connections === 0
      ? 'Nothing was due.'
      : `Refreshed the tokens of ${pluralize(connections, 'connection')}.`;
  },
});
