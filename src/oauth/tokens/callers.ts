import { commonErrors, type OAuthTokenActor } from '../../contract/index.js';
import { createFreshCache } from '../../platform/cache/freshCache.js';
import type { Clock } from '../../platform/clock.js';
import type { ResourceBook } from '../resources.js';
import { loadSigningKeys } from '../server/keySet.js';
import type { Seals } from '../server/seal.js';
import { type OAuthRecordRow, type OAuthStore, recordId } from '../store.js';
import { PROOF_SECONDS, readProof } from './dpop.js';
import { verifyAccessToken } from './jwt.js';

/** One request with an access token. */
interface TokenRequest {
  readonly token: string;
  /** The DPoP proof, when the token came by the scheme DPoP. */
  readonly proof?: string | undefined;
  readonly method: string;
  /** The public URL of the request. */
  readonly url: string;
}

export interface TokenCallers {
  /**
   * Returns the caller of an access token. Throws OAuthTokenNotValid for every invalid token. Permissions are checked
   * with each call.
   */
  admit(request: TokenRequest): Promise<OAuthTokenActor>;
  /** Forgets cached tokens, so that what this process revoked holds for every later call. */
  invalidate(): void;
}

/** A valid token, with its caller. */
interface Found {
  readonly actor: OAuthTokenActor;
  readonly expiresAt: Date;
  /** The thumbprint of the key that it is bound to. */
  readonly boundTo?: string | undefined;
}

interface TokenCallersDeps {
  readonly store: OAuthStore;
  readonly seals: Seals;
  readonly clock: Clock;
  readonly issuer: string;
  readonly resources: Pick<ResourceBook, 'own' | 'isOwn'>;
}

export function createTokenCallers(deps: TokenCallersDeps): TokenCallers {
  const { clock } = deps;
  const cache = createFreshCache<Found>(clock);
  return {
    async admit(request) {
      const found = await cache.load(request.token, () => find(deps, request.token));
      if (!found || found.expiresAt <= clock.now()) throw commonErrors.OAuthTokenNotValid();
      if (found.boundTo === undefined && request.proof === undefined) return found.actor;
      await checkProof(deps, request, found);
      return found.actor;
    },
    invalidate: () => {
      cache.changed();
    },
  };
}

/** Checks the proof of a token: a bound token needs a proof, and a proof needs a bound token. */
async function checkProof(
  { store, seals, clock }: TokenCallersDeps,
  { token: accessToken, proof: given, method, url }: TokenRequest,
  { boundTo }: Found,
): Promise<void> {
  // A bound token under the scheme Bearer, or one that is not bound under DPoP.
  if (given === undefined || boundTo === undefined) throw proofRefused('invalid_token');
  const now = clock.now();
  const read = await readProof({ proof: given, method, url, accessToken, now });
  if (!read || read.thumbprint !== boundTo) throw proofRefused('invalid_dpop_proof');
  const id = recordId('DPoPProof', `${boundTo}:${read.id}`);
  const isFirst = await store.insertRecord({
    id,
    kind: 'DPoPProof',
    payload: seals.seal('', id),
    createdAt: now,
    expiresAt: new Date(now.getTime() + 2 * PROOF_SECONDS * 1000),
  });
  if (!isFirst) throw proofRefused('invalid_dpop_proof');
}

/** Returns the error of a token whose key was not proven, with the error code of RFC 9449 for the challenge. */
function proofRefused(challenge: 'invalid_token' | 'invalid_dpop_proof') {
  return commonErrors.OAuthTokenNotValid({}, { detail: { challenge } });
}

/** The claims of a token, opaque or JWT. */
interface TokenClaims {
  readonly appId: string;
  readonly grantId?: string | undefined;
  /** As whom a token of the app itself acts; absent in one from before issuers were recorded. */
  readonly actsAs?: string | undefined;
  readonly scope: string;
  readonly boundTo?: string | undefined;
  readonly expiresAt: Date;
}

async function find(deps: TokenCallersDeps, token: string): Promise<Found | undefined> {
  const claims = token.includes('.') ? await readJwt(deps, token) : await readOpaque(deps, token);
  if (!claims) return undefined;
  const { store, clock } = deps;
  const { appId, grantId, actsAs, scope, expiresAt, boundTo } = claims;
  const [app, grant] = await Promise.all([
    store.loadApp(appId),
    grantId === undefined ? undefined : store.loadGrant(grantId),
  ]);
  if (app?.status !== 'active') return undefined;
  // A token of the app itself has no grant; any other needs one that exists and has not expired.
  if (grantId !== undefined && (grant?.app !== appId || grant.expiresAt <= clock.now()))
    return undefined;
  const organizationId = grant ? grant.organization : app.organization;
  if (organizationId === undefined) return undefined;
  const scopes = scope.split(' ').filter((name) => app.scopes.includes(name));
  const ownerId = grant ? grant.user : (actsAs ?? app.owner);
  return {
    actor: { kind: 'oauthToken', appId, grantId, organizationId, ownerId, scopes },
    expiresAt,
    boundTo,
  };
}

async function readOpaque({ store, seals, resources }: TokenCallersDeps, token: string) {
  const rows = await Promise.all(
    ['AccessToken', 'ClientCredentials'].map((kind) => store.loadRecord(recordId(kind, token))),
  );
  const row = rows.find((each) => each !== undefined);
  return row && claimsOf(row, seals, resources);
}

function claimsOf(
  row: OAuthRecordRow,
  seals: Seals,
  resources: Pick<ResourceBook, 'isOwn'>,
): TokenClaims | undefined {
  const text = seals.open(row.payload, row.id);
  if (text === undefined || row.app === undefined || !row.expiresAt) return undefined;
  const {
    scope = '',
    jkt,
    aud,
  } = JSON.parse(text) as {
    readonly scope?: string;
    readonly jkt?: string;
    readonly aud?: string | readonly string[];
  };
  // A token for another service must not work here: https://www.rfc-editor.org/rfc/rfc8707#section-3
  if (aud !== undefined && ![aud].flat().some((each) => resources.isOwn(each))) return undefined;
  // A person’s token without a grant is refused: it could not be revoked.
  if (row.kind === 'AccessToken' && row.grant === undefined) return undefined;
  const { app: appId, grant: grantId, issuer: actsAs, expiresAt } = row;
  return { appId, grantId, actsAs, scope, boundTo: jkt, expiresAt };
}

async function readJwt(deps: TokenCallersDeps, token: string): Promise<TokenClaims | undefined> {
  const { issuer, resources, clock } = deps;
  const keys = await loadSigningKeys(deps);
  try {
    const now = clock.now();
    const audience = resources.own();
    const claims = verifyAccessToken(token, { issuer, audience, jwks: { keys }, now });
    const { client_id: appId, grant_id: grantId, owner_id: actsAs, scope, cnf, exp, sub } = claims;
    if (grantId === undefined && sub !== appId) return undefined;
    const expiresAt = new Date(exp * 1000);
    return { appId, grantId, actsAs, scope, boundTo: cnf?.jkt, expiresAt };
  } catch {
    return undefined;
  }
}
