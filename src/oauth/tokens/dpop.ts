import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto';

/** A request that came with a proof. */
export interface ProvenRequest {
  readonly proof: string;
  readonly method: string;
  /** As others reach it; query and fragment do not count. */
  readonly url: string;
  readonly accessToken: string;
  readonly now: Date;
}

export interface Proof {
  /** By which the token is bound to the key. */
  readonly thumbprint: string;
  /** Of this proof alone. */
  readonly id: string;
}

/** How far the clock of the sender may be off, and how long a proof is remembered. */
export const PROOF_SECONDS = 60;

/**
 * What a DPoP proof proves: that the sender has the key, for this request and this token. `undefined` when it does not; that
 * it was not used before is the caller’s to see to. https://www.rfc-editor.org/rfc/rfc9449#section-4.3
 */
export function readProof({
  proof,
  method,
  url,
  accessToken,
  now,
}: ProvenRequest): Proof | undefined {
  const parts = proof.split('.');
  const [header, payload] = parts.slice(0, 2).map(decoded);
  const signature = Buffer.from(parts[2] ?? '', 'base64url');
  if (parts.length !== 3 || !header || !payload) return undefined;
  const { typ, alg, jwk, crit } = header;
  if (typ !== 'dpop+jwt' || crit !== undefined || !isPublicKey(jwk)) return undefined;
  if (!isSigned(`${parts[0] ?? ''}.${parts[1] ?? ''}`, { alg, jwk, signature })) return undefined;
  const { htm, htu, iat, jti, ath } = payload;
  const isFresh = typeof iat === 'number' && Math.abs(now.getTime() / 1000 - iat) <= PROOF_SECONDS;
  const isForThis = htm === method && typeof htu === 'string' && isSameUrl(htu, url);
  const isForToken = ath === createHash('sha256').update(accessToken).digest('base64url');
  if (!isFresh || !isForThis || !isForToken) return undefined;
  if (typeof jti !== 'string' || jti === '' || jti.length > 500) return undefined;
  return { thumbprint: thumbprintOf(jwk), id: jti };
}

function decoded(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function isPublicKey(jwk: unknown): jwk is JsonWebKey {
  return typeof jwk === 'object' && jwk !== null && !('d' in jwk) && !('k' in jwk);
}

function isSigned(
  text: string,
  { alg, jwk, signature }: { alg: unknown; jwk: JsonWebKey; signature: Buffer },
): boolean {
  const { kty, crv } = jwk;
  const isEc = alg === 'ES256' && kty === 'EC' && crv === 'P-256';
  const isEd = alg === 'EdDSA' && kty === 'OKP' && crv === 'Ed25519';
  if (!isEc && !isEd) return false;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const data = Buffer.from(text);
    return isEc
      ? verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
      : verify(null, data, key, signature);
  } catch {
    return false;
  }
}

/** https://www.rfc-editor.org/rfc/rfc7638#section-3 */
function thumbprintOf({ kty, crv, x, y }: JsonWebKey): string {
  const members = kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}

function isSameUrl(given: string, actual: string): boolean {
  if (!URL.canParse(given) || !URL.canParse(actual)) return false;
  const [one, other] = [new URL(given), new URL(actual)];
  return one.origin === other.origin && one.pathname === other.pathname;
}
