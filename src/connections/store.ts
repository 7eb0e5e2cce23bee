import { ServiceConnection } from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database, LaneId } from '../platform/database/index.js';
import type { Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';

export type ConnectionRow = RowOf<typeof ServiceConnection>;
export type ConnectionChange = Partial<Omit<ConnectionRow, 'id' | 'revision' | 'createdAt'>>;

/** The lane of a connection: its holder alone refreshes its token. */
function connectionLane(connectionId: string): LaneId {
  return { kind: 'connection', key: connectionId };
}

/** The only file of this domain that knows rows. */
export function connectionStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    async insert(row: NewRow<typeof ServiceConnection>) {
      await database.insertMany(ServiceConnection, [row]);
      noteChange(ServiceConnection, undefined, row);
    },
    find: (organization: string, id: string) => rows.load(ServiceConnection, { id, organization }),
    /** Calls under way at once share a statement. */
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
