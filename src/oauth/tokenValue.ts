import { randomBytes } from 'node:crypto';

import { expandKey } from '../vault/index.js';

const BYTES = 32;
const WORDS = { access: 'oat', refresh: 'ort' } as const;

/** A new access or refresh token: `<prefix>_oat_` or `<prefix>_ort_` and 256 random bits, so that scanners find it. */
export function mintToken(prefix: string, what: keyof typeof WORDS): string {
  return `${prefix}_${WORDS[what]}_${randomBytes(BYTES).toString('base64url')}`;
}

/**
 * The token that follows from `seed`, always the same: whoever asks for the successor of a refresh token a second time gets
 * what he got, or should have got, the first time. `about` keeps tokens of one seed apart.
 */
export function tokenFrom(
  seed: string,
  { prefix, what, about = '' }: { prefix: string; what: keyof typeof WORDS; about?: string },
): string {
  const info = `parse-integration-hub oauth ${what} token ${about}`;
  const bytes = expandKey(Buffer.from(seed, 'base64url'), { info, length: BYTES }).export();
  return `${prefix}_${WORDS[what]}_${bytes.toString('base64url')}`;
}

export function newSeed(): string {
  return randomBytes(BYTES).toString('base64url');
}

const ACCESS_TOKEN = /^[a-z][a-z0-9]{1,19}_oat_[A-Za-z0-9_-]{43}$/;

/** Whether a text has the form of an access token that is looked up; others are somebody else’s business. */
export function looksLikeToken(text: string): boolean {
  return ACCESS_TOKEN.test(text);
}
