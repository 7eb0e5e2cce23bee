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
import { apiKeyErrors } from '../errors.js';
import { issuanceFields } from '../issuance.js';
import { generateKey, type KeyEnvironment, startOf } from '../secret.js';
import { API_KEYS_MAX, type ApiKeyRow, type ApiKeyStore } from '../store.js';
import { isInactive } from '../verify/check.js';
import type { Keys } from '../verify/keys.js';
import type { ApiKeySettings, ApiKeyUpdate, KeyAdminCaller } from './keySettings.js';
import { checkMayChange, checkPermitted, missingScopesOf } from './permitted.js';
import { endPreviousOf, revoke } from './revoke.js';

interface NewApiKey extends ApiKeySettings {
  readonly environment: KeyEnvironment;
  /** The owner, when the master key creates the key. */
  readonly ownerId?: string | undefined;
}

/** A key with its secret, which is returned only this once. */
interface MadeKey {
  readonly row: ApiKeyRow;
  readonly key: string;
}

export interface ApiKeyAdmin {
  /** Throws ScopesNotHeld, OwnerNotFound, MasterKeyRequired or ApiKeyCountReached. */
  create(caller: KeyAdminCaller, request: NewApiKey): Promise<MadeKey>;
  /** Throws ApiKeyNotFound. */
  get(organization: Membership, apiKeyId: string): Promise<ApiKeyRow>;
  list(
    organization: Membership,
    filter: {
      readonly status?: string | undefined;
      readonly owner?: string | undefined;
      readonly environment?: string | undefined;
    },
    request: PageRequest,
  ): Promise<Page<ApiKeyRow>>;
  /**
   * Only the owner and the master key can allow a key more: its secret acts as the owner.
   * Throws ApiKeyNotFound, ApiKeyNotActive, ApiKeyChanged, ApiKeyOfAnother, ScopesNotHeld or PermissionDenied.
   */
  update(caller: KeyAdminCaller, apiKeyId: string, change: ApiKeyUpdate): Promise<ApiKeyRow>;
  /**
   * Generates a new secret for the key. The previous one works for another `graceHours`, older ones stop working. A user who
   * rotates a key becomes its owner: the new secret acts as them, and the previous one as the owner before them.
   * Throws ApiKeyNotFound, ApiKeyNotActive, ApiKeyChanged or PermissionDenied.
   */
  rotate(caller: KeyAdminCaller, apiKeyId: string, graceHours: number): Promise<MadeKey>;
  /** Revokes the key permanently and immediately. Revoking it again changes nothing. Throws ApiKeyNotFound. */
  revoke(organization: Membership, apiKeyId: string): Promise<ApiKeyRow>;
  /**
   * Revokes all keys of an organization, or those of one owner in it; returns the revoked keys. Also ends the previous
   * secrets that the owner issued of keys that are another member’s by now.
   */
  revokeAllOf(organizationId: string, owner?: string): Promise<readonly ApiKeyRow[]>;
}

export interface ApiKeyAdminDeps {
  readonly store: ApiKeyStore;
  readonly keys: Keys;
  readonly peppers: Peppers;
  readonly clock: Clock;
  readonly prefix: string;
  /** Whether a key can have a scope of that name. */
  isGrantable(scope: string): boolean;
  readersOf(organizationId: string): readonly string[];
  /** Throws OrganizationNotFound when the actor is not a member. */
  membershipOf(actor: Actor, organizationId: string): Promise<Membership>;
}

export function createApiKeyAdmin(deps: ApiKeyAdminDeps): ApiKeyAdmin {
  const { store, clock } = deps;

  async function getUsable(organization: Membership, id: string): Promise<ApiKeyRow> {
    const row = await get(deps, organization, id);
    if (isInactive(row, clock.now())) throw apiKeyErrors.ApiKeyNotActive();
    return row;
  }

  return {
    get: (organization, id) => get(deps, organization, id),
    create: (caller, request) => create(deps, caller, request),
    list: ({ organizationId }, { status, owner, environment }, request) =>
      store.page(
        {
          organization: organizationId,
          ...(status !== undefined && { status }),
          ...(owner !== undefined && { owner }),
          ...(environment !== undefined && { environment }),
        },
        request,
      ),

    async update(caller, apiKeyId, change) {
      const row = await getUsable(caller.organization, apiKeyId);
      if (change.scopes) checkGrantable(deps, change.scopes);
      await checkMayChange(deps, caller, { row, change });
      if (change.expiresAt) checkAhead(change.expiresAt, clock.now());
      return applyChange(deps, row, fieldsOf(change));
    },
    rotate: async (caller, apiKeyId, graceHours) =>
      rotate(deps, caller, { row: await getUsable(caller.organization, apiKeyId), graceHours }),

    revoke: async (organization, apiKeyId) =>
      (await revoke(deps, await get(deps, organization, apiKeyId))).row,
    async revokeAllOf(organizationId, owner) {
      const rows = await store.active(organizationId, owner === undefined ? {} : { owner });
      if (owner !== undefined) await endPreviousOf(deps, organizationId, owner);
      return Promise.all(rows.map(async (row) => (await revoke(deps, row)).row));
    },
  };
}

async function get(
  { store }: ApiKeyAdminDeps,
  { organizationId }: Membership,
  id: string,
): Promise<ApiKeyRow> {
  const row = await store.find(organizationId, id);
  if (!row) throw apiKeyErrors.ApiKeyNotFound();
  return row;
}

async function applyChange(
  { store, keys }: ApiKeyAdminDeps,
  row: ApiKeyRow,
  set: Parameters<ApiKeyStore['change']>[1],
): Promise<ApiKeyRow> {
  const next = await store.change(row, set);
  if (!next) throw apiKeyErrors.ApiKeyChanged();
  keys.invalidate();
  return next;
}

async function rotate(
  deps: ApiKeyAdminDeps,
  { actor, organization }: KeyAdminCaller,
  { row, graceHours }: { readonly row: ApiKeyRow; readonly graceHours: number },
): Promise<MadeKey> {
  checkPermitted(organization, row.scopes);
  const key = generateKey(deps.prefix, row.environment as KeyEnvironment);
  const now = deps.clock.now();
  const next = await applyChange(deps, row, {
    ...deps.peppers.hash(key),
    start: startOf(key),
    rotatedAt: now,
    previousHash: row.hash,
    previousPepper: row.pepper,
    previousUntil: new Date(now.getTime() + graceHours * HOUR_MS),
    ...issuanceFields(row),
    ...(actor.kind === 'user' && { owner: actor.userId }),
  });
  return { row: next, key };
}

async function create(
  deps: ApiKeyAdminDeps,
  caller: KeyAdminCaller,
  request: NewApiKey,
): Promise<MadeKey> {
  const { store, peppers, clock, prefix } = deps;
  const { organizationId } = caller.organization;
  const { environment, scopes, expiresAt } = request;
  checkGrantable(deps, scopes);
  const owner = await ownerOf(deps, caller, request.ownerId);
  const missingScopes = missingScopesOf(owner.membership, scopes);
  if (missingScopes.length > 0)
    throw apiKeyErrors.ScopesNotHeld({ scopes: missingScopes.join(', ') });
  const createdAt = clock.now();
  if (expiresAt) checkAhead(expiresAt, createdAt);
  if (await store.hasActive(organizationId, API_KEYS_MAX)) {
    throw apiKeyErrors.ApiKeyCountReached({ max: API_KEYS_MAX });
  }
  const key = generateKey(prefix, environment);
  const row = {
    id: newId(),
    organization: organizationId,
    createdAt,
    environment,
    status: 'active',
    ...peppers.hash(key),
    start: startOf(key),
    owner: owner.id,
    name: request.name,
    scopes,
    addresses: request.addresses,
    origins: request.origins,
    metadata: JSON.stringify(request.metadata),
    limits: JSON.stringify(request.limits),
    expiresAt,
    revision: 0,
  };
  await store.insert({ ...row, readers: deps.readersOf(organizationId) });
  return { row: { ...row, updatedAt: createdAt }, key };
}

/** Returns the owner of a new key: the user who creates it, or with the master key the member that `ownerId` names. */
async function ownerOf(
  deps: ApiKeyAdminDeps,
  { actor, organization }: KeyAdminCaller,
  ownerId: string | undefined,
): Promise<{ readonly id: string; readonly membership: Membership }> {
  if (actor.kind !== 'user' && actor.kind !== 'master') throw commonErrors.PersonRequired();
  if (actor.kind === 'user') {
    if (ownerId !== undefined && ownerId !== actor.userId) throw commonErrors.MasterKeyRequired();
    return { id: actor.userId, membership: organization };
  }
  if (ownerId === undefined) throw apiKeyErrors.OwnerNotFound();
  const membership = await loadMember(deps, ownerId, organization.organizationId);
  if (!membership) throw apiKeyErrors.OwnerNotFound();
  return { id: ownerId, membership };
}

function checkGrantable({ isGrantable }: ApiKeyAdminDeps, scopes: readonly string[]): void {
  const unknown = scopes.filter((scope) => !isGrantable(scope));
  if (unknown.length === 0) return;
  const problems = `scopes: an API key cannot have ${unknown.join(', ')}.`;
  throw commonErrors.InvalidParameters({ problems });
}

function checkAhead(expiresAt: Date, now: Date): void {
  if (expiresAt > now) return;
  throw commonErrors.InvalidParameters({ problems: 'expiresAt: must be in the future.' });
}

function fieldsOf(change: ApiKeyUpdate): Parameters<ApiKeyStore['change']>[1] {
  const { name, scopes, addresses, origins, metadata, limits } = change;
  return {
    ...(name !== undefined && { name }),
    ...(scopes && { scopes }),
    ...(addresses && { addresses }),
    ...(origins && { origins }),
    ...(metadata && { metadata: JSON.stringify(metadata) }),
    ...(limits && { limits: JSON.stringify(limits) }),
    ...('expiresAt' in change && { expiresAt: change.expiresAt }),
  };
}
