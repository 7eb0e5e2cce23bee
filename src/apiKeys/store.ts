import { ApiKey, ApiKeyUsage } from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database } from '../platform/database/index.js';
import { derivedId } from '../platform/ids.js';
import { organizationRows } from '../platform/organizationRows.js';
import type { Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';

export type ApiKeyRow = RowOf<typeof ApiKey>;
export type ApiKeyUsageRow = RowOf<typeof ApiKeyUsage>;
type ApiKeyChange = Partial<{
  [K in keyof Omit<ApiKeyRow, 'id' | 'revision' | 'createdAt'>]: ApiKeyRow[K] | undefined;
}>;

/** The maximum number of active keys; more are not counted. */
export const API_KEYS_MAX = 1_000;

/** The only file of this domain that reads and writes rows. */
export function apiKeyStore({ rows, database }: { rows: Rows; database: Database }) {
  /** Returns the key whose hash, or previous hash, is one of these. Loads at the same moment share one statement. */
  const loadByHashes = batchCalls(
    async (wanted: readonly (readonly string[])[]) => {
      const all = { $in: wanted.flat() };
      const found = await rows.find(ApiKey, { $or: [{ hash: all }, { previousHash: all }] });
      return wanted.map((hashes) =>
        found.find(
          ({ hash, previousHash }) =>
            hashes.includes(hash) || (previousHash !== undefined && hashes.includes(previousHash)),
        ),
      );
    },
    { max: 100, flights: 2 },
  );
  return {
    loadByHashes,
    ofOrganization: organizationRows(rows, { apiKeys: ApiKey }, [ApiKeyUsage]),
    async insert(row: NewRow<typeof ApiKey>) {
      await database.insertMany(ApiKey, [row]);
      noteChange(ApiKey, undefined, row);
    },
    async find(organization: string, id: string): Promise<ApiKeyRow | undefined> {
      const [row] = await database.loadMany(ApiKey, [id]);
      return row?.organization === organization ? row : undefined;
    },
    ...keyLists(rows),
    /** Returns the changed row; `undefined` when another request changed it first. */
    async change(row: ApiKeyRow, set: ApiKeyChange): Promise<ApiKeyRow | undefined> {
      const { id, revision } = row;
      const next = { ...set, revision: revision + 1 } as Partial<ApiKeyRow>;
      const change = { id, was: { revision }, set: next };
      if (!(await database.change(ApiKey, change))) return undefined;
      const changed = { ...row, ...next } as ApiKeyRow;
      noteChange(ApiKey, row, changed);
      return changed;
    },
    /** Records the last use, which does not count as a change of the key. */
    recordUse: (id: string, use: Pick<ApiKeyRow, 'lastUsedAt' | 'lastUsedFrom' | 'lastUsedBy'>) =>
      database.change(ApiKey, { id, was: {}, set: use }),
    /** Stores the hash under another pepper, if the stored hash is still the one that was read. */
    recordHash: (id: string, was: Partial<ApiKeyRow>, set: Partial<ApiKeyRow>): Promise<boolean> =>
      database.change(ApiKey, { id, was, set }),
    ...usageStore({ rows, database }),
  };
}

/** Lists of keys. */
function keyLists(rows: Rows) {
  return {
    page: (
      where: {
        readonly organization: string;
        readonly status?: string;
        readonly owner?: string;
        readonly environment?: string;
      },
      request: PageRequest,
    ) => rows.page(ApiKey, where, request),
    /** Returns the keys that are not revoked: all, those of an owner, or those whose previous secret a member issued. */
    active: (
      organization: string,
      of: { readonly owner?: string; readonly previousOwner?: string } = {},
    ) => rows.find(ApiKey, { organization, status: 'active', ...of }, { limit: API_KEYS_MAX }),
    /** Whether there are `count` keys or more that are not revoked. Reads one of them at most. */
    hasActive: async (organization: string, count: number): Promise<boolean> => {
      const where = { organization, status: 'active' };
      const found = await rows.find(ApiKey, where, { skip: count - 1, limit: 1, keys: [] });
      return found.length > 0;
    },
    /** Returns keys of all organizations that are not revoked, by ascending id after `id`. */
    activeAfter: (id: string | undefined, limit: number): Promise<ApiKeyRow[]> => {
      const behind = id === undefined ? {} : { id: { $gt: id } };
      return rows.find(ApiKey, { status: 'active', ...behind }, { sort: { id: 1 }, limit });
    },
  };
}

/** Usage by day. */
function usageStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    async loadDay(apiKey: string, day: Date): Promise<ApiKeyUsageRow | undefined> {
      return (await database.loadMany(ApiKeyUsage, [idOfDay(apiKey, day)]))[0];
    },
    /** Returns false when the row exists by now. */
    async insertDay(row: Omit<NewRow<typeof ApiKeyUsage>, 'id'>): Promise<boolean> {
      const id = idOfDay(row.apiKey, row.day);
      const made = { ...row, id } as NewRow<typeof ApiKeyUsage>;
      return (await database.insertMany(ApiKeyUsage, [made])).has(id);
    },
    /** Returns false when another process counted in the meantime. */
    changeDay: (
      { id, revision }: ApiKeyUsageRow,
      set: Pick<ApiKeyUsageRow, 'calls' | 'limited' | 'functions'>,
    ): Promise<boolean> =>
      database.change(ApiKeyUsage, {
        id,
        was: { revision },
        set: { ...set, revision: revision + 1 },
      }),
    days: (apiKey: string, since: Date): Promise<ApiKeyUsageRow[]> =>
      rows.find(ApiKeyUsage, { apiKey, day: { $gte: since } }, { sort: { day: 1 }, limit: 400 }),
    pruneDays: (before: Date, limit: number): Promise<number> =>
      database.deleteBefore(ApiKeyUsage, { field: 'day', before, limit }),
  };
}
export type ApiKeyStore = ReturnType<typeof apiKeyStore>;

/** The id follows from key and day, so that processes that insert the row at the same time insert one. */
function idOfDay(apiKey: string, day: Date): string {
  return derivedId(`${apiKey}:${day.toISOString()}`);
}
