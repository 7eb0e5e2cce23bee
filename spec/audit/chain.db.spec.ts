import { createAppend } from '../../src/audit/record/append.js';
import {
  type AuditEntry,
  chainOf,
  dateEntry,
  hashOf,
  linkOf,
} from '../../src/audit/record/entry.js';
import { auditStore } from '../../src/audit/store.js';
import type { Json } from '../support/hub.js';
import { auditLogOf, hub, other, owner, rename, useAuditedHubs, verify } from './auditedHubs.js';
import { chainName, chainRow, entriesOf, meddling, seals } from './auditLog.js';

useAuditedHubs();

describe('a chain', () => {
  it('verifies as a whole and in parts, after an earlier end', async () => {
    const { organizationId, rows } = await auditLogOf(5);
    const whole = { checked: 5, unsealed: 0, isWhole: true, hasMore: false };
    const end = { seq: 5, hash: rows[4].hash };
    expect(await verify(organizationId)).toEqual({ ...whole, end });
    const after = { seq: 3, hash: rows[2].hash };
    expect(await verify(organizationId, after)).toEqual({ ...whole, checked: 2, end });
    expect(await verify(organizationId, end)).toEqual({ ...whole, checked: 0, end });
  });

  it('stays one chain with concurrent appends in several processes', async () => {
    const { organizationId } = await auditLogOf(1);
    const calls = Array.from({ length: 20 }, () => [
      rename(organizationId, hub),
      rename(organizationId, other),
    ]);
    await Promise.all(calls.flat());
    expect(await verify(organizationId)).toMatchObject({ checked: 41, isWhole: true });
    const rows = await entriesOf(hub, { chain: chainName(organizationId) });
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 41 }, (_, nth) => nth + 1));
    expect(new Set(rows.map(({ requestId }) => requestId)).size).toBe(41);
  });

  it('stays one chain with twenty writers that each know another end', async () => {
    const { organizationId } = await auditLogOf(1);
    const real = auditStore({ database: hub.app.database, rows: undefined as never });
    const entry: AuditEntry = {
      organizationId,
      function: 'updateOrganization',
      actor: 'master',
      outcome: 'ok',
      rows: {},
      params: {},
      requestId: 'req_of_twenty',
    };
    const append = async ({ append }: ReturnType<typeof createAppend>) => {
      for (let nth = 0; nth < 3; nth += 1) {
        const entries = [1, 2, 3].map(() => dateEntry(entry, hub.clock.now()));
        await append(chainOf(organizationId), entries, false);
      }
    };
    await Promise.all(Array.from({ length: 20 }, () => append(createAppend(real, seals))));
    expect(await verify(organizationId)).toMatchObject({ checked: 181, isWhole: true });
  });

  it('loses nothing when a process dies between moving its end and storing the entries', async () => {
    const { organizationId } = await auditLogOf(2);
    const { database } = hub.app;
    const real = auditStore({ database, rows: undefined as never });
    const insert = () => Promise.reject(new Error('killed'));
    const entry: AuditEntry = {
      organizationId,
      function: 'updateOrganization',
      actor: 'master',
      outcome: 'ok',
      rows: {},
      params: {},
      requestId: 'req_of_the_dead',
    };
    const died = createAppend({ ...real, completeChain: real.loadChain, insert }, seals);
    const entries = [dateEntry(entry, hub.clock.now()), dateEntry(entry, hub.clock.now())];
    await expect(died.append(chainOf(organizationId), entries, false)).rejects.toThrow('killed');
    expect(await entriesOf(hub, { requestId: 'req_of_the_dead' })).toEqual([]);
    await rename(organizationId);
    expect(await entriesOf(hub, { requestId: 'req_of_the_dead' })).toHaveLength(2);
    expect(await verify(organizationId)).toMatchObject({ checked: 5, isWhole: true });
    // When they are stored again, as after a lost connection, nothing is stored twice.
    await createAppend(real, seals).append(chainOf(organizationId), entries, true);
    expect(await verify(organizationId)).toMatchObject({ checked: 5, isWhole: true });
  });
});

describe('a tampered chain', () => {
  const { change, remove, insert, changeChain } = {
    change: (...given: Parameters<ReturnType<typeof meddling>['change']>) =>
      meddling(hub).change(...given),
    remove: (row: Json) => meddling(hub).remove(row),
    insert: (row: Json) => meddling(hub).insert(row),
    changeChain: (row: Json, to: Json) => meddling(hub).changeChain(row, to),
  };
  const HASH = 'ab'.repeat(32);

  interface Case {
    readonly what: string;
    readonly tamper: (rows: Json[], chain: Json) => Promise<void>;
    readonly found: { readonly seq: number; readonly problem: string };
  }
  const cases: readonly Case[] = [
    {
      what: 'an entry removed',
      tamper: ([, , third]) => remove(third),
      found: { seq: 3, problem: 'missing' },
    },
    {
      what: 'the first entry removed',
      tamper: ([first]) => remove(first),
      found: { seq: 1, problem: 'missing' },
    },
    {
      what: 'the last entry removed',
      tamper: (rows) => remove(rows.at(-1)),
      found: { seq: 5, problem: 'missing' },
    },
    {
      what: 'all entries removed',
      tamper: async (rows) => {
        for (const row of rows) await remove(row);
      },
      found: { seq: 1, problem: 'missing' },
    },
    {
      what: 'an entry changed',
      tamper: ([, second]) => change(second, { actorId: 'somebody' }),
      found: { seq: 2, problem: 'changed' },
    },
    {
      what: 'an entry changed so that a search does not find it',
      tamper: ([, second]) => change(second, { rowIds: [] }),
      found: { seq: 2, problem: 'changed' },
    },
    {
      what: 'an entry changed with a hash of its own',
      tamper: ([, second]) => change(second, { hash: HASH }),
      found: { seq: 2, problem: 'changed' },
    },
    {
      what: 'two entries swapped',
      tamper: async ([, second, third]) => {
        await change(second, { seq: 99 });
        await change(third, { seq: 2 });
        await change(second, { seq: 3 });
      },
      found: { seq: 2, problem: 'changed' },
    },
    {
      what: 'an entry inserted between two',
      tamper: ([, second]) => insert({ ...second, seq: 2.5 }),
      found: { seq: 2.5, problem: 'inserted' },
    },
    {
      what: 'an entry replaced by another',
      tamper: async ([first, second]) => {
        await remove(second);
        await insert({ ...first, seq: 2, previous: first.hash });
      },
      found: { seq: 2, problem: 'changed' },
    },
    {
      what: 'an entry inserted after the end',
      tamper: ([, , , , last]) => insert({ ...last, seq: 6, previous: last.hash }),
      found: { seq: 6, problem: 'inserted' },
    },
    {
      what: 'an end that was moved back',
      tamper: async (rows, chain) => {
        await changeChain(chain, { seq: 4, hash: rows[3].hash });
      },
      found: { seq: 5, problem: 'inserted' },
    },
    {
      what: 'another end',
      tamper: (_rows, chain) => changeChain(chain, { hash: HASH }),
      found: { seq: 5, problem: 'changed' },
    },
    {
      what: 'a beginning removed as if by the retention',
      tamper: async ([first, second], chain) => {
        await remove(first);
        await remove(second);
        await changeChain(chain, { prunedSeq: 2, prunedHash: second.hash });
      },
      found: { seq: 2, problem: 'checkpoint' },
    },
    {
      what: 'a whole chain recalculated',
      tamper: (rows, chain) => recalculated(rows, chain, { actorId: 'somebody' }),
      found: { seq: 1, problem: 'forged' },
    },
    {
      what: 'the end of a chain recalculated, without seals',
      tamper: (rows, chain) => recalculated(rows, chain, { seal: { __op: 'Delete' } }, 3),
      found: { seq: 3, problem: 'forged' },
    },
    {
      what: 'the end of a chain recalculated, under another key',
      tamper: (rows, chain) => recalculated(rows, chain, { seal: '1.AAAAAAAA:AAAA' }, 4),
      found: { seq: 4, problem: 'forged' },
    },
    {
      what: 'the seal of another entry',
      tamper: ([, second, third]) => change(third, { seal: second.seal }),
      found: { seq: 3, problem: 'forged' },
    },
    {
      what: 'a seal removed',
      tamper: ([, , , fourth]) => change(fourth, { seal: { __op: 'Delete' } }),
      found: { seq: 4, problem: 'forged' },
    },
    {
      what: 'the recorded changes, altered',
      tamper: ([, second]) => change(second, { changes: '[]' }),
      found: { seq: 2, problem: 'changed' },
    },
    {
      what: 'the recorded changes, removed',
      tamper: ([, , third]) => change(third, { changes: { __op: 'Delete' } }),
      found: { seq: 3, problem: 'changed' },
    },
    {
      what: 'an entry moved to the hub’s own chain',
      tamper: ([, second]) => change(second, { chain: 'hub', seq: 1_000_000 }),
      found: { seq: 2, problem: 'missing' },
    },
    {
      what: 'an entry moved to another organization',
      tamper: ([, second]) => change(second, { organization: { __op: 'Delete' } }),
      found: { seq: 2, problem: 'changed' },
    },
    {
      what: 'the entries of another chain',
      tamper: async (rows, chain) => {
        const other = await auditLogOf(5);
        for (const [nth, row] of rows.entries())
          await remove(row).then(() => insert({ ...other.rows[nth], chain: row.chain }));
        await changeChain(chain, { hash: other.rows[4].hash });
      },
      found: { seq: 1, problem: 'changed' },
    },
    {
      what: 'the order reversed',
      tamper: async (rows) => {
        for (const row of rows) await change(row, { seq: 100 + row.seq });
        for (const row of rows) await change(row, { seq: 6 - row.seq });
      },
      found: { seq: 1, problem: 'changed' },
    },
  ];

  /** Recalculates all hashes from an entry on, as an attacker can with the database but without the secret. */
  async function recalculated(rows: Json[], chain: Json, to: Json, from = 1): Promise<void> {
    let previous: string = from === 1 ? '0'.repeat(64) : rows[from - 2].hash;
    for (const row of rows.slice(from - 1)) {
      const tampered = { ...row, ...(to.actorId && { actorId: to.actorId }), previous };
      const { hash: _hash, ...link } = linkOf({
        ...tampered,
        id: row.objectId,
        organization: row.organization.objectId,
        createdAt: new Date(row.createdAt),
      });
      const hash = hashOf(link);
      await change(row, { ...to, previous, hash });
      previous = hash;
    }
    await changeChain(chain, { hash: previous });
  }

  it.each(cases)('detects $what', async ({ tamper, found }) => {
    const { organizationId, rows } = await auditLogOf(5);
    const end = { seq: 5, hash: rows[4].hash };
    expect(await verify(organizationId, end)).toMatchObject({ isWhole: true });
    await tamper(rows, await chainRow(hub, chainName(organizationId)));
    const response = await verify(organizationId);
    expect(response).toMatchObject({ isWhole: false, hasMore: false, break: found });
    expect(response.end.seq).toBeLessThan(found.seq + Number(found.problem === 'changed') + 1);
  });

  it('is detected with a stored end, even when the hashes were recalculated', async () => {
    const { organizationId, rows } = await auditLogOf(3);
    const kept = { seq: 3, hash: rows[2].hash };
    await remove(rows[2]);
    const chain = await chainRow(hub, chainName(organizationId));
    await changeChain(chain, { seq: 2, hash: rows[1].hash });
    expect(await verify(organizationId)).toMatchObject({ isWhole: true, checked: 2 });
    const shortened = { isWhole: false, break: { seq: 3, problem: 'missing' } };
    expect(await verify(organizationId, kept)).toMatchObject(shortened);
    const other = { seq: 1, hash: rows[1].hash };
    const changed = { isWhole: false, break: { seq: 2, problem: 'changed' } };
    expect(await verify(organizationId, other)).toMatchObject(changed);
  });

  it('counts the entries without a checkable seal, up to the first with one', async () => {
    const { organizationId, rows } = await auditLogOf(4);
    for (const row of rows.slice(0, 2)) await change(row, { seal: { __op: 'Delete' } });
    expect(await verify(organizationId)).toMatchObject({ isWhole: true, checked: 4, unsealed: 2 });
    const after = { seq: 1, hash: rows[0].hash };
    expect(await verify(organizationId, after)).toMatchObject({ isWhole: true, unsealed: 1 });
    const before = { seq: 3, hash: rows[2].hash };
    await change(rows[3], { seal: { __op: 'Delete' } });
    const forged = { isWhole: false, break: { seq: 4, problem: 'forged' } };
    expect(await verify(organizationId, before)).toMatchObject(forged);
  });

  it('does not list entries before its beginning', async () => {
    const { organizationId, rows } = await auditLogOf(2);
    await insert({ ...rows[0], seq: -1 });
    await insert({ ...rows[0], seq: 0 });
    const { items } = await hub.as(owner).getAuditLog({ organizationId });
    expect(items.map(({ seq }) => seq)).toEqual([2, 1]);
    expect(await verify(organizationId)).toMatchObject({ isWhole: true, checked: 2 });
  });
});

describe('an entry that cannot be stored', () => {
  it('is an error in the log with its request, and is stored as soon as possible', async () => {
    const { organizationId, rows } = await auditLogOf(2);
    const chain = await chainRow(hub, chainName(organizationId));
    const { changeChain } = meddling(hub);
    // The next entry finds another end than it knows, and cannot read the pending entries.
    await changeChain(chain, { hash: 'ab'.repeat(32), pending: 'no JSON' });
    const failures = () => hub.logLines.filter((line) => line.includes('audit.notStored'));
    const { length } = failures();
    const response = rename(organizationId);
    while (failures().length === length) await hub.rest('GET', '/health');
    await changeChain(chain, { hash: rows[1].hash, pending: { __op: 'Delete' } });
    await response;
    expect(await verify(organizationId)).toMatchObject({ isWhole: true, checked: 3 });
    const [, , third] = await entriesOf(hub, { chain: chainName(organizationId) });
    const line = JSON.parse(failures().at(-1) ?? '');
    expect(line).toMatchObject({ level: 'error', requestIds: [third.requestId] });
  });
});
