import { createPublicKey, type KeyObject } from 'node:crypto';

import jsonwebtoken from 'jsonwebtoken';

/** The claims of a JWT access token: https://www.rfc-editor.org/rfc/rfc9068#section-2.2 */
export interface AccessTokenClaims {
  /** The person, or the app for its own tokens. */
  readonly sub: string;
  readonly client_id: string;
  readonly scope: string;
  readonly exp: number;
  readonly iat: number;
  readonly jti: string;
  readonly organization_id?: string;
  /** In the app’s own tokens: the member who issued the secret or key that it got the token with, and as whom it acts. */
  readonly owner_id?: string;
  readonly grant_id?: string;
  /** Present when the token is bound to a key: https://www.rfc-editor.org/rfc/rfc9449#section-6 */
  readonly cnf?: { readonly jkt?: string };
}

export interface VerifyAccessTokenOptions {
  /** `<publicUrl>/oauth`. */
  readonly issuer: string;
  /** The resource that the token has to be for: the `identifier` of your service in `resources`, or the hub’s `publicUrl`. */
  readonly audience: string | readonly [string, ...string[]];
  /** The JSON of `<issuer>/jwks`: `{ keys }`. Load it again when a token has an unknown key, at most once a minute. */
  readonly jwks: { readonly keys: readonly object[] };
  /** The time to compare with. Default: the clock of the process. */
  readonly now?: Date | undefined;
}

/**
 * Verifies a JWT access token in another service of the host, and returns its claims. Throws an Error when the token is
 * malformed, expired, or has another issuer or audience. Revocation does not show in a JWT: it lasts at most ten minutes. With
 * `cnf.jkt` the sender also has to prove by DPoP that they have the key; this function checks the token alone.
 */
export function verifyAccessToken(
  token: string,
  { issuer, audience, jwks, now }: VerifyAccessTokenOptions,
): AccessTokenClaims {
  const { header } = jsonwebtoken.decode(token, { complete: true }) ?? {};
  // https://www.rfc-editor.org/rfc/rfc9068#section-4: an ID token is not an access token.
  if (header?.typ !== 'at+jwt')
    throw new Error('This is not an access token: its type is not at+jwt.');
  // Critical extensions have to be understood: https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
  if ('crit' in header)
    throw new Error('This access token has a critical extension (crit), which is not supported.');
  const claims = jsonwebtoken.verify(token, keyOf(header.kid, jwks), {
    algorithms: ['ES256'],
    issuer,
    audience: typeof audience === 'string' ? audience : ([...audience] as [string, ...string[]]),
    ...(now && { clockTimestamp: Math.floor(now.getTime() / 1000) }),
  });
  if (typeof claims === 'string' || claims.exp === undefined)
    throw new Error('This access token has no expiry (exp).');
  return claims as unknown as AccessTokenClaims;
}

function keyOf(kid: string | undefined, { keys }: VerifyAccessTokenOptions['jwks']): KeyObject {
  const jwk = keys.find((key) => (key as { readonly kid?: unknown }).kid === kid);
  if (kid === undefined || !jwk)
    throw new Error('The key of this access token (kid) is not in jwks. Load <issuer>/jwks again.');
  const { kty, crv, x, y } = jwk as Readonly<Record<string, string>>;
  return createPublicKey({ key: { kty, crv, x, y } as never, format: 'jwk' });
}
