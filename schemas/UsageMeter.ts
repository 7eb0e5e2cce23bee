import { date, defineClass, number, text } from '../src/contract/index.js';

export const UsageMeter = defineClass({
  name: 'UsageMeter',
  summary:
    'The used part of the limits of one thing, such as a connection or an integration, counted across all processes.',
  fields: {
    key: text('The metered thing: `<kind>:<id>`.'),
    state: text('The counts as JSON, in the format of the domain that counts.'),
    forgetAt: date('When the counts no longer matter and can be deleted.'),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  indexes: { byForgetAt: ['forgetAt'] },
  read: 'masterKey',
  // After a crash of the database a call or two above a limit may be allowed: better than a wait for the disk in each call.
  durability: 'lazy',
});
