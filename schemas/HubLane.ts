import { date, defineClass, json, text } from '../src/contract/index.js';

/** See src/platform/lanes/README.md. The id of a row is `kind:key`. */
export const HubLane = defineClass({
  name: 'HubLane',
  summary:
    'The queue of one thing that may have only one holder at a time: a webhook, a schedule, a running job.',
  fields: {
    kind: text('The kind of thing: webhook, schedule, job, organization.'),
    key: text('The thing of that kind, usually the id of a row.'),
    dueAt: date.optional(
      'When a process should look at it. While held and not woken: when the hold expires.',
    ),
    holder: text.optional('The token of the hold.'),
    heldUntil: date.optional('When the hold expires unless it is extended.'),
    state: json<Record<string, unknown>>().optional('State that holders pass on to each other.'),
  },
  indexes: { byDue: ['dueAt'] },
  read: 'masterKey',
});
