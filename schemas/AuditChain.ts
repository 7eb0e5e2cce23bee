import { defineClass, number, text } from '../src/contract/index.js';

/** See src/audit/README.md. The id follows from `key`. */
export const AuditChain = defineClass({
  name: 'AuditChain',
  summary: 'Where the chain of an organization’s audit entries ends, and what was deleted of it.',
  fields: {
    key: text('`organization:` with the id, or `hub`.'),
    seq: number('Place of the last entry.'),
    hash: text('Hash of the last entry.'),
    pending: text.optional(
      'The last entries as JSON until they are stored, so that a crash does not lose them.',
    ),
    prunedSeq: number('Entries up to this place were deleted by the retention; 0: none.'),
    prunedHash: text('Hash of the last one that was deleted.'),
  },
  read: 'masterKey',
});
