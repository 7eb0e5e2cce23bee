import { date, defineClass, json, text } from '../src/contract/index.js';

/** See src/platform/lanes/README.md. The id of a row is `kind:key`. */
export const HubLane = defineClass({
  name: 'HubLane',
  summary:
    'The queue of one thing that must have one holder at a time: a webhook, a schedule, a running job.',
  fields: {
    kind: text('What the lane is a queue of: webhook, schedule, job, organization.'),
    key: text('Which one of its kind, usually the id of a row.'),
    dueAt: date.optional(
      'When a holder should look at it. While held and not woken: when the hold runs out.',
    ),
    holder: text.optional('Token of the hold.'),
    heldUntil: date.optional('When the hold runs out if it is not prolonged.'),
    state: json<Record<string, unknown>>().optional('What holders hand on to each other.'),
  },
  indexes: { byDue: ['dueAt'] },
  read: 'masterKey',
});
