import {
  type Actor,
  commonErrors,
  loadMember,
  type Membership,
  type Page,
  type PageRequest,
} from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import type { Peppers } from '../../platform/crypto/index.js';
import { HOUR_MS } from '../../platform/durations.js';
import { newId } from '../../platform/ids.js';
import { oauthErrors } from '../errors.js';
import type { ScopeBook } from '../scopes.js';
import { OAUTH_APPS_MAX, type OAuthAppRow, type OAuthStore } from '../store.js';
import { changeOfSecret, generateAppSecret, hashOfSecret } from './appSecret.js';
import { type AppSettings, problemOfApp } from './appSettings.js';
import type { AuthMethod } from './client.js';
import { credentialsOf, type Issuance, issuancesAfter, secretId } from './issuance.js';
import { endIssued, issue, loadIssuer } from './issue.js';
import { redirectsAfter } from './redirects.js';
import { checkMayVerify, verificationAfter } from './verification.js';

interface NewApp extends AppSettings {
  readonly authMethod: AuthMethod;
  /** The owner. Required with the master key, and only allowed with it. */
  readonly ownerId?: string | undefined;
  /** Only with the master key. */
  readonly isVerified?: boolean | undefined;
}

/** Settings that are undefined stay as they are. */
type AppUpdate = { readonly [K in keyof AppSettings]?: AppSettings[K] | undefined } & {
  readonly isEnabled?: boolean | undefined;
  /** Only with the master key. */
  readonly isVerified?: boolean | undefined;
};

/** An app, with its secret if it was just generated. The secret cannot be read again. */
interface CreatedApp {
  readonly row: OAuthAppRow;
  readonly secret?: string | undefined;
}

interface AppCaller {
  readonly actor: Actor;
  readonly organization: Membership;
}

export interface AppAdmin {
  /** Throws OAuthAppUnfit, OAuthAppCountReached, OAuthAppOwnerNotFound or MasterKeyRequired. */
  create(caller: AppCaller, request: NewApp): Promise<CreatedApp>;
  /** Throws OAuthAppNotFound. */
  get(organization: Membership, appId: string): Promise<OAuthAppRow>;
  list(organization: Membership, request: PageRequest): Promise<Page<OAuthAppRow>>;
  /**
   * Disabling an app revokes its tokens for good. New keys are issued by the caller; see issuance.ts for what a change gives to
   * the credentials that the app has already. Throws OAuthAppNotFound, OAuthAppUnfit, OAuthAppChanged or
   * MasterKeyRequired.
   */
  update(caller: AppCaller, appId: string, change: AppUpdate): Promise<OAuthAppRow>;
  /**
   * Generates a new secret, issued by the caller: they become the app’s owner. The previous secret keeps its issuer.
   * Throws OAuthAppNotFound, OAuthAppWithoutSecret or OAuthAppChanged.
   */
  regenerateSecret(
    caller: AppCaller,
    appId: string,
    overlapHours: number,
  ): Promise<CreatedApp & { readonly secret: string }>;
  /** Deletes an app with all its grants and tokens. Throws OAuthAppNotFound. */
  delete(organization: Membership, appId: string): Promise<void>;
  /** Deletes all apps of an organization, with their grants and tokens. */
  deleteAllOf(organizationId: string): Promise<void>;
  /**
   * Ends what a user issued in an organization: the tokens that apps got for themselves with their secrets and keys, and the
   * right to get any. Grants of other users stay.
   */
  revokeIssued(organizationId: string, issuer: string): Promise<void>;
  /** Returns the issuance of a client secret; `undefined` when it is none of the valid ones of this app. */
  loadSecretIssuance(appId: string, secret: string): Promise<Issuance | undefined>;
}

export interface AppAdminDeps {
  readonly store: OAuthStore;
  readonly peppers: Peppers;
  readonly clock: Clock;
  readonly prefix: string;
  readonly scopes: ScopeBook;
  readersOf(organizationId: string): readonly string[];
  /** Throws OrganizationNotFound for a person who is not a member. */
  membershipOf(actor: Actor, organizationId: string): Promise<Membership>;
  /** Revokes all grants and tokens of an app. */
  revokeApp(appId: string): Promise<void>;
  /** Called when tokens may have been revoked, or an app has changed. */
  onRevoked(): void;
}

export function createAppAdmin(deps: AppAdminDeps): AppAdmin {
  const { store, clock } = deps;
  return {
    create: (caller, request) => create(deps, caller, request),
    get: (organization, appId) => get(deps, organization, appId),
    list: ({ organizationId: organization }, request) =>
      store.pageApps({ organization, status: { $in: ['active', 'disabled'] } }, request),
    async update(caller, appId, { isEnabled, ...change }) {
      const row = await get(deps, caller.organization, appId);
      const set = { ...fieldsOf(change), ...verificationAfter(caller.actor, row, change) };
      if (change.scopes) checkKnown(deps, change.scopes);
      checkFit(settingsOf({ ...row, ...set } as OAuthAppRow));
      const status = isEnabled === undefined ? row.status : isEnabled ? 'active' : 'disabled';
      const isDecision = Boolean(change.scopes ?? change.grants ?? change.jwks);
      const issued = await issue(deps, caller, { row, set, isDecision });
      const redirects = redirectsAfter(row, set, clock.now());
      const next = await applyChange(deps, row, { ...set, ...issued, ...redirects, status });
      if (status === 'disabled') await deps.revokeApp(appId);
      return next;
    },
    async regenerateSecret(caller, appId, overlapHours) {
      const row = await get(deps, caller.organization, appId);
      if (row.authMethod !== 'client_secret') throw oauthErrors.OAuthAppWithoutSecret();
      const secret = generateAppSecret(deps.prefix);
      const overlapMs = overlapHours * HOUR_MS;
      const { peppers } = deps;
      const set = changeOfSecret(row, { secret, peppers, overlapMs, now: clock.now() });
      const issued = await issue(deps, caller, { row, set, isDecision: false });
      return { row: await applyChange(deps, row, { ...set, ...issued }), secret };
    },
    async delete(organization, appId) {
      await end(deps, await get(deps, organization, appId));
    },
    async deleteAllOf(organizationId) {
      for (const row of await store.apps(organizationId)) await end(deps, row);
    },
    async revokeIssued(organizationId, issuer) {
      await endIssued(deps, organizationId, issuer);
      deps.onRevoked();
    },
    async loadSecretIssuance(appId, secret) {
      const row = await store.loadApp(appId);
      const { peppers } = deps;
      if (!row) return undefined;
      const hash = hashOfSecret(row, { secret, peppers, now: clock.now() });
      if (hash === undefined) return undefined;
      return credentialsOf(row).find(({ id }) => id === secretId(hash));
    },
  };
}

async function get(
  { store }: AppAdminDeps,
  { organizationId }: Membership,
  appId: string,
): Promise<OAuthAppRow> {
  const row = await store.loadApp(appId);
  if (row?.organization !== organizationId || row.status === 'deleted')
    throw oauthErrors.OAuthAppNotFound();
  return row;
}

async function applyChange(
  { store, onRevoked }: AppAdminDeps,
  row: OAuthAppRow,
  set: Parameters<OAuthStore['changeApp']>[1],
): Promise<OAuthAppRow> {
  const next = await store.changeApp(row, set);
  if (!next) throw oauthErrors.OAuthAppChanged();
  // Tokens from before issuers were recorded would act as the new owner.
  if (next.owner !== row.owner) await store.removeOwnTokens([row.id], undefined);
  onRevoked();
  return next;
}

/** Deletes an app, also when its row changes at the same moment. */
async function end({ store, revokeApp }: AppAdminDeps, row: OAuthAppRow): Promise<void> {
  let known: OAuthAppRow | undefined = row;
  while (known && known.status !== 'deleted') {
    const next = await store.changeApp(known, { status: 'deleted' });
    known = next ?? (await store.loadApp(row.id));
  }
  await revokeApp(row.id);
}

async function create(
  deps: AppAdminDeps,
  caller: AppCaller,
  { authMethod, ownerId, ...settings }: NewApp,
): Promise<CreatedApp> {
  const { store, peppers, clock, prefix } = deps;
  const { organizationId } = caller.organization;
  checkMayVerify(caller.actor, settings);
  checkFit({ ...settings, authMethod });
  checkKnown(deps, settings.scopes);
  const owner = await ownerOf(deps, caller, ownerId);
  if ((await store.apps(organizationId)).length >= OAUTH_APPS_MAX)
    throw oauthErrors.OAuthAppCountReached({ max: OAUTH_APPS_MAX });
  const now = clock.now();
  const secret = authMethod === 'client_secret' ? generateAppSecret(prefix) : undefined;
  const { branding, jwks, ...plain } = settings;
  const issuer = await loadIssuer(deps, caller, owner);
  const made = {
    id: newId(),
    organization: organizationId,
    createdAt: now,
    status: 'active',
    ...plain,
    authMethod,
    owner,
    revision: 0,
    branding: JSON.stringify(branding),
    ...(jwks && { jwks: JSON.stringify(jwks) }),
    ...(secret !== undefined &&
      changeOfSecret(
        { hash: undefined, pepper: undefined },
        { secret, peppers, overlapMs: 0, now },
      )),
  };
  const issuances = issuancesAfter(undefined, made, { issuer, isDecision: true });
  const row = { ...made, issuances };
  await store.insertApp({ ...row, readers: deps.readersOf(organizationId) });
  return { row: { ...row, updatedAt: now }, secret };
}

/** Returns the owner of a new app. A user owns the apps they create; the master key names a member as the owner. */
async function ownerOf(
  deps: AppAdminDeps,
  { actor, organization: { organizationId } }: AppCaller,
  ownerId: string | undefined,
): Promise<string> {
  if (actor.kind === 'user') {
    if (ownerId !== undefined && ownerId !== actor.userId) throw commonErrors.MasterKeyRequired();
    return actor.userId;
  }
  if (actor.kind !== 'master') throw commonErrors.PersonRequired();
  if (ownerId === undefined) throw oauthErrors.OAuthAppOwnerNotFound();
  if (!(await loadMember(deps, ownerId, organizationId))) throw oauthErrors.OAuthAppOwnerNotFound();
  return ownerId;
}

function checkFit(app: Parameters<typeof problemOfApp>[0]): void {
  const problems = problemOfApp(app);
  if (problems !== undefined) throw oauthErrors.OAuthAppUnfit({ problems });
}

function checkKnown({ scopes: { names } }: AppAdminDeps, scopes: readonly string[]): void {
  const unknown = scopes.filter((scope) => !names.has(scope));
  if (unknown.length > 0) throw oauthErrors.OAuthScopeUnknown({ scopes: unknown.join(', ') });
}

function settingsOf(row: OAuthAppRow) {
  const jwks = row.jwks === undefined ? undefined : (JSON.parse(row.jwks) as AppSettings['jwks']);
  return {
    authMethod: row.authMethod as AuthMethod,
    redirectUris: row.redirectUris,
    privateUseSchemes: row.privateUseSchemes,
    postLogoutRedirectUris: row.postLogoutRedirectUris,
    grants: row.grants as AppSettings['grants'],
    jwks,
    tokenFormat: row.tokenFormat as AppSettings['tokenFormat'],
    grantDays: row.grantDays,
    accessTokenSeconds: row.accessTokenSeconds,
    refreshTokenDays: row.refreshTokenDays,
  };
}

function fieldsOf({ branding, jwks, ...plain }: AppUpdate): Parameters<OAuthStore['changeApp']>[1] {
  const given = Object.entries(plain).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(given) as object),
    ...(branding && { branding: JSON.stringify(branding) }),
    ...(jwks && { jwks: JSON.stringify(jwks) }),
  };
}
