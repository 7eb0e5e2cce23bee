import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const remindKeyRotation = defineJob({
  name: 'remindKeyRotation',
  summary:
    'Tells organizations (hub.apiKey.rotationDue) and keepers, by mail where Parse Server has an e-mail adapter, of API keys that end within a week, and once more within a day, or that were not rotated for longer than the policy says.',
  cron: '41 6 * * *',

  async run({ services, signal }) {
    const reminded = await services.apiKeys.remind({ signal });
    return reminded === 0 ? 'Nothing was due.' : `Reminded of ${pluralize(reminded, 'API key')}.`;
  },
});
