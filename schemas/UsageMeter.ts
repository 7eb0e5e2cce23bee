import { date, defineClass, number, text } from '../src/contract/index.js';

export const UsageMeter = defineClass({
  name: 'UsageMeter',
  summary:
    'What has been used of the limits of one thing, such as a connection or an integration, counted by all processes together.',
  fields: {
    key: text('What is metered: `<kind>:<id>`.'),
    state: text('Counts as JSON; what is in them, those know who count.'),
    forgetAt: date('From then on it says nothing any more.'),
    revision: number('Counts changes; guards concurrent ones.'),
  },
  indexes: { byForgetAt: ['forgetAt'] },
  read: 'masterKey',
  // A call or two more than a limit allows after a crash of the database: worth less than a wait for the disk in each call.
  durability: 'lazy',
});
