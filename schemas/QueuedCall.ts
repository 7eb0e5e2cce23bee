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
  summary: 'A call that waits for a limit; it is gone when it was made.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS)(),
    integration: pointer('Integration')(),
    execution: pointer('IntegrationExecution')(),
    sealedCall: text('What is to be called, and with what, as sealed JSON.'),
    dueAt: date.optional('When it may be made at the earliest.'),
    revision: number('Counts changes; guards concurrent ones.'),
  },
  indexes: { byOrganization: ['organization', 'createdAt'] },
  hidden: ['sealedCall'],
  sealed: ['sealedCall'],
  queue: { kind: 'integration', lane: 'integration', dueAt: 'dueAt' },
  read: 'masterKey',
});
