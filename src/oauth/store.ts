import { OAuthApp, OAuthGrant, OAuthRecord } from '../../schemas/index.js';
import type { NewRow, PageRequest, RowOf } from '../contract/index.js';
import { batchCalls } from '../platform/batch.js';
import type { Database } from '../platform/database/index.js';
import { derivedId } from '../platform/ids.js';
import { organizationRows } from '../platform/organizationRows.js';
import type { Rows } from '../platform/parse/index.js';
import { noteChange } from '../platform/rowChanges.js';

export type OAuthAppRow = RowOf<typeof OAuthApp>;
export type OAuthGrantRow = RowOf<typeof OAuthGrant>;
export type OAuthRecordRow = RowOf<typeof OAuthRecord>;
type AppChange = Partial<{
  [K in keyof Omit<OAuthAppRow, 'id' | 'revision' | 'createdAt'>]: OAuthAppRow[K] | undefined;
}>;

/** The maximum number of apps of an organization. */
export const OAUTH_APPS_MAX = 1_000;
const AT_ONCE = 1_000;

/** Returns the id of a record, derived from the value that it is found by; the value cannot be recovered from it. */
export function recordId(kind: string, value: string): string {
  return derivedId(`oauth:${kind}:${value}`);
}

/** Reads and writes the rows of OAuth; no other file of this domain does. */
export function oauthStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    ...appStore({ rows, database }),
    ...grantStore({ rows, database }),
    ...recordStore({ rows, database }),
    ofOrganization: organizationRows(rows, { oauthApps: OAuthApp, oauthGrants: OAuthGrant }),
  };
}
export type OAuthStore = ReturnType<typeof oauthStore>;

function appStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    async insertApp(row: NewRow<typeof OAuthApp>): Promise<void> {
      await database.insertMany(OAuthApp, [row]);
      noteChange(OAuthApp, undefined, row);
    },
    async loadApp(id: string): Promise<OAuthAppRow | undefined> {
      return (await database.loadMany(OAuthApp, [id]))[0];
    },
    pageApps: (
      where: { readonly organization: string; readonly status?: unknown },
      request: PageRequest,
    ) => rows.page(OAuthApp, where, request),
    /** Apps that are not deleted. */
    apps: (organization: string) =>
      rows.find(
        OAuthApp,
        { organization, status: { $in: ['active', 'disabled'] } },
        { limit: OAUTH_APPS_MAX },
      ),
    /** Returns the changed row; `undefined` when another change came first. */
    async changeApp(row: OAuthAppRow, set: AppChange): Promise<OAuthAppRow | undefined> {
      const { id, revision } = row;
      const next = { ...set, revision: revision + 1 } as Partial<OAuthAppRow>;
      const change = { id, was: { revision }, set: next };
      if (!(await database.change(OAuthApp, change))) return undefined;
      const changed = { ...row, ...next };
      noteChange(OAuthApp, row, changed);
      return changed;
    },
  };
}

function grantStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    insertGrant: (row: NewRow<typeof OAuthGrant>) => database.insertMany(OAuthGrant, [row]),
    changeGrant: (
      id: string,
      set: Partial<Pick<OAuthGrantRow, 'payload' | 'expiresAt' | 'scopes' | 'organization'>>,
    ) => database.change(OAuthGrant, { id, was: {}, set }),
    async loadGrant(id: string): Promise<OAuthGrantRow | undefined> {
      return (await database.loadMany(OAuthGrant, [id]))[0];
    },
    grants: (where: {
      readonly user?: string;
      readonly app?: string;
      readonly organization?: string;
    }) => rows.find(OAuthGrant, where, { limit: AT_ONCE, sort: { createdAt: -1, id: -1 } }),
    pageGrants: (
      where: { readonly user?: string; readonly app?: string; readonly organization?: string },
      request: PageRequest,
    ) => rows.page(OAuthGrant, where, request),
    removeGrant: (id: string) => rows.remove(OAuthGrant, { id }),
    /** Removes a grant at a user's request, which the audit log records. */
    async endGrant(row: OAuthGrantRow): Promise<void> {
      await rows.remove(OAuthGrant, { id: row.id });
      noteChange(OAuthGrant, row, undefined);
    },
    pruneGrants: (before: Date, limit: number) =>
      database.deleteBefore(OAuthGrant, { field: 'expiresAt', before, limit }),
  };
}

function recordStore({ rows, database }: { rows: Rows; database: Database }) {
  return {
    /** Returns false when the record exists already. */
    async insertRecord(row: Omit<NewRow<typeof OAuthRecord>, 'readers'>): Promise<boolean> {
      const made = { ...row, readers: [] } as NewRow<typeof OAuthRecord>;
      return (await database.insertMany(OAuthRecord, [made])).has(row.id);
    },
    changeRecord: (
      id: string,
      set: Partial<OAuthRecordRow>,
      was: { [K in keyof OAuthRecordRow]?: OAuthRecordRow[K] | undefined } = {},
    ) => database.change(OAuthRecord, { id, was: was as Partial<OAuthRecordRow>, set }),
    /** Concurrent calls share one statement. */
    loadRecord: batchCalls(
      async (ids: readonly string[]) => {
        const found = await database.loadMany(OAuthRecord, [...new Set(ids)]);
        return ids.map((id) => found.find((row) => row.id === id));
      },
      { max: 100, flights: 2 },
    ),
    loadByLookup: (kind: string, lookup: string) => rows.load(OAuthRecord, { kind, lookup }),
    removeRecord: (id: string) => rows.remove(OAuthRecord, { id }),
    removeRecordsOfGrant: (grant: string, kind?: string) =>
      rows.remove(OAuthRecord, { grant, ...(kind !== undefined && { kind }) }),
    removeRecordsOfApp: (app: string, kind?: string) =>
      rows.remove(OAuthRecord, { app, ...(kind !== undefined && { kind }) }),
    /** Removes the tokens of these apps themselves that act as a member; without one, those from before issuers were recorded. */
    removeOwnTokens: (apps: readonly string[], issuer: string | undefined) =>
      rows.remove(OAuthRecord, {
        app: { $in: apps },
        kind: 'ClientCredentials',
        issuer: issuer ?? { $exists: false },
      }),
    pruneRecords: (before: Date, limit: number) =>
      database.deleteBefore(OAuthRecord, { field: 'expiresAt', before, limit }),
  };
}
