import { ServiceConnection } from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database, LaneId } from '../platform/database/index.js';
import { organizationRows } from '../platform/organizationRows.js';
import type { Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';

export type ConnectionRow = RowOf<typeof ServiceConnection>;
export type ConnectionChange = Partial<Omit<ConnectionRow, 'id' | 'revision' | 'createdAt'>>;

/** Returns the lane of a connection. Only its holder refreshes the token. */
function connectionLane(connectionId: string): LaneId {
  return { kind: 'connection', key: connectionId };
}

/** Reads and writes the rows of connections; no other file of this domain does. */
export function connectionStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    ofOrganization: organizationRows(rows, { connections: ServiceConnection }),
    /** Returns connections of an organization that have a credential. */
    withCredential: (organization: string, limit: number) =>
      rows.find(
        ServiceConnection,
        { organization, sealedCredential: { $exists: true } },
        { limit },
      ),
    async insert(row: NewRow<typeof ServiceConnection>) {
      await database.insertMany(ServiceConnection, [row]);
      noteChange(ServiceConnection, undefined, row);
    },
    find: (organization: string, id: string) => rows.load(ServiceConnection, { id, organization }),
    /** Returns the connection with this id. Concurrent calls share a statement. */
    load: batchCalls(
      async (ids: readonly string[]) => {
        const found = await database.loadMany(ServiceConnection, [...new Set(ids)]);
        return ids.map((wanted) => found.find(({ id }) => id === wanted));
      },
      { max: 200, flights: 2 },
    ),
    page: (
      where: {
        readonly organization: string;
        readonly connector?: string;
        readonly endUser?: string;
        readonly $or?: unknown;
      },
      request: PageRequest,
    ) => rows.page(ServiceConnection, where, request),
    /** Returns the changed row; `undefined` when another change came first. */
    async change(
      row: ConnectionRow,
      set: ConnectionChange,
      readers?: readonly string[],
    ): Promise<ConnectionRow | undefined> {
      const { id, revision } = row;
      const next = { ...set, revision: revision + 1 };
      const isChanged = await database.change(ServiceConnection, {
        id,
        was: { revision },
        set: next,
        readers,
      });
      if (!isChanged) return undefined;
      const changed = { ...row, ...next };
      noteChange(ServiceConnection, row, changed);
      return changed;
    },
    async remove(row: ConnectionRow) {
      const { id, organization } = row;
      await rows.remove(ServiceConnection, { id, organization });
      noteChange(ServiceConnection, row, undefined);
    },
    hold: (id: string, holdMs: number) => database.holdOne(connectionLane(id), holdMs),
    release: database.release.bind(database),
    wake: (id: string, dueAt: Date) => database.wake([{ ...connectionLane(id), dueAt }]),
  };
}
export type ConnectionStore = ReturnType<typeof connectionStore>;
