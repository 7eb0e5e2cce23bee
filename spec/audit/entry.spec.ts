import { createHash } from 'node:crypto';

import { START } from '../../src/audit/chain/position.js';
import { createSeals } from '../../src/audit/chain/seal.js';
import { entryProblemOf } from '../../src/audit/chain/verify.js';
import {
  type AuditEntry,
  chainOf,
  dateEntry,
  linkEntries,
  linkOf,
  organizationOf,
} from '../../src/audit/record/entry.js';
import { oneLine } from '../../src/audit/record/oneLine.js';

const AT = new Date('2026-11-21T10:00:00.000Z');
const entry: AuditEntry = {
  organizationId: 'acme',
  function: 'updateWebhook',
  actor: 'user',
  actorId: 'ada',
  outcome: 'ok',
  rows: { webhookId: 'w1', otherIds: ['x1', 'x2'] },
  params: { webhookId: 'w1', status: 'paused' },
  requestId: 'req_00000000',
};

/** Rows as they come back from the database. */
function stored(entries: readonly AuditEntry[]) {
  const rows = linkEntries(
    START,
    entries.map((each) => dateEntry(each, AT)),
    createSeals(['a secret of thirty-two characters']),
  );
  return rows.map(({ readers: _readers, ...row }) => ({ ...row, updatedAt: AT }));
}

describe('an entry', () => {
  it('has the SHA-256 of its canonical form, which contains the previous hash', () => {
    const [first, second] = stored([entry, entry]);
    const text = `{"actor":"user","actorId":"ada","at":"2026-11-21T10:00:00.000Z","function":"updateWebhook","id":"${second?.id ?? ''}","organizationId":"acme","outcome":"ok","params":{"status":"paused","webhookId":"w1"},"previous":"${first?.hash ?? ''}","requestId":"req_00000000","rows":{"otherIds":["x1","x2"],"webhookId":"w1"},"seq":2}`;
    expect(second?.hash).toBe(createHash('sha256').update(text).digest('hex'));
    expect(first).toMatchObject({ seq: 1, previous: '0'.repeat(64), chain: 'organization:acme' });
    expect(first?.rowIds).toEqual(['w1', 'x1', 'x2']);
  });

  it('follows only the one before it', () => {
    const [first, second, third] = stored([entry, entry, entry]);
    if (!first || !second || !third) throw new Error('Three were made.');
    const problem = (row: typeof first, before: typeof first) =>
      entryProblemOf(row, before, 'organization:acme');
    expect(problem(second, first)).toBeUndefined();
    expect(problem(third, first)).toBe('missing');
    expect(problem(first, second)).toBe('inserted');
    expect(problem({ ...second, seq: 1.5 }, first)).toBe('inserted');
    expect(problem(third, { ...second, hash: first.hash })).toBe('changed');
    expect(entryProblemOf(second, first, 'organization:other')).toBe('changed');
  });

  const [, second] = stored([entry, entry]);
  it.each([
    ['actor', 'master'],
    ['actorId', 'bob'],
    ['actorId', undefined],
    ['keyId', 'k1'],
    ['function', 'getWebhook'],
    ['outcome', 'refused'],
    ['error', 'PermissionDenied'],
    ['code', 7003],
    ['rows', '{"webhookId":"w2","otherIds":["x1","x2"]}'],
    ['rows', 'no JSON'],
    ['rowIds', ['x1', 'x2']],
    ['params', '{}'],
    ['params', 'null'],
    ['result', '{}'],
    ['address', '127.0.0.1'],
    ['agent', 'curl'],
    ['requestId', 'req_00000001'],
    ['previous', '1'.repeat(64)],
    ['hash', '1'.repeat(64)],
    ['id', 'another'],
    ['createdAt', new Date(AT.getTime() + 1)],
    ['organization', 'other'],
    ['organization', undefined],
  ])('shows that its %s was changed to %p', (field, value) => {
    if (!second) throw new Error('Two were made.');
    const before = { seq: 1, hash: second.previous };
    expect(entryProblemOf(second, before, second.chain)).toBeUndefined();
    expect(entryProblemOf({ ...second, [field]: value }, before, second.chain)).toBe('changed');
  });

  it('reads as it was written', () => {
    const [row] = stored([entry]);
    if (!row) throw new Error('One was made.');
    expect(linkOf(row)).toMatchObject({ ...entry, seq: 1, at: AT.toISOString() });
  });
});

describe('a chain', () => {
  it.each([undefined, 'acme', 'hub', 'organization:x'])('identifies its organization: %p', (id) => {
    expect(organizationOf(chainOf(id))).toBe(id);
  });
});

describe('text that a caller chose', () => {
  it.each([
    ['line ends', 'a\r\nb', 'a\uFFFD\uFFFDb'],
    ['escape sequences', '\u001b[31mred', '\uFFFD[31mred'],
    ['C1 controls', '\u009b31m', '\uFFFD31m'],
    ['separators', 'a\u2028b\u2029c', 'a\uFFFDb\uFFFDc'],
    ['bidirectional controls', 'a\u202eb', 'a\uFFFDb'],
    ['invisible characters', 'a\u200bb', 'a\uFFFDb'],
    ['U+0000', 'a\0b', 'a\uFFFDb'],
    ['unpaired surrogates', 'a\ud83d', 'a\uFFFD'],
    ['a surrogate pair cut in two', '1234567\ud83d\ude00', '1234567\uFFFD'],
  ])('has no %s', (_what, given, shown) => {
    expect(oneLine(given, 8)).toBe(shown);
  });

  it('may be unknown', () => {
    expect(oneLine(undefined, 8)).toBeUndefined();
  });
});
