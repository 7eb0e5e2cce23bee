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
  summary: 'What one API key was used for on one day (UTC), summed up.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    apiKey: pointer('APIKey')(),
    day: date('Its first moment, UTC.'),
    calls: number('Calls that were let through.'),
    limited: number('Calls that a limit refused.'),
    functions: text('The same two by function, as JSON.'),
    revision: number('Counts changes; guards concurrent ones.'),
  },
  indexes: { byApiKey: ['apiKey', 'day'], byDay: ['day'] },
  read: 'acl',
  // Some seconds of it are in memory anyway.
  durability: 'lazy',
});
