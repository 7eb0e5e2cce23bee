import { checksumOf, randomSecretDigits } from '../../apiKeys/index.js';
import { isSameHash, type Peppers } from '../../platform/crypto/index.js';
import type { OAuthAppRow } from '../store.js';

const SHOWN_LENGTH = 4;

/**
 * Returns a new secret of an app, `<prefix>_ocs_<43 random base62 digits><checksum>`, in a form that secret scanners
 * find.
 */
export function generateAppSecret(prefix: string): string {
  const body = `${prefix}_ocs_${randomSecretDigits()}`;
  return body + checksumOf(body);
}

/** Returns the first part of a secret, which may be shown. */
function startOfSecret(secret: string): string {
  return secret.slice(0, secret.lastIndexOf('_') + 1 + SHOWN_LENGTH);
}

/**
 * Returns the fields that change with a new secret. The current secret works for `overlapMs` more; an earlier one stops
 * working.
 */
export function changeOfSecret(
  row: Pick<OAuthAppRow, 'hash' | 'pepper'>,
  {
    secret,
    peppers,
    overlapMs,
    now,
  }: {
    readonly secret: string;
    readonly peppers: Peppers;
    readonly overlapMs: number;
    readonly now: Date;
  },
) {
  return {
    ...peppers.hash(secret),
    secretStart: startOfSecret(secret),
    secretChangedAt: now,
    previousHash: overlapMs > 0 ? row.hash : undefined,
    previousPepper: overlapMs > 0 ? row.pepper : undefined,
    previousUntil: overlapMs > 0 ? new Date(now.getTime() + overlapMs) : undefined,
  };
}

/** Returns the hash of the valid secret, of up to two, that a text is; `undefined` when it is none. Compared in constant time. */
export function hashOfSecret(
  row: Pick<OAuthAppRow, 'hash' | 'pepper' | 'previousHash' | 'previousPepper' | 'previousUntil'>,
  {
    secret,
    peppers,
    now,
  }: { readonly secret: string; readonly peppers: Peppers; readonly now: Date },
): string | undefined {
  const { hash, pepper, previousHash, previousPepper, previousUntil } = row;
  const isBefore = previousUntil !== undefined && previousUntil > now;
  const stored = [
    { hash, pepper },
    ...(isBefore ? [{ hash: previousHash, pepper: previousPepper }] : []),
  ];
  const given = peppers.hashes(secret);
  return stored.find(
    ({ hash: kept, pepper: under }) =>
      kept !== undefined &&
      under !== undefined &&
      given.some((each) => isSameHash(each, { hash: kept, pepper: under })),
  )?.hash;
}

/** Returns whether a secret is one of the valid ones. */
export function isSecretOfApp(...given: Parameters<typeof hashOfSecret>): boolean {
  return hashOfSecret(...given) !== undefined;
}
