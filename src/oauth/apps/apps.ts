import {
  type Actor,
  AppError,
  commonErrors,
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
import { changeOfSecret, generateAppSecret, isSecretOfApp } from './appSecret.js';
import { type AppSettings, problemOfApp } from './appSettings.js';
import type { AuthMethod } from './client.js';

interface NewApp extends AppSettings {
  readonly authMethod: AuthMethod;
  /** The owner. Required with the master key, and only allowed with it. */
  readonly ownerId?: string | undefined;
}

/** Settings that are undefined stay as they are. */
type AppUpdate = { readonly [K in keyof AppSettings]?: AppSettings[K] | undefined } & {
  readonly isEnabled?: boolean | undefined;
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
  /** Disabling an app revokes its tokens for good. Throws OAuthAppNotFound, OAuthAppUnfit or OAuthAppChanged. */
  update(organization: Membership, appId: string, change: AppUpdate): Promise<OAuthAppRow>;
  /**
   * Generates a new secret. The caller becomes the app’s owner, because with the secret they can act as the owner.
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
   * Revokes the client-credentials tokens of the apps that a user owns in an organization. Grants of other users stay.
   */
  revokeOwned(organizationId: string, owner: string): Promise<void>;
  /** Returns whether a client secret is one of the valid ones of this app. */
  isSecretOf(appId: string, secret: string): Promise<boolean>;
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
    async update(organization, appId, { isEnabled, ...change }) {
      const row = await get(deps, organization, appId);
      const set = fieldsOf(change);
      if (change.scopes) checkKnown(deps, change.scopes);
      checkFit(settingsOf({ ...row, ...set } as OAuthAppRow));
      const status = isEnabled === undefined ? row.status : isEnabled ? 'active' : 'disabled';
      const next = await applyChange(deps, row, { ...set, status });
      if (status === 'disabled') await deps.revokeApp(appId);
      return next;
    },
    async regenerateSecret({ actor, organization }, appId, overlapHours) {
      const row = await get(deps, organization, appId);
      if (row.authMethod !== 'client_secret') throw oauthErrors.OAuthAppWithoutSecret();
      const secret = generateAppSecret(deps.prefix);
      const overlapMs = overlapHours * HOUR_MS;
      const { peppers } = deps;
      const set = {
        ...changeOfSecret(row, { secret, peppers, overlapMs, now: clock.now() }),
        ...(actor.kind === 'user' && { owner: actor.userId }),
      };
      return { row: await applyChange(deps, row, set), secret };
    },
    async delete(organization, appId) {
      await end(deps, await get(deps, organization, appId));
    },
    async deleteAllOf(organizationId) {
      for (const row of await store.apps(organizationId)) await end(deps, row);
    },
    async revokeOwned(organizationId, owner) {
      const rows = await store.apps(organizationId, owner);
      for (const { id } of rows) await store.removeRecordsOfApp(id, 'ClientCredentials');
      deps.onRevoked();
    },
    async isSecretOf(appId, secret) {
      const row = await store.loadApp(appId);
      const { peppers } = deps;
      return row !== undefined && isSecretOfApp(row, { secret, peppers, now: clock.now() });
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
  checkFit({ ...settings, authMethod });
  checkKnown(deps, settings.scopes);
  const owner = await ownerOf(deps, caller, ownerId);
  if ((await store.apps(organizationId)).length >= OAUTH_APPS_MAX)
    throw oauthErrors.OAuthAppCountReached({ max: OAUTH_APPS_MAX });
  const now = clock.now();
  const secret = authMethod === 'client_secret' ? generateAppSecret(prefix) : undefined;
  const { branding, jwks, ...plain } = settings;
  const row = {
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
  await store.insertApp({ ...row, readers: deps.readersOf(organizationId) });
  return { row: { ...row, updatedAt: now }, secret };
}

/** Returns the owner of a new app. A user owns the apps they create; the master key names a member as the owner. */
async function ownerOf(
  { membershipOf }: AppAdminDeps,
  { actor, organization: { organizationId } }: AppCaller,
  ownerId: string | undefined,
): Promise<string> {
  if (actor.kind === 'user') {
    if (ownerId !== undefined && ownerId !== actor.userId) throw commonErrors.MasterKeyRequired();
    return actor.userId;
  }
  if (actor.kind !== 'master') throw commonErrors.PersonRequired();
  if (ownerId === undefined) throw oauthErrors.OAuthAppOwnerNotFound();
  try {
    await membershipOf({ kind: 'user', userId: ownerId }, organizationId);
    return ownerId;
  } catch (error) {
    if (error instanceof AppError && error.spec === commonErrors.OrganizationNotFound.spec)
      throw oauthErrors.OAuthAppOwnerNotFound();
    throw error;
  }
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
