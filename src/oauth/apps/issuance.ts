import { createHash } from 'node:crypto';

import { isPermission } from '../scopes.js';
import type { OAuthAppRow } from '../store.js';

/**
 * Who issued a credential of an app, a secret or a public key, and for what. Tokens that the app gets with it for itself
 * (client credentials) act as that member, also after another member issues a credential or changes the app.
 */
export interface Issuance {
  readonly issuer: string;
  /** The scopes of such tokens, at most. Empty: the credential gets none. */
  readonly scopes: readonly string[];
}

/** By the id of the credential. */
type Issuances = Readonly<Record<string, Issuance>>;

/** A public key, as it is stored. */
export type AppKey = Readonly<Record<string, unknown>>;

/** One valid credential of an app. */
export interface AppCredential extends Issuance {
  readonly id: string;
  readonly kind: 'secret' | 'previousSecret' | 'key';
  /** The `kid` of a key. */
  readonly keyId?: string | undefined;
}

/** A member who changes an app, with their permissions in its organization. */
export interface Issuer {
  readonly userId: string;
  readonly permissions: ReadonlySet<string>;
}

type CredentialRow = Pick<
  OAuthAppRow,
  'hash' | 'previousHash' | 'jwks' | 'owner' | 'grants' | 'scopes' | 'issuances'
>;

/** Returns the id of a secret, derived from its hash. */
export function secretId(hash: string): string {
  return createHash('sha256').update(`secret:${hash}`).digest('base64url').slice(0, 22);
}

const THUMBPRINT_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

/** Returns the id of a public key: its thumbprint, which does not depend on `kid`. https://www.rfc-editor.org/rfc/rfc7638#section-3.2 */
export function keyId(key: AppKey): string {
  const members = THUMBPRINT_MEMBERS[String(key['kty'])] ?? [];
  const text = JSON.stringify(Object.fromEntries(members.map((name) => [name, key[name]])));
  return createHash('sha256').update(text).digest('base64url');
}

export function keysOf({ jwks }: Pick<OAuthAppRow, 'jwks'>): readonly AppKey[] {
  return jwks === undefined ? [] : (JSON.parse(jwks) as { keys: readonly AppKey[] }).keys;
}

/**
 * Returns the credentials of an app, the previous secret also after its end. A credential from before issuers were recorded
 * acts as the owner of the app, with its present scopes.
 */
export function credentialsOf(row: CredentialRow): readonly AppCredential[] {
  const stored = JSON.parse(row.issuances ?? '{}') as Issuances;
  const before = { issuer: row.owner, scopes: issuableScopes(row) };
  const credential = (id: string, kind: AppCredential['kind'], kid?: unknown): AppCredential => ({
    id,
    kind,
    ...(typeof kid === 'string' && { keyId: kid }),
    ...(stored[id] ?? before),
  });
  return [
    ...(row.hash === undefined ? [] : [credential(secretId(row.hash), 'secret')]),
    ...(row.previousHash === undefined
      ? []
      : [credential(secretId(row.previousHash), 'previousSecret')]),
    ...keysOf(row).map((key) => credential(keyId(key), 'key', key['kid'])),
  ];
}

/**
 * Returns the scopes that a credential of an app may be issued for: none without the grant clientCredentials. With
 * `permissions`, only those that the member who issues it has.
 */
function issuableScopes(
  { grants, scopes }: Pick<OAuthAppRow, 'grants' | 'scopes'>,
  permissions?: ReadonlySet<string>,
): readonly string[] {
  if (!grants.includes('clientCredentials')) return [];
  return scopes.filter((scope) => !isPermission(scope) || permissions?.has(scope) !== false);
}

/**
 * Returns the field `issuances` of an app after a change by `issuer`. Secrets and keys that are new are issued by them, for
 * the scopes that the app has then. The others keep their issuer, and nothing is added to them, except that `isDecision`
 * (scopes, grants or keys were given) lets the issuer of a current secret or key decide about it anew.
 */
export function issuancesAfter(
  before: CredentialRow | undefined,
  after: CredentialRow,
  { issuer, isDecision }: { readonly issuer: Issuer; readonly isDecision: boolean },
): string {
  const known = new Map(before && credentialsOf(before).map((each) => [each.id, each]));
  const issued = issuableScopes(after, issuer.permissions);
  const entries = credentialsOf({ ...after, issuances: undefined }).map(({ id, kind }) => {
    const one = known.get(id);
    if (!one) return [id, { issuer: issuer.userId, scopes: issued }] as const;
    const { issuer: by, scopes } = one;
    if (!isDecision || by !== issuer.userId) return [id, { issuer: by, scopes }] as const;
    const isCurrent = kind !== 'previousSecret';
    const decided = isCurrent ? issued : scopes.filter((scope) => issued.includes(scope));
    return [id, { issuer: by, scopes: decided }] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** Returns whether a change gives an app a secret or a key that it did not have. */
export function hasNewCredential(before: CredentialRow, after: CredentialRow): boolean {
  const known = new Set(credentialsOf(before).map(({ id }) => id));
  return credentialsOf(after).some(({ id }) => !known.has(id));
}

/** Returns the field `issuances` once nothing that a member issued gets tokens any more; `undefined` when nothing does. */
export function issuancesWithout(row: CredentialRow, member: string): string | undefined {
  const credentials = credentialsOf(row);
  if (!credentials.some(({ issuer, scopes }) => issuer === member && scopes.length > 0))
    return undefined;
  const entries = credentials.map(({ id, issuer, scopes }) => [
    id,
    { issuer, scopes: issuer === member ? [] : scopes },
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}
