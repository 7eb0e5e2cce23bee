import { compactVerify, importJWK } from 'jose';
import type { errors as LibraryErrors, KoaContextWithOIDC } from 'oidc-provider';

import { loadMember, type MemberDeps } from '../../contract/index.js';
import { hubOf } from '../apps/client.js';
import { type AppKey, credentialsOf, type Issuance, keyId, keysOf } from '../apps/issuance.js';
import { isPermission } from '../scopes.js';
import type { OAuthStore } from '../store.js';
import { notesOf } from './requestNotes.js';

interface OwnTokenDeps extends MemberDeps {
  readonly store: Pick<OAuthStore, 'loadApp'>;
  readonly errors: typeof LibraryErrors;
}

export interface OwnTokenScopes {
  /** The requested scopes that the app and the resource have. */
  readonly scope: string | undefined;
  /** The scopes of the resource that the token is for, where the request names one. */
  readonly available: readonly string[] | undefined;
}

/**
 * Returns the scopes of a token that an app gets for itself (client credentials): those of the requested ones that the secret
 * or key which it authenticated with was issued for and that the member who issued it still has; a request that names none gets
 * all of these, as https://www.rfc-editor.org/rfc/rfc6749#section-3.3 allows. Notes the issuance on the request. Throws unauthorized_client when the credential gets no such tokens, and invalid_scope when no scope is left.
 */
export async function ownTokenScopes(
  deps: OwnTokenDeps,
  ctx: KoaContextWithOIDC,
  { scope, available }: OwnTokenScopes,
): Promise<string> {
  const { client } = ctx.oidc;
  const { errors } = deps;
  const notes = notesOf(ctx);
  const issuance = notes.issuance ?? (await loadKeyIssuance(deps, ctx));
  if (!client || !issuance || issuance.scopes.length === 0) throw notIssued(errors);
  const { organizationId } = hubOf(client);
  const member = await loadMember(deps, issuance.issuer, organizationId);
  if (!member) throw notIssued(errors);
  notes.issuance = issuance;
  const isNamed = ctx.oidc.params?.['scope'] !== undefined;
  const requested = isNamed
    ? (scope ?? '').split(' ')
    : issuance.scopes.filter((name) => available?.includes(name) ?? true);
  const left = requested.filter(
    (name) =>
      issuance.scopes.includes(name) && (!isPermission(name) || member.permissions.has(name)),
  );
  if (left.length === 0) throw new errors.InvalidScope(NO_SCOPE, scope ?? '');
  return left.join(' ');
}

const NOT_ISSUED =
  'this secret or key was not issued for client_credentials, or the member who issued it has left: issue it again with regenerateOAuthSecret, or set jwks with updateOAuthApp';
const NO_SCOPE =
  'this secret or key was not issued for the requested scopes, or the member who issued it does not have them: see credentials in getOAuthApp, and issue it again';

function notIssued({ UnauthorizedClient }: typeof LibraryErrors): Error {
  return new UnauthorizedClient(NOT_ISSUED);
}

/** Returns the issuance of the key that signed the assertion, which the library has verified: it does not say with which key. */
async function loadKeyIssuance(
  { store }: OwnTokenDeps,
  { oidc: { client, params } }: KoaContextWithOIDC,
): Promise<Issuance | undefined> {
  const assertion = params?.['client_assertion'];
  const row = client && (await store.loadApp(client.clientId));
  if (!row || typeof assertion !== 'string') return undefined;
  for (const key of keysOf(row)) {
    if (!(await isSignedWith(key, assertion))) continue;
    return credentialsOf(row).find(({ id }) => id === keyId(key));
  }
  return undefined;
}

async function isSignedWith(key: AppKey, assertion: string): Promise<boolean> {
  const [header = ''] = assertion.split('.');
  try {
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { alg?: string };
    await compactVerify(assertion, await importJWK(key, alg ?? ''));
    return true;
  } catch {
    return false;
  }
}
