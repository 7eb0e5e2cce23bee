import { Integration } from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database } from '../platform/database/index.js';
import { organizationRows } from '../platform/organizationRows.js';
import type { Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';

export type IntegrationRow = RowOf<typeof Integration>;
export type IntegrationChange = Partial<Omit<IntegrationRow, 'id' | 'revision' | 'createdAt'>>;

/** Integrations that one organization may have. */
export const INTEGRATIONS_MAX = 1_000;

/** Reads and writes the rows of integrations; no other file of this domain does. */
export function integrationStore({ rows, database }: { rows: Rows; database: Database }) {
  /** Calls at the same time share one statement. */
  const load = batchCalls(
    async (ids: readonly string[]) => {
      const found = await database.loadMany(Integration, [...new Set(ids)]);
      return ids.map((wanted) => found.find(({ id }) => id === wanted));
    },
    { max: 200, flights: 2 },
  );
  return {
    load,
    ofOrganization: organizationRows(rows, { integrations: Integration }),
    async insert(row: NewRow<typeof Integration>) {
      await database.insertMany(Integration, [row]);
      noteChange(Integration, undefined, row);
    },
    async find(organization: string, id: string): Promise<IntegrationRow | undefined> {
      const row = await load(id);
      return row?.organization === organization ? row : undefined;
    },
    page: (
      where: {
        readonly organization: string;
        readonly status?: string;
        readonly connector?: string;
        readonly type?: string;
        readonly tags?: { readonly $all: readonly string[] };
        readonly $or?: unknown;
      },
      request: PageRequest,
    ) => rows.page(Integration, where, request),
    count: async (organization: string) =>
      (await rows.find(Integration, { organization }, { limit: INTEGRATIONS_MAX, keys: ['name'] }))
        .length,
    /** Rows from before header values were encrypted. */
    beforeHeaderNames: (limit: number) =>
      rows.find(Integration, { headerNames: { $exists: false } }, { limit }),
    /** Returns the changed row; `undefined` when another process changed it first. */
    async change(
      row: IntegrationRow,
      set: IntegrationChange,
      readers?: readonly string[],
    ): Promise<IntegrationRow | undefined> {
      const { id, revision } = row;
      const next = { ...set, revision: revision + 1 };
      const change = { id, was: { revision }, set: next, readers };
      if (!(await database.change(Integration, change))) return undefined;
      const changed = { ...row, ...next };
      noteChange(Integration, row, changed);
      return changed;
    },
    async remove(row: IntegrationRow) {
      const { id, organization } = row;
      await rows.remove(Integration, { id, organization });
      noteChange(Integration, row, undefined);
    },
  };
}
export type IntegrationStore = ReturnType<typeof integrationStore>;
