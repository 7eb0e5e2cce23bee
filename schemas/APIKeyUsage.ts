import {
  date,
  defineClass,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

export const APIKeyUsage = defineClass({
  name: 'APIKeyUsage',
  summary: 'The usage of one API key on one day (UTC).',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    apiKey: pointer('APIKey')(),
    day: date('The start of the day, UTC.'),
    calls: number('Calls that were allowed.'),
    limited: number('Calls that a limit refused.'),
    functions: text('The same two counts by function, as JSON.'),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  indexes: { byApiKey: ['apiKey', 'day'], byDay: ['day'] },
  read: 'acl',
  // Some seconds of usage are only in memory anyway.
  durability: 'lazy',
});
