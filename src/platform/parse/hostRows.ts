import type { DatabaseController, RestRow } from './sdk.js';

/** Rows of the host's own classes, as the master key reads and writes them. The host's triggers do not run. */
export interface HostRows {
  /** Rows after the id `after`, sorted by id, in the REST format. */
  list(
    className: string,
    page: { readonly after: string; readonly limit: number },
  ): Promise<readonly RestRow[]>;
  /** Sets texts of a row that still has these; returns whether it did. `updatedAt` stays. */
  replace(
    className: string,
    id: string,
    change: {
      readonly was: Readonly<Record<string, string>>;
      readonly set: Readonly<Record<string, string>>;
    },
  ): Promise<boolean>;
}

// https://docs.parseplatform.org/rest/guide/#error-codes
const OBJECT_NOT_FOUND = 101;

export function parseHostRows(database: DatabaseController): HostRows {
  return {
    list: (className, { after, limit }) =>
      // Parse Server on PostgreSQL has no comparison with the empty text.
      database.find(className, after === '' ? {} : { objectId: { $gt: after } }, {
        limit,
        sort: { objectId: 1 },
      }),
    async replace(className, id, { was, set }) {
      try {
        await database.update(className, { objectId: id, ...was }, set);
        return true;
      } catch (error) {
        if ((error as { code?: unknown }).code === OBJECT_NOT_FOUND) return false;
        throw error;
      }
    },
  };
}
