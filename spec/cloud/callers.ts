import * as oidc from 'openid-client';

import {
  type AnyFunction,
  commonErrors,
  GRANTS,
  KEY_SCOPES,
  type KeyScope,
  type Permission,
  ROLES,
} from '../../src/contract/index.js';
import { oauthErrors } from '../../src/oauth/index.js';
import { organizationErrors } from '../../src/organizations/index.js';
import {
  anonymous,
  type Caller,
  type Json,
  master,
  readOnlyMaster,
  type TestHub,
} from '../support/hub.js';
import type { Team } from './team.js';

/** The outcome of a call: `ok`, or the error code. */
type Verdict = 'ok' | number;

/** A row of the access matrix: a caller, and the expected outcome of each function. */
export interface MatrixCaller {
  readonly name: string;
  as(spec: AnyFunction): Caller;
  expected(spec: AnyFunction): Verdict;
  /** Additional parameters of this caller. */
  more?(spec: AnyFunction): Record<string, unknown>;
}

const {
  NotSignedIn,
  PermissionDenied,
  OrganizationNotFound,
  ReadOnlyCaller,
  MasterKeyRequired,
  PersonRequired,
  ApiKeyNotValid,
  OAuthTokenNotValid,
} = commonErrors;

/** Permissions that a function checks beyond the one it declares, for the calls in calls.ts. */
const NEEDS: Readonly<Record<string, Permission>> = { removeOrganizationMember: 'members:write' };

/** Functions that only an owner may call, with the error code for admins; and for every other caller, if it is another one. */
const OWNERS: Readonly<Record<string, readonly [number, number?]>> = {
  deleteOrganization: [OrganizationNotFound.spec.code, OrganizationNotFound.spec.code],
  transferOrganizationOwnership: [organizationErrors.OwnerRequired.spec.code],
};

/** Functions on rows that belong to one user, here to the owner: the error code for callers who may not change it. */
const OTHERS: Readonly<Record<string, number>> = {
  revokeOAuthGrant: oauthErrors.OAuthGrantNotFound.spec.code,
};

/** Returns every kind of caller. A new kind needs an entry here, with the expected outcome of each function. */
export async function startCallers(
  hub: TestHub,
  team: Team,
  guestId: string,
): Promise<readonly MatrixCaller[]> {
  // Keys and tokens come first: the clock advances to make some of them expire.
  const programs = [...(await keys(hub, team)), ...(await tokens(hub, team))];
  return [...people(team), ...operators(team, guestId), ...programs];
}

function people(team: Team): MatrixCaller[] {
  const always = (name: string, as: Caller, expected: MatrixCaller['expected']) => ({
    name,
    as: () => as,
    expected,
  });
  const members = ROLES.map((role) =>
    always(role, team[role], (spec) => {
      const isAbove = role === 'owner' || role === 'admin';
      const ownersOnly =
        role === 'owner' ? undefined : OWNERS[spec.name]?.[role === 'admin' ? 0 : 1];
      return ownersOnly ?? (isAbove ? undefined : OTHERS[spec.name]) ?? byRole(spec, GRANTS[role]);
    }),
  );
  return [
    ...members,
    always(
      'outsider',
      team.outsider,
      (spec) =>
        OWNERS[spec.name]?.[1] ??
        OTHERS[spec.name] ??
        byAccess(spec, OrganizationNotFound.spec.code),
    ),
    always('anonymous', anonymous, () => NotSignedIn.spec.code),
  ];
}

const byRole = (spec: AnyFunction, permissions: readonly Permission[]): Verdict =>
  byAccess(spec, granted(spec, permissions));

/** A function outside organizations is open to every signed-in user, or to the master key only. */
function byAccess({ access }: AnyFunction, verdict: Verdict): Verdict {
  if (access.kind === 'user') return 'ok';
  return access.kind === 'master' ? MasterKeyRequired.spec.code : verdict;
}

function granted({ name, access }: AnyFunction, permissions: readonly Permission[]): Verdict {
  if (access.kind !== 'permission') return 'ok';
  const needed = [access.permission, NEEDS[name] ?? access.permission];
  const isGranted = needed.every((permission) => permissions.includes(permission));
  return isGranted ? 'ok' : PermissionDenied.spec.code;
}

/** The master keys. They are no user, so they name the owner of each row they create. */
function operators({ owner, viewer }: Team, guestId: string): MatrixCaller[] {
  const owners: Readonly<Record<string, string>> = {
    createOrganization: guestId,
    createApiKey: owner.id,
    transferOrganizationOwnership: owner.id,
    createOAuthApp: owner.id,
  };
  const users: Readonly<Record<string, string>> = {
    getOrganizationInvitations: guestId,
    acceptOrganizationInvitation: viewer.id,
    declineOrganizationInvitation: guestId,
    leaveOrganization: viewer.id,
    setDefaultOrganization: viewer.id,
  };
  const more: MatrixCaller['more'] = ({ name }) => {
    const ownerId = owners[name];
    const userId = users[name];
    return {
      ...(ownerId !== undefined && { ownerId }),
      ...(userId !== undefined && { userId }),
    };
  };
  return [
    { name: 'master', as: () => master, expected: () => 'ok', more },
    {
      name: 'readOnlyMaster',
      as: () => readOnlyMaster,
      expected: ({ reads }) => (reads ? 'ok' : ReadOnlyCaller.spec.code),
      more,
    },
  ];
}

/** Third parties with an API key of the owner’s. */
async function keys(hub: TestHub, { owner, organizationId }: Team): Promise<MatrixCaller[]> {
  const client = hub.as(owner);
  const made = async (scopes: readonly KeyScope[], more: object = {}) => {
    const request = { organizationId, name: 'a row', scopes: [...scopes], ...more };
    const { key, apiKey } = await client.createApiKey(request);
    return { as: asKey(key), apiKeyId: apiKey.id };
  };
  const each = async (scopesOf: (scope: KeyScope) => readonly KeyScope[]) => {
    const entries = KEY_SCOPES.map(
      async (scope) => [scope, (await made(scopesOf(scope))).as] as const,
    );
    return new Map<Permission, Caller>(await Promise.all(entries));
  };
  const alone = await each((scope) => [scope]);
  const lacking = await each((scope) => KEY_SCOPES.filter((other) => other !== scope));
  const all = await made(KEY_SCOPES);

  const expiresAt = new Date(hub.clock.now().getTime() + 60_000).toISOString();
  const expired = await made(KEY_SCOPES, { expiresAt });
  hub.clock.advance(60_000);
  const revoked = await made(KEY_SCOPES);
  await client.revokeApiKey({ organizationId, apiKeyId: revoked.apiKeyId });
  const replaced = await made(KEY_SCOPES);
  await client.rotateApiKey({ organizationId, apiKeyId: replaced.apiKeyId, graceHours: 0 });

  return [
    ...byScope('key', { alone, lacking, all: all.as }),
    endedCaller('expiredKey', expired.as, ApiKeyNotValid),
    endedCaller('revokedKey', revoked.as, ApiKeyNotValid),
    endedCaller('replacedKey', replaced.as, ApiKeyNotValid),
  ];
}

/** Third parties with an access token of an app of the owner’s. */
async function tokens(hub: TestHub, { owner, organizationId }: Team): Promise<MatrixCaller[]> {
  const { oauthApp, clientSecret = '' } = await hub.as(owner).createOAuthApp({
    organizationId,
    name: 'of rows',
    grants: ['clientCredentials'],
    scopes: [...KEY_SCOPES],
  });
  const app = await oidc.discovery(
    new URL(`${hub.url}/hub/oauth`),
    oauthApp.id,
    undefined,
    oidc.ClientSecretBasic(clientSecret),
    { execute: [oidc.allowInsecureRequests] },
  );
  const made = async (scopes: readonly KeyScope[]) => {
    const scope = scopes.join(' ');
    return (await oidc.clientCredentialsGrant(app, { scope })).access_token;
  };
  const each = async (scopesOf: (scope: KeyScope) => readonly KeyScope[]) => {
    const entries = KEY_SCOPES.map(
      async (scope) => [scope, asToken(await made(scopesOf(scope)))] as const,
    );
    return new Map<Permission, Caller>(await Promise.all(entries));
  };
  const expired = await made(KEY_SCOPES);
  hub.clock.advance(oauthApp.accessTokenSeconds * 1000);
  const alone = await each((scope) => [scope]);
  const lacking = await each((scope) => KEY_SCOPES.filter((other) => other !== scope));
  const all = asToken(await made(KEY_SCOPES));
  const revoked = await made(KEY_SCOPES);
  await oidc.tokenRevocation(app, revoked);
  return [
    ...byScope('token', { alone, lacking, all }),
    endedCaller('expiredToken', asToken(expired), OAuthTokenNotValid),
    endedCaller('revokedToken', asToken(revoked), OAuthTokenNotValid),
  ];
}

interface ByScope {
  readonly alone: ReadonlyMap<Permission, Caller>;
  readonly lacking: ReadonlyMap<Permission, Caller>;
  /** A caller with every scope, for functions without a scope, such as those for people. */
  readonly all: Caller;
}

function byScope(kind: string, { alone, lacking, all }: ByScope): MatrixCaller[] {
  const callerOf =
    (some: ReadonlyMap<Permission, Caller>): MatrixCaller['as'] =>
    ({ access }) =>
      (access.kind === 'permission' ? some.get(access.permission) : undefined) ?? all;
  const unlessForPeople = (spec: AnyFunction, verdict: Verdict): Verdict =>
    spec.access.kind === 'user' ? PersonRequired.spec.code : byAccess(spec, verdict);
  return [
    {
      name: `${kind} with the scope`,
      as: callerOf(alone),
      expected: (spec) => unlessForPeople(spec, granted(spec, KEY_SCOPES)),
    },
    {
      name: `${kind} without the scope`,
      as: callerOf(lacking),
      expected: (spec) => unlessForPeople(spec, PermissionDenied.spec.code),
    },
  ];
}

/** A caller whose key or token is no longer valid: every function refuses it. */
function endedCaller(
  name: string,
  as: Caller,
  { spec }: { readonly spec: { readonly code: number } },
) {
  return { name, as: () => as, expected: () => spec.code };
}

const asToken = (token: string): Caller => ({ headers: { authorization: `Bearer ${token}` } });
const asKey = (key: string): Caller => ({ headers: { 'x-api-key': key } });

/** The response to a call: `result`, or an error. */
export interface CallResponse {
  readonly code?: number;
  readonly error?: string;
  readonly result?: Json;
}

/** Calls in a batch. Only the master key may send larger batches. */
const CALLS_MAX = 50;

/** Makes many calls as one caller. Returns the responses in the order of the calls. */
export async function callAll(
  hub: TestHub,
  calls: readonly { readonly name: string; readonly params: object }[],
  as: Caller,
): Promise<readonly CallResponse[]> {
  const responses: CallResponse[] = [];
  for (let from = 0; from < calls.length; from += CALLS_MAX) {
    const some = calls.slice(from, from + CALLS_MAX);
    const requests = some.map(({ name, params }) => ({
      method: 'POST',
      path: `/parse/functions/${name}`,
      body: params,
    }));
    const { status, body } = await hub.rest('POST', '/batch', as, { requests });
    // The key or token was refused, and the whole batch with it.
    if (status !== 200) responses.push(...some.map((): CallResponse => body));
    else responses.push(...body.map(({ success, error }: Json): CallResponse => success ?? error));
  }
  return responses;
}
