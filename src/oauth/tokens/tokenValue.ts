import { randomBytes } from 'node:crypto';

import { expandKey } from '../../platform/crypto/index.js';

const BYTES = 32;
const TOKEN_MARKS = { access: 'oat', refresh: 'ort' } as const;

/**
 * Returns a new access or refresh token: `<prefix>_oat_` or `<prefix>_ort_` and 256 random bits, so that scanners find
 * it.
 */
export function generateToken(prefix: string, what: keyof typeof TOKEN_MARKS): string {
  return `${prefix}_${TOKEN_MARKS[what]}_${randomBytes(BYTES).toString('base64url')}`;
}

/**
 * Returns the token derived from `seed`, always the same. A refresh request that is repeated within the grace period
 * gets the same tokens as the first time. `about` distinguishes several tokens of one seed.
 */
export function tokenFrom(
  seed: string,
  { prefix, what, about = '' }: { prefix: string; what: keyof typeof TOKEN_MARKS; about?: string },
): string {
  const info = `parse-integration-hub oauth ${what} token ${about}`;
  const bytes = expandKey(Buffer.from(seed, 'base64url'), { info, length: BYTES }).export();
  return `${prefix}_${TOKEN_MARKS[what]}_${bytes.toString('base64url')}`;
}

/** Returns a new random seed for `tokenFrom`. */
export function newSeed(): string {
  return randomBytes(BYTES).toString('base64url');
}

const ACCESS_TOKEN = /^[a-z][a-z0-9]{1,19}_oat_[A-Za-z0-9_-]{43}$/;

/**
 * Returns whether a text looks like an access token of the hub, opaque or JWT. Other bearer tokens are left to the
 * host.
 */
export function looksLikeAccessToken(text: string): boolean {
  return ACCESS_TOKEN.test(text) || isJwt(text);
}

const PARTS = /^([A-Za-z0-9_-]+)\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** Checks the type in the header, because a host’s own JWTs are not access tokens of the hub: https://www.rfc-editor.org/rfc/rfc9068#section-2.1 */
function isJwt(text: string): boolean {
  const [, header] = PARTS.exec(text) ?? [];
  if (header === undefined || text.length > 4_000) return false;
  try {
    const read: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    return (read as { readonly typ?: unknown } | null)?.typ === 'at+jwt';
  } catch {
    return false;
  }
}
