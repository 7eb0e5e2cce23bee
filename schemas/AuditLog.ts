import {
  defineClass,
  list,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

/** See src/audit/README.md. No client reads it through Parse: an ACL would name roles that may not read the audit log too. */
export const AuditLog = defineClass({
  name: 'AuditLog',
  summary:
    'One call: the caller, the function, the rows, the IP address and the outcome. Each entry holds the hash of the previous one.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS).optional('Absent: an entry of the hub’s own chain.'),
    chain: text('The chain of the entry: `organization:` with the id, or `hub`.'),
    seq: number('Its position in the chain, from 1, without gaps.'),
    previous: text('The hash of the previous entry; 64 zeros in the first.'),
    hash: text('Hexadecimal SHA-256 of the entry, including `previous`.'),
    seal: text.optional('HMAC-SHA-256 of the hash, under a key derived from the hub’s secret.'),
    function: text('The name of the function, without a prefix.'),
    actor: text(
      'user, apiKey, oauthToken, master, readOnlyMaster, anonymous, browser, or hub for the hub’s own work.',
    ),
    actorId: text.optional('The user, or the owner of the key or token.'),
    keyId: text.optional('The API key, or the OAuth app of the token.'),
    outcome: text('ok, refused or failed.'),
    error: text.optional('The name of the error.'),
    code: number.optional('The number of the error.'),
    rows: text('The ids in parameters and result, by name, as JSON.'),
    rowIds: list<string>()('The same ids, for searches.'),
    params: text(
      'The parameters as JSON: ids, numbers, flags, times and choices; of other values the size.',
    ),
    result: text.optional('The result, in the same form.'),
    changes: text.optional('The changed rows before and after, as JSON, without hidden fields.'),
    address: text.optional('The IP address of the caller.'),
    agent: text.optional('The User-Agent header of the request.'),
    requestId: text('The id of the request, which all logs contain.'),
  },
  indexes: {
    byCreated: ['chain', 'createdAt'],
    byActor: ['chain', 'actorId', 'seq'],
    byKey: ['chain', 'keyId', 'seq'],
    byRow: ['chain', 'rowIds', 'seq'],
    byRequest: ['requestId'],
  },
  unique: { position: ['chain', 'seq'] },
  read: 'masterKey',
});
