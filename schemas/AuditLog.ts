import {
  defineClass,
  list,
  number,
  ORGANIZATION_CLASS,
  pointer,
  text,
} from '../src/contract/index.js';

/** See src/audit/README.md. Nobody reads it through Parse: an ACL names roles that may not read the trail too. */
export const AuditLog = defineClass({
  name: 'AuditLog',
  summary:
    'Who called which function on which rows, from where and with what outcome; each entry holds the hash of the one before.',
  fields: {
    organization: pointer(ORGANIZATION_CLASS).optional('Absent: an entry of the hub’s own chain.'),
    chain: text('What it is a link of: `organization:` with the id, or `hub`.'),
    seq: number('Its place in the chain, from 1, without gaps.'),
    previous: text('The hash of the entry before; 64 zeros in the first.'),
    hash: text('SHA-256 of the entry with `previous`, in hexadecimal.'),
    seal: text.optional(
      'HMAC-SHA-256 of the hash, under a key that follows from the hub’s secret.',
    ),
    function: text('The name of the function, without a prefix.'),
    actor: text(
      'user, apiKey, master, readOnlyMaster, anonymous, browser, or hub for what the hub does by itself.',
    ),
    actorId: text.optional('The user, or the user in whose name a key or a token acts.'),
    keyId: text.optional('The API key, or the OAuth app of the token, that it came through.'),
    outcome: text('ok, refused or failed.'),
    error: text.optional('The name of the error.'),
    code: number.optional('The number of the error.'),
    rows: text('Ids among parameters and result, by name, as JSON.'),
    rowIds: list<string>()('The same ids, to be searched.'),
    params: text('Ids, numbers, flags and choices; of all else the size. As JSON.'),
    result: text.optional('The same of what was answered.'),
    changes: text.optional('Rows before and after, as JSON; nothing that is hidden.'),
    address: text.optional('From where.'),
    agent: text.optional('The user agent, as it called itself.'),
    requestId: text('By which every log names the call.'),
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
