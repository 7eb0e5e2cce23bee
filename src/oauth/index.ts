import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Provider } from 'oidc-provider';

import type { Actor, Membership } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { createPeppers, type Secrets } from '../platform/crypto/index.js';
import { DAY_MS } from '../platform/durations.js';
import type { Log } from '../platform/log.js';
import type { ScopeRegistry } from '../scopes/index.js';
import type { Devices, Guessing } from '../security/index.js';
import { type AppAdmin, createAppAdmin } from './apps/apps.js';
import { isSecretOfApp } from './apps/appSecret.js';
import { readBranding } from './apps/branding.js';
import { createGrantAdmin, type GrantAdmin } from './grants.js';
import {
  appPage,
  type Branding as HostBranding,
  brandOf,
  createFormTokens,
  createPages,
  type Front,
  type HostPages,
  pagesRouter,
} from './pages/index.js';
import type { Organizations, People } from './ports.js';
import { createScopeBook, type ScopeBook } from './scopes.js';
import { createInteractions, type Interactions } from './server/interactions.js';
import { openProvider } from './server/provider.js';
import { createSeals } from './server/seal.js';
import type { OAuthStore } from './store.js';
import { createTokenCallers, type TokenCallers } from './tokens/callers.js';

export { readBranding } from './apps/branding.js';
export { APP_GRANTS, type AppGrant, AUTH_METHODS } from './apps/client.js';
export { problemOfRedirectUri } from './apps/redirectUri.js';
export { oauthErrors } from './errors.js';
export type { GrantView } from './grants.js';
export {
  type Brand,
  brandingOption,
  type HostPage,
  type HostPages,
  PAGE_NAMES,
  type PageModels,
  type Branding as PagesBranding,
} from './pages/index.js';
export { IDENTITY_SCOPES, isPermission } from './scopes.js';
export { GRACE_SECONDS, GRACE_SECONDS_MAX } from './server/grace.js';
export { type OAuthAppRow, oauthStore } from './store.js';
export {
  type AccessTokenClaims,
  verifyAccessToken,
  type VerifyAccessTokenOptions,
} from './tokens/jwt.js';
export { looksLikeAccessToken } from './tokens/tokenValue.js';

/** OAuth apps, and the authorization server for them; see README.md beside this file. */
export interface OAuth {
  readonly apps: AppAdmin;
  readonly interactions: Interactions;
  readonly callers: TokenCallers;
  readonly grants: GrantAdmin;
  readonly scopes: ScopeBook;
  /** What is served beneath the issuer, the issuer’s own path taken off. */
  handle(req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void;
  /** Deletes what is worth nothing any more, until `signal`; answers how many rows. */
  prune(options: { readonly signal: AbortSignal }): Promise<number>;
}

export interface OAuthDeps {
  readonly store: OAuthStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly people: People;
  readonly organizations: Organizations;
  readonly scopes: ScopeRegistry;
  /** The hub’s secret, then those before it. */
  readonly secrets: Secrets;
  readonly prefix: string;
  /** The hub as others reach it. */
  readonly publicUrl: string;
  readonly branding: HostBranding;
  /** Instead of the hub’s own pages. */
  readonly pages: HostPages;
  readonly bruteForce: Guessing;
  readonly devices: Devices;
  readersOf(organizationId: string): readonly string[];
  membershipOf(actor: Actor, organizationId: string): Promise<Membership>;
}

/** Kept this long after they ended, so that what was used is known again when it comes a second time. */
const KEPT_MS = DAY_MS;
const PRUNED_AT_ONCE = 1_000;

export function createOAuth(deps: OAuthDeps): OAuth {
  const { store, clock, secrets } = deps;
  const seals = createSeals(secrets);
  const scopes = createScopeBook(deps.scopes);
  const peppers = createPeppers(secrets, 'oauth app secret');
  const pageRenderer = pageRendererOf(deps);
  const issuer = `${deps.publicUrl}/oauth`;
  const audience = deps.publicUrl;
  const callers = createTokenCallers({ store, seals, clock, issuer, audience });
  const onRevoked = () => {
    callers.invalidate();
  };
  const grants = createGrantAdmin({ ...deps, onRevoked });
  let opened: Promise<Provider> | undefined;
  const provider = () =>
    (opened ??= openProvider({
      ...deps,
      seals,
      scopes,
      onRevoked,
      pageRenderer,
      issuer,
      audience,
      async isSecretOf(appId, secret) {
        const row = await store.loadApp(appId);
        return row !== undefined && isSecretOfApp(row, { secret, peppers, now: clock.now() });
      },
      async rememberedGrant(user, app) {
        const [latest] = await store.grants({ user, app });
        return latest && latest.expiresAt > clock.now() ? latest : undefined;
      },
    }).catch((error: unknown) => {
      // Asked again with the next request.
      opened = undefined;
      throw error;
    }));
  const interactions = createInteractions({ ...deps, scopes, provider });
  const pages = pagesRouter({
    ...deps,
    ...pageRenderer,
    interactions,
    issuer,
    forms: createFormTokens(secrets),
    now: () => clock.now(),
  });

  return {
    apps: createAppAdmin({
      ...deps,
      scopes,
      peppers,
      onRevoked,
      revokeApp: (id) => grants.revokeApp(id),
    }),
    interactions,
    scopes,
    callers,
    grants,
    handle(req, res, next) {
      if (PAGES.test(req.url ?? '')) {
        pages(req as never, res as never, next);
        return;
      }
      provider()
        .then((server) => server.callback()(req, res))
        .catch(next);
    },
    prune: ({ signal }) => pruneAll(deps, signal),
  };
}

async function pruneAll({ store, clock }: OAuthDeps, signal: AbortSignal): Promise<number> {
  const before = new Date(clock.now().getTime() - KEPT_MS);
  let pruned = 0;
  for (const prune of [store.pruneRecords, store.pruneGrants]) {
    let last = PRUNED_AT_ONCE;
    while (last === PRUNED_AT_ONCE && !signal.aborted) {
      last = await prune(before, PRUNED_AT_ONCE);
      pruned += last;
    }
  }
  return pruned;
}

function pageRendererOf({
  bruteForce,
  branding,
  publicUrl,
  pages,
  store,
  organizations,
}: OAuthDeps): Front {
  return {
    bruteForce,
    pages: createPages(brandOf(branding, publicUrl), pages),
    async appOf(id) {
      const row = await store.loadApp(id);
      if (!row) return undefined;
      const organizationName = await organizations.nameOf(row.organization);
      return appPage({ name: row.name, organizationName, branding: readBranding(row.branding) });
    },
  };
}

const PAGES = /^\/(?:interaction\/|logout(?:\?|$))/;
