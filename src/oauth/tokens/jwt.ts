import { createPublicKey, type KeyObject } from 'node:crypto';

import jsonwebtoken from 'jsonwebtoken';

/** What an access token in the form of a JWT says: https://www.rfc-editor.org/rfc/rfc9068#section-2.2 */
export interface AccessTokenClaims {
  /** The person, or the app itself where no person is in play. */
  readonly sub: string;
  readonly client_id: string;
  readonly scope: string;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  readonly organization_id?: string;
  readonly grant_id?: string;
  /** Of a token that is bound to a key: https://www.rfc-editor.org/rfc/rfc9449#section-6 */
  readonly cnf?: { readonly jkt?: string };
}

export interface VerifyAccessTokenOptions {
  /** `<publicUrl>/oauth`. */
  readonly issuer: string;
  /** The hub’s `publicUrl`. */
  readonly audience: string;
  /** What `<issuer>/jwks` answers: `{ keys }`. Read it again when a token has a key that is not in it, at most once a minute. */
  readonly jwks: { readonly keys: readonly object[] };
  /** The present; left out: the clock of the process. */
  readonly now?: Date | undefined;
}

/**
 * What a JWT access token of a hub’s OAuth app says, for other services of the host’s that are sent one. Throws an Error when
 * it is not one, is of another issuer or for somebody else, or is over. That it was revoked does not show: such a token
 * lasts ten minutes at most. With `cnf.jkt` the sender has to prove that the key is his by DPoP: this looks at the token alone.
 */
export function verifyAccessToken(
  token: string,
  { issuer, audience, jwks, now }: VerifyAccessTokenOptions,
): AccessTokenClaims {
  const { header } = jsonwebtoken.decode(token, { complete: true }) ?? {};
  // https://www.rfc-editor.org/rfc/rfc9068#section-4: an ID token is no access token.
  if (header?.typ !== 'at+jwt') throw new Error('This is not an access token.');
  // A critical extension that is not understood: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
  if ('crit' in header) throw new Error('This access token has extensions that are not known.');
  const claims = jsonwebtoken.verify(token, keyOf(header.kid, jwks), {
    algorithms: ['ES256'],
    issuer,
    audience,
    ...(now && { clockTimestamp: Math.floor(now.getTime() / 1000) }),
  });
  if (typeof claims === 'string' || claims.exp === undefined)
    throw new Error('This access token has no end.');
  return claims as unknown as AccessTokenClaims;
}

function keyOf(kid: string | undefined, { keys }: VerifyAccessTokenOptions['jwks']): KeyObject {
  const jwk = keys.find((key) => (key as { readonly kid?: unknown }).kid === kid);
  if (kid === undefined || !jwk) throw new Error('The key of this access token is not known.');
  const { kty, crv, x, y } = jwk as Readonly<Record<string, string>>;
  return createPublicKey({ key: { kty, crv, x, y } as never, format: 'jwk' });
}
