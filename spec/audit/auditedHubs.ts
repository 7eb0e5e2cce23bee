// Two processes on one database, and organizations whose audit log has some entries.
import {
  createHubStore,
  type Json,
  startHub,
  type TestHub,
  type TestUser,
} from '../support/hub.js';
import type { Store } from '../support/store.js';
import { chainName, chainRow, entriesOf } from './auditLog.js';

let store: Store;
export let hub: TestHub;
/** Another process on the same database. */
export let other: TestHub;
export let owner: TestUser;

/** Call once at the top of a file. */
export function useAuditedHubs(): void {
  beforeAll(async () => {
    store = await createHubStore();
    hub = await startHub({ store });
    other = await startHub({ store, seams: { clock: hub.clock } });
    owner = await hub.signUp();
  });
  afterAll(async () => {
    await other.stop();
    await hub.stop();
    await store.drop();
  });
}

/** Creates an organization with a given number of audit entries. */
export async function auditLogOf(
  entries: number,
): Promise<{ organizationId: string; rows: Json[] }> {
  const { body } = await hub.call('createOrganization', { name: 'Acme' }, owner);
  const organizationId: string = body.result.organization.id;
  for (let nth = 1; nth < entries; nth += 1) await rename(organizationId);
  await completed(organizationId);
  const rows = await entriesOf(hub, { chain: chainName(organizationId) });
  expect(rows).toHaveLength(entries);
  return { organizationId, rows };
}

/** `pending` is cleared a moment after the response. */
async function completed(organizationId: string): Promise<void> {
  while ((await chainRow(hub, chainName(organizationId))).pending !== undefined);
}

export async function rename(organizationId: string, by = hub): Promise<void> {
  const { body } = await by.call('updateOrganization', { organizationId, name: 'Acme' }, owner);
  expect(body.error).toBeUndefined();
}

export async function verify(organizationId: string, after?: object): Promise<Json> {
  const params = { organizationId, ...(after && { after }) };
  const { body } = await other.call('verifyAuditLog', params, owner);
  return body.result;
}
