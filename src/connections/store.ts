import { ServiceConnection } from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import { batched } from '../platform/batch.js';
import type { Database, LaneId } from '../platform/database/index.js';
import type { Rows } from '../platform/parse/index.js';

export type ConnectionRow = RowOf<typeof ServiceConnection>;
export type ConnectionChange = Partial<Omit<ConnectionRow, 'id' | 'revision' | 'createdAt'>>;

/** The lane of a connection: its holder alone refreshes its token. */
export function laneOf(connectionId: string): LaneId {
  return { kind: 'connection', key: connectionId };
}

/** The only file of this domain that knows rows. */
export function connectionStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    insert: (row: NewRow<typeof ServiceConnection>) =>
      database.insertMany(ServiceConnection, [row]),
    find: (organization: string, id: string) => rows.load(ServiceConnection, { id, organization }),
    /** Calls under way at once share a statement. */
    load: batched(
      async (ids: readonly string[]) => {
        const found = await database.loadMany(ServiceConnection, [...new Set(ids)]);
        return ids.map((wanted) => found.find(({ id }) => id === wanted));
      },
      { most: 200, flights: 2 },
    ),
    page: (
      where: {
        readonly organization: string;
        readonly connector?: string;
        readonly endUser?: string;
      },
      request: PageRequest,
    ) => rows.page(ServiceConnection, where, request),
    /** Answers the row as it is then; `undefined` when somebody else changed it first. */
    async change(row: ConnectionRow, set: ConnectionChange): Promise<ConnectionRow | undefined> {
      const { id, revision } = row;
      const next = { ...set, revision: revision + 1 };
      const isChanged = await database.change(ServiceConnection, {
        id,
        was: { revision },
        set: next,
      });
      return isChanged ? { ...row, ...next } : undefined;
    },
    remove: (organization: string, id: string) =>
      rows.remove(ServiceConnection, { id, organization }),
    hold: (id: string, holdMs: number) => database.holdOne(laneOf(id), holdMs),
    release: database.release.bind(database),
    wake: (id: string, dueAt: Date) => database.wake([{ ...laneOf(id), dueAt }]),
  };
}
export type ConnectionStore = ReturnType<typeof connectionStore>;
