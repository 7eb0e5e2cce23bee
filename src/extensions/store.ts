import { Extension } from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import type { Database } from '../platform/database/index.js';
import { organizationRows } from '../platform/organizationRows.js';
import type { Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';

export type ExtensionRow = RowOf<typeof Extension>;
type ExtensionChange = Partial<Omit<ExtensionRow, 'id' | 'revision' | 'createdAt'>>;

/** Reads and writes the rows of extensions; no other file of this domain does. */
export function extensionStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    ofOrganization: organizationRows(rows, { extensions: Extension }),
    /** Returns false when the organization has the connector installed already. */
    async insert(row: NewRow<typeof Extension>) {
      const isNew = (await database.insertMany(Extension, [row])).size === 1;
      if (isNew) noteChange(Extension, undefined, row);
      return isNew;
    },
    find: (organization: string, connector: string) =>
      rows.load(Extension, { organization, connector }),
    all: (organization: string) => rows.find(Extension, { organization }),
    page: (organization: string, request: PageRequest) =>
      rows.page(Extension, { organization }, request),
    /** Returns the changed row; `undefined` when another process changed it first. */
    async change(row: ExtensionRow, set: ExtensionChange): Promise<ExtensionRow | undefined> {
      const { id, revision } = row;
      const next = { ...set, revision: revision + 1 };
      const isChanged = await database.change(Extension, { id, was: { revision }, set: next });
      if (!isChanged) return undefined;
      const changed = { ...row, ...next };
      noteChange(Extension, row, changed);
      return changed;
    },
    async remove(row: ExtensionRow) {
      const { id, organization } = row;
      await rows.remove(Extension, { id, organization });
      noteChange(Extension, row, undefined);
    },
  };
}
export type ExtensionStore = ReturnType<typeof extensionStore>;
