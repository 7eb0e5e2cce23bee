import type { Page, PageRequest } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { oauthErrors } from './errors.js';
import type { OAuthAppRow, OAuthGrantRow, OAuthStore } from './store.js';

/** A grant, with the app that it was given to. */
export interface GrantView {
  readonly row: OAuthGrantRow;
  readonly app: OAuthAppRow | undefined;
}

export interface GrantAdmin {
  /** Grants that match every condition given, newest first. */
  list(
    where: {
      /** The organization in which the tokens act. */
      readonly organizationId?: string | undefined;
      readonly userId?: string | undefined;
      readonly appId?: string | undefined;
    },
    request: PageRequest,
  ): Promise<Page<GrantView>>;
  /** Throws OAuthGrantNotFound. */
  get(grantId: string): Promise<OAuthGrantRow>;
  /** The newest grant of a person for an app, if it has not expired. */
  loadCurrent(userId: string, appId: string): Promise<OAuthGrantRow | undefined>;
  /** Ends a grant and all its tokens, at once. */
  revoke(row: OAuthGrantRow): Promise<void>;
  /** Revokes all grants in an organization, or those that one person gave; returns how many there were. */
  revokeAllOf(organizationId: string, userId?: string): Promise<number>;
  /** Revokes all grants and tokens of an app, its own tokens included. */
  revokeApp(appId: string): Promise<void>;
}

interface GrantAdminDeps {
  readonly store: OAuthStore;
  readonly clock: Clock;
  /** Called when tokens may have been revoked. */
  onRevoked(): void;
}

export function createGrantAdmin({ store, clock, onRevoked }: GrantAdminDeps): GrantAdmin {
  async function withApps(page: Page<OAuthGrantRow>): Promise<Page<GrantView>> {
    const apps = new Map<string, OAuthAppRow | undefined>();
    for (const { app } of page.items) {
      if (!apps.has(app)) apps.set(app, await store.loadApp(app));
    }
    return { ...page, items: page.items.map((row) => ({ row, app: apps.get(row.app) })) };
  }
  async function revoke(row: OAuthGrantRow): Promise<void> {
    // The grant goes first: a token whose grant is gone does not work, even one that is stored at this moment.
    await store.endGrant(row);
    onRevoked();
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
    async loadCurrent(user, app) {
      const [latest] = await store.grants({ user, app });
      return latest && latest.expiresAt > clock.now() ? latest : undefined;
    },
    revoke,
    revokeAllOf: (organization, user) =>
      revokeAll({ organization, ...(user !== undefined && { user }) }),
    async revokeApp(app) {
      await revokeAll({ app });
      onRevoked();
      await store.removeRecordsOfApp(app);
    },
  };
}
