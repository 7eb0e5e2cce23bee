import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Provider } from 'oidc-provider';

import type { Actor, Membership } from '../contract/index.js';
import type { Clock } from '../platform/clock.js';
import { createPeppers, type Secrets } from '../platform/crypto/index.js';
import { DAY_MS } from '../platform/durations.js';
import type { Meters } from '../platform/limits/index.js';
import type { Log } from '../platform/log.js';
import type { OrganizationRows } from '../platform/organizationRows.js';
import type { ScopeRegistry } from '../scopes/index.js';
import type { BruteForceProtection, LoginProtection } from '../security/index.js';
import { type AppAdmin, createAppAdmin } from './apps/apps.js';
import { readBranding } from './apps/branding.js';
import { createGrantAdmin, type GrantAdmin } from './grants.js';
import {
  appPage,
  type Branding as HostBranding,
  brandOf,
  createFormTokens,
  createPages,
  findByPassword,
  type HostPages,
  type PageRenderer,
  type Pages,
  pagesRouter,
  waitText,
} from './pages/index.js';
import type { Organizations, People } from './ports.js';
import { createResourceBook, type Resource, type ResourceBook } from './resources.js';
import { createScopeBook, type ScopeBook } from './scopes.js';
import { createInteractions, type Interactions } from './server/interactions.js';
import { openProvider } from './server/provider.js';
import { createSeals } from './server/seal.js';
import type { OAuthStore } from './store.js';
import { createTokenCallers, type TokenCallers } from './tokens/callers.js';

export { readBranding } from './apps/branding.js';
export {
  APP_GRANTS,
  type AppGrant,
  APPLICATION_TYPES,
  applicationTypeOf,
  AUTH_METHODS,
} from './apps/client.js';
export { credentialsOf } from './apps/issuance.js';
export { problemOfPrivateUseScheme, problemOfRedirectUri } from './apps/redirectUri.js';
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
  sendResponse,
} from './pages/index.js';
export type { Resource } from './resources.js';
export { IDENTITY_SCOPES, isPermission } from './scopes.js';
export { GRACE_SECONDS, GRACE_SECONDS_MAX } from './server/grace.js';
export { type OAuthAppRow, oauthStore } from './store.js';
export {
  type AccessTokenClaims,
  verifyAccessToken,
  type VerifyAccessTokenOptions,
} from './tokens/jwt.js';
import { deleteInBatches } from '../platform/deleteInBatches.js';
export { looksLikeAccessToken } from './tokens/tokenValue.js';

/** OAuth apps, and the authorization server for them; see README.md beside this file. */
export interface OAuth {
  readonly apps: AppAdmin;
  readonly interactions: Interactions;
  readonly callers: TokenCallers;
  readonly grants: GrantAdmin;
  readonly scopes: ScopeBook;
  readonly resources: ResourceBook;
  /** The public URL of the authorization server. */
  readonly issuer: string;
  /** The pages of the hub, in the look of the host. */
  readonly pages: Pages;
  /** See `findByPassword` of the pages. */
  findByPassword(login: Parameters<typeof findByPassword>[1]): ReturnType<typeof findByPassword>;
  /** Returns the sentence of a log-in form that has to wait. */
  waitProblem(seconds: number): string;
  /** What is stored of an organization. */
  readonly ofOrganization: OrganizationRows;
  /** Handles requests beneath the issuer; `req.url` is without the issuer’s own path. */
  handle(req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void): void;
  /** Deletes rows that ended a day ago, until `signal` aborts; returns how many. */
  prune(options: { readonly signal: AbortSignal }): Promise<number>;
}

export interface OAuthDeps {
  readonly store: OAuthStore;
  readonly clock: Clock;
  /** Count the requests of devices, across processes. */
  readonly meters: Meters;
  readonly log: Log;
  readonly people: People;
  readonly organizations: Organizations;
  readonly scopes: ScopeRegistry;
  /** The hub’s secret, then earlier ones. */
  readonly secrets: Secrets;
  readonly prefix: string;
  /** The public URL of the hub. */
  readonly publicUrl: string;
  /** Returns the public URL of Parse Server. */
  parseUrl(): string;
  /** The host's own services that accept tokens. */
  readonly resources: readonly Resource[];
  readonly branding: HostBranding;
  /** Instead of the hub’s own pages. */
  readonly pages: HostPages;
  readonly bruteForce: BruteForceProtection;
  readonly logins: LoginProtection;
  readersOf(organizationId: string): readonly string[];
  membershipOf(actor: Actor, organizationId: string): Promise<Membership>;
}

/** How long rows stay after they ended, so that a code or token that is used a second time is recognized. */
const KEPT_MS = DAY_MS;

export function createOAuth(deps: OAuthDeps): OAuth {
  const { store, clock, secrets, publicUrl: audience } = deps;
  const issuer = `${audience}/oauth`;
  const resources = createResourceBook(deps);
  const seals = createSeals(secrets);
  const scopes = createScopeBook(deps.scopes);
  const peppers = createPeppers(secrets, 'oauth app secret');
  const pageRenderer = pageRendererOf(deps);
  const callers = createTokenCallers({ store, seals, clock, issuer, resources });
  const onRevoked = () => {
    callers.invalidate();
  };
  const grants = createGrantAdmin({ ...deps, onRevoked });
  const apps = createAppAdmin({
    ...deps,
    scopes,
    peppers,
    onRevoked,
    revokeApp: (id) => grants.revokeApp(id),
  });
  const server = { issuer, audience, resources, seals, scopes, pageRenderer, onRevoked };
  const provider = openOnDemand(() =>
    openProvider({
      ...deps,
      ...server,
      loadSecretIssuance: (appId, secret) => apps.loadSecretIssuance(appId, secret),
      loadCurrentGrant: (userId, appId) => grants.loadCurrent(userId, appId),
    }),
  );
  const interactions = createInteractions({ ...deps, scopes, issuer, provider });
  const pages = pagesRouter({
    ...deps,
    ...pageRenderer,
    interactions,
    issuer,
    forms: createFormTokens(secrets),
    now: () => clock.now(),
  });
  return {
    apps,
    interactions,
    scopes,
    resources,
    issuer,
    callers,
    grants,
    pages: pageRenderer.pages,
    findByPassword: (login) => findByPassword(deps, login),
    waitProblem(seconds) {
      const { texts } = pageRenderer.pages.brand;
      return texts.loginWait.replace('{wait}', waitText(texts, seconds));
    },
    ofOrganization: store.ofOrganization,
    handle: (req, res, next) => {
      if (PAGES.test(req.url ?? '')) pages(req as never, res as never, next);
      else handleByProvider(provider, { req, res, next });
    },
    prune: ({ signal }) => pruneAll(deps, signal),
  };
}

/** Opens the provider with the first call. When that fails, the next call tries again. */
function openOnDemand(open: () => Promise<Provider>): () => Promise<Provider> {
  let opening: Promise<Provider> | undefined;
  return () =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
}

function handleByProvider(
  provider: () => Promise<Provider>,
  {
    req,
    res,
    next,
  }: { req: IncomingMessage; res: ServerResponse; next: (error?: unknown) => void },
): void {
  provider()
    .then((server) => server.callback()(req, res))
    .catch(next);
}

async function pruneAll({ store, clock }: OAuthDeps, signal: AbortSignal): Promise<number> {
  const before = new Date(clock.now().getTime() - KEPT_MS);
  const records = await deleteInBatches((limit) => store.pruneRecords(before, limit), { signal });
  const grants = await deleteInBatches((limit) => store.pruneGrants(before, limit), { signal });
  return records + grants;
}

function pageRendererOf({
  bruteForce,
  branding,
  publicUrl,
  pages,
  store,
  organizations,
}: OAuthDeps): PageRenderer {
  return {
    bruteForce,
    pages: createPages(brandOf(branding, publicUrl), pages),
    async appOf(id) {
      const row = await store.loadApp(id);
      if (!row) return undefined;
      const organizationName = await organizations.nameOf(row.organization);
      const { name, isVerified = false } = row;
      const branding = readBranding(row.branding);
      return appPage({ name, organizationName, branding, isVerified });
    },
  };
}

const PAGES = /^\/(?:interaction\/|logout(?:\?|$))/;
