import { defineJob } from '../define.js';
import { pluralize } from './pluralize.js';

export const remindKeyRotation = defineJob({
  name: 'remindKeyRotation',
  summary:
    'Sends reminders for API keys that expire within a week, again within a day, and for those older than the rotation policy allows: to organizations by the event hub.apiKey.rotationDue, to owners by e-mail if Parse Server has an e-mail adapter.',
  cron: '41 6 * * *',

  async run({ services, signal }) {
    const reminded = await services.apiKeys.remind({ signal });
    return reminded === 0
      ? 'Nothing was due.'
      : `Sent reminders for ${pluralize(reminded, 'API key')}.`;
  },
});
