import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const refreshTokens = defineJob({
  name: 'refreshTokens',
  summary:
    'Refreshes every token of a connection that is about to expire. Loops do so ahead of time by themselves; this is for operators and for hosts that run none.',

  async run({ services, progress }) {
    progress('Refreshing what is due.');
    const connections = await services.refreshDue();
    return connections === 0
      ? 'Nothing was due.'
      : `Refreshed what was due: saw to the tokens of ${pluralize(connections, 'connection')}.`;
  },
});
