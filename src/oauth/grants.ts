import type { Page, PageRequest } from '../contract/index.js';
import { oauthErrors } from './errors.js';
import type { OAuthAppRow, OAuthGrantRow, OAuthStore } from './store.js';

/** What somebody approved, and for whom. */
export interface GrantView {
  readonly row: OAuthGrantRow;
  readonly app: OAuthAppRow | undefined;
}

export interface GrantAdmin {
  /** Newest first; what is left out does not matter. */
  list(
    where: {
      /** In which the tokens act. */
      readonly organizationId?: string | undefined;
      readonly userId?: string | undefined;
      readonly appId?: string | undefined;
    },
    request: PageRequest,
  ): Promise<Page<GrantView>>;
  /** Throws OAuthGrantNotFound. */
  get(grantId: string): Promise<OAuthGrantRow>;
  /** With every token that came of it, at once. */
  revoke(row: OAuthGrantRow): Promise<void>;
  /** All that a person approved in an organization; answers how many. */
  revokeAllOf(organizationId: string, userId: string): Promise<number>;
  /** Everything that was given out for an app, its own tokens as well. */
  revokeApp(appId: string): Promise<void>;
}

interface GrantAdminDeps {
  readonly store: OAuthStore;
  /** Something that callers come with may be worth nothing from now on. */
  onRevoked(): void;
}

export function createGrantAdmin({ store, onRevoked: revoked }: GrantAdminDeps): GrantAdmin {
  async function withApps(page: Page<OAuthGrantRow>): Promise<Page<GrantView>> {
    const apps = new Map<string, OAuthAppRow | undefined>();
    for (const { app } of page.items) {
      if (!apps.has(app)) apps.set(app, await store.loadApp(app));
    }
    return { ...page, items: page.items.map((row) => ({ row, app: apps.get(row.app) })) };
  }
  async function revoke(row: OAuthGrantRow): Promise<void> {
    // The grant first: a token without it is worth nothing, whenever it was made.
    await store.endGrant(row);
    revoked();
    await store.removeRecordsOfGrant(row.id);
  }
  async function revokeAll(where: Parameters<OAuthStore['grants']>[0]): Promise<number> {
    let count = 0;
    for (;;) {
      const rows = await store.grants(where);
      if (rows.length === 0) return count;
      for (const row of rows) await revoke(row);
      count += rows.length;
    }
  }

  return {
    list: async ({ organizationId: organization, userId: user, appId: app }, request) => {
      const where = {
        ...(organization !== undefined && { organization }),
        ...(user !== undefined && { user }),
        ...(app !== undefined && { app }),
      };
      return withApps(await store.pageGrants(where, request));
    },
    async get(grantId) {
      const row = await store.loadGrant(grantId);
      if (!row) throw oauthErrors.OAuthGrantNotFound();
      return row;
    },
    revoke,
    revokeAllOf: (organization, user) => revokeAll({ organization, user }),
    async revokeApp(app) {
      await revokeAll({ app });
      revoked();
      await store.removeRecordsOfApp(app);
    },
  };
}
