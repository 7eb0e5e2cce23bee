import {
  date,
  defineClass,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

export const QueuedCall = defineClass({
  name: 'QueuedCall',
  summary: 'A call that waits for a limit; it is deleted after the call.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    integration: pointer('Integration')(),
    execution: pointer('IntegrationExecution')(),
    sealedCall: text('The action and its input, as encrypted JSON.'),
    dueAt: date.optional('The earliest time at which it may be made.'),
    revision: number('Counts changes; prevents concurrent ones from overwriting each other.'),
  },
  indexes: { byOrganization: ['organization', 'createdAt'] },
  hidden: ['sealedCall'],
  sealed: ['sealedCall'],
  queue: { kind: 'integration', lane: 'integration', dueAt: 'dueAt' },
  read: 'masterKey',
});
