import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const remindKeyRotation = defineJob({
  name: 'remindKeyRotation',
  summary:
    'Reminds of API keys that expire within a week, once more of those that expire within a day, and of those that were not rotated for longer than the policy allows: organizations by the event hub.apiKey.rotationDue, owners by e-mail where Parse Server has an e-mail adapter.',
  cron: '41 6 * * *',

  async run({ services, signal }) {
    const reminded = await services.apiKeys.remind({ signal });
    return reminded === 0 ? 'Nothing was due.' : `Reminded of ${pluralize(reminded, 'API key')}.`;
  },
});
