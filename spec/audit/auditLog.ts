import { AuditChain, AuditLog } from '../../schemas/index.js';
import { createSeals } from '../../src/audit/chain/seal.js';
import type { AuditRow } from '../../src/audit/store.js';
import { HUB_SECRET, type Json, master, type TestHub } from '../support/hub.js';

/** Seals as the hub of the specs does. */
export const seals = createSeals([HUB_SECRET]);

/** Returns all stored entries, as the master key reads them, sorted by position in their chain. */
export async function entriesOf(hub: TestHub, where: object): Promise<Json[]> {
  const condition = encodeURIComponent(JSON.stringify(where));
  const path = `/classes/${AuditLog.name}?where=${condition}&order=seq&limit=1000`;
  return (await hub.rest('GET', path, master)).body.results;
}

export const chainName = (organizationId: string) => `organization:${organizationId}`;

export async function chainRow(hub: TestHub, key: string): Promise<Json> {
  const where = encodeURIComponent(JSON.stringify({ key }));
  const { body } = await hub.rest('GET', `/classes/${AuditChain.name}?where=${where}`, master);
  return body.results[0];
}

/** Tampers like an attacker with access to the database, here through the master key. */
export function meddling(hub: TestHub) {
  const path = ({ objectId }: Json) => `/classes/${AuditLog.name}/${objectId as string}`;
  const send = async (method: string, at: string, body?: Json) => {
    const response = await hub.rest(method, at, master, body);
    if (response.status >= 300)
      throw new Error(`${method} ${at}: ${JSON.stringify(response.body)}`);
  };
  return {
    change: (row: Json, change: Partial<Record<keyof AuditRow, Json>>) =>
      send('PUT', path(row), change),
    remove: (row: Json) => send('DELETE', path(row)),
    insert: (row: Json) => {
      const {
        objectId: _id,
        createdAt: _created,
        updatedAt: _updated,
        ...fields
      } = row as object & {
        objectId: unknown;
        createdAt: unknown;
        updatedAt: unknown;
      };
      return send('POST', `/classes/${AuditLog.name}`, fields);
    },
    changeChain: (row: Json, change: Json) =>
      send('PUT', `/classes/${AuditChain.name}/${row.objectId as string}`, change),
  };
}
