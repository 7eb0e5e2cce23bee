import { master } from '../support/hub.js';
import { auditLogOf, hub, other, owner, rename, useAuditedHubs, verify } from './auditedHubs.js';
import { chainName, entriesOf, meddling } from './auditLog.js';

const DAY_MS = 86_400_000;

useAuditedHubs();

describe('retention', () => {
  async function prune(): Promise<number> {
    return hub.app.services.audit.prune({ signal: new AbortController().signal });
  }

  it('deletes old entries and records it in the chain, which still verifies', async () => {
    const { organizationId, rows } = await auditLogOf(4);
    hub.clock.advance(200 * DAY_MS);
    await rename(organizationId);
    hub.clock.advance(166 * DAY_MS);
    expect(await prune()).toBeGreaterThanOrEqual(4);
    const left = await entriesOf(hub, { chain: chainName(organizationId) });
    expect(left.map(({ seq, function: name, actor }) => [seq, name, actor])).toEqual([
      [5, 'updateOrganization', 'user'],
      [6, 'pruneHistory', 'hub'],
    ]);
    expect(JSON.parse(left[1].params)).toEqual({ throughSeq: 4, throughHash: rows[3].hash });
    expect(await verify(organizationId)).toMatchObject({ isWhole: true, checked: 2 });
    // A stored end can still be continued from, if its entry exists.
    const kept = { seq: 3, hash: rows[2].hash };
    expect(await verify(organizationId, kept)).toMatchObject({ isWhole: true, checked: 2 });

    hub.clock.advance(200 * DAY_MS);
    expect(await prune()).toBeGreaterThanOrEqual(1);
    await rename(organizationId);
    expect(await verify(organizationId)).toMatchObject({ isWhole: true, checked: 3 });
    const { items } = await hub.as(owner).getAuditLog({ organizationId });
    expect(items.map(({ seq }) => seq)).toEqual([8, 7, 6]);
  });

  it('is detected when the entry that records it is changed', async () => {
    const { organizationId } = await auditLogOf(3);
    hub.clock.advance(366 * DAY_MS);
    await prune();
    expect(await prune()).toBe(0);
    const [pruneEntry] = await entriesOf(hub, { chain: chainName(organizationId) });
    await meddling(hub).change(pruneEntry, { params: '{"throughSeq":2}' });
    const found = { isWhole: false, break: { problem: 'checkpoint', seq: 3 } };
    expect(await verify(organizationId)).toMatchObject(found);
  });

  it('can run concurrently while entries are written', async () => {
    const { organizationId } = await auditLogOf(5);
    hub.clock.advance(366 * DAY_MS);
    const runs = Array.from({ length: 20 }, (_, nth) =>
      nth % 2 === 0 ? prune() : rename(organizationId, other),
    );
    await Promise.all(runs);
    expect(await verify(organizationId)).toMatchObject({ isWhole: true });
    const left = await entriesOf(hub, { chain: chainName(organizationId) });
    expect(left[0].seq).toBe(6);
  });

  it('is reported by the job pruneHistory', async () => {
    await auditLogOf(3);
    hub.clock.advance(366 * DAY_MS);
    const run = await hub.rest('POST', '/jobs/pruneHistory', master, {});
    expect(run.status).toBe(200);
    const statuses = async () =>
      (await hub.rest('GET', '/classes/_JobStatus?where={"jobName":"pruneHistory"}', master)).body
        .results;
    while ((await statuses())[0]?.finishedAt === undefined);
    expect((await statuses())[0].message).toMatch(/ and \d+ audit entries\.$/);
  });
});
