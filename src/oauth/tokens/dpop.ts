import { createHash } from 'node:crypto';

import { calculateJwkThumbprint, EmbeddedJWK, errors, type JWTPayload, jwtVerify } from 'jose';

import { parseUrl } from '../../contract/index.js';

/** A request with a DPoP proof. */
export interface ProvenRequest {
  readonly proof: string;
  readonly method: string;
  /** The public URL; query and fragment are not compared. */
  readonly url: string;
  readonly accessToken: string;
  readonly now: Date;
}

export interface Proof {
  /** The thumbprint of the key, which is in a bound token. */
  readonly thumbprint: string;
  /** The unique id of the proof. */
  readonly id: string;
}

/** How far the sender’s clock may be off. */
export const PROOF_SECONDS = 60;
const ID_LENGTH_MAX = 500;

/**
 * Verifies that the sender has the key, for this request and this token. `undefined` when the proof is not valid. The caller
 * has to check that the proof was not used before. https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export async function readProof(request: ProvenRequest): Promise<Proof | undefined> {
  const { proof, now } = request;
  try {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
      typ: 'dpop+jwt',
      algorithms: ['ES256', 'EdDSA'],
      currentDate: now,
    });
    const { jti } = payload;
    if (!isFor(request, payload) || !protectedHeader.jwk) return undefined;
    if (typeof jti !== 'string' || jti === '' || jti.length > ID_LENGTH_MAX) return undefined;
    return { thumbprint: await calculateJwkThumbprint(protectedHeader.jwk), id: jti };
  } catch (error) {
    if (isNoProof(error)) return undefined;
    throw error;
  }
}

function isFor(
  { method, url, accessToken, now }: ProvenRequest,
  { htm, htu, iat, ath }: JWTPayload,
): boolean {
  const isFresh = typeof iat === 'number' && Math.abs(now.getTime() / 1000 - iat) <= PROOF_SECONDS;
  const isForThis = htm === method && typeof htu === 'string' && isSameUrl(htu, url);
  return (
    isFresh && isForThis && ath === createHash('sha256').update(accessToken).digest('base64url')
  );
}

/**
 * Returns whether an error means that a proof is not valid. Web Crypto throws TypeError or DOMException for a key that
 * it cannot import.
 */
function isNoProof(error: unknown): boolean {
  return (
    error instanceof errors.JOSEError || error instanceof TypeError || error instanceof DOMException
  );
}

function isSameUrl(given: string, actual: string): boolean {
  const [one, other] = [parseUrl(given), parseUrl(actual)];
  if (!one || !other) return false;
  return one.origin === other.origin && one.pathname === other.pathname;
}
