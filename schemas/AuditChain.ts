import { defineClass, number, text } from '../src/contract/index.js';

/** See src/audit/README.md. The id follows from `key`. */
export const AuditChain = defineClass({
  name: 'AuditChain',
  summary:
    'The end of the hash chain of an organization’s audit log, and the part that was deleted.',
  fields: {
    key: text('`organization:` with the id, or `hub`.'),
    seq: number('Position of the last entry.'),
    hash: text('Hash of the last entry.'),
    pending: text.optional(
      'The last entries as JSON until they are stored, so that a crash does not lose them.',
    ),
    prunedSeq: number('Entries up to this position were deleted by the retention; 0: none.'),
    prunedHash: text('Hash of the last deleted entry.'),
  },
  read: 'masterKey',
});
