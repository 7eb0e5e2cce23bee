import { createHash, randomBytes } from 'node:crypto';

import jwt from 'jsonwebtoken';

import { expandKey } from '../../platform/crypto/index.js';

/** How long a person has for consenting. */
export const STATE_MINUTES = 15;

/** The claims of the `state` parameter of an OAuth round trip. It is signed, so that it cannot be forged. */
interface StateClaims {
  readonly connectionId: string;
  /** Where the browser goes afterwards; default: a page of the hub that shows the result. */
  readonly returnUrl?: string | undefined;
}

interface SignedState {
  readonly state: string;
  readonly hash: string;
  readonly endsAt: Date;
}

interface VerifiedState extends StateClaims {
  /** Compared with the hash that the connection stores: only the latest state finishes a consent, and only once. */
  readonly hash: string;
}

/** Signs and verifies OAuth states: https://www.rfc-editor.org/rfc/rfc6749#section-10.12 */
export interface OAuthStates {
  sign(claims: StateClaims, now: Date): SignedState;
  /** Returns `undefined` for a state with another signature, and for one that has expired. */
  verify(state: string, now: Date): VerifiedState | undefined;
}

export function createOAuthStates(hubSecret: string): OAuthStates {
  const key = expandKey(hubSecret, { info: 'parse-integration-hub connect state' });
  const options = { algorithm: 'HS256', audience: AUDIENCE } as const;
  return {
    sign({ connectionId, returnUrl }, now) {
      const id = randomBytes(16).toString('base64url');
      const endsAt = new Date(now.getTime() + STATE_MINUTES * 60_000);
      const claims = {
        jti: id,
        exp: Math.floor(endsAt.getTime() / 1000),
        iat: Math.floor(now.getTime() / 1000),
        ...(returnUrl !== undefined && { returnUrl }),
      };
      const state = jwt.sign(claims, key, { ...options, subject: connectionId });
      return { state, hash: hashOf(id), endsAt };
    },
    verify(state, now) {
      try {
        const claims = jwt.verify(state, key, {
          algorithms: ['HS256'],
          audience: AUDIENCE,
          clockTimestamp: Math.floor(now.getTime() / 1000),
        });
        if (typeof claims === 'string' || !claims.sub || !claims.jti) return undefined;
        const returnUrl: unknown = claims['returnUrl'];
        return {
          connectionId: claims.sub,
          hash: hashOf(claims.jti),
          ...(typeof returnUrl === 'string' && { returnUrl }),
        };
      } catch {
        // Another signature, or expired: the caller raises OAuthStateNotValid.
        return undefined;
      }
    },
  };
}

const AUDIENCE = 'hub:connect';

/** Generates the proof that a browser holds in a cookie, and the hash of it that the connection stores. */
export function newBrowserProof(): { readonly proof: string; readonly hash: string } {
  const proof = randomBytes(32).toString('base64url');
  return { proof, hash: hashOf(proof) };
}

/** Returns the hash of a state's id or a browser’s proof. Both are random, so a plain SHA-256 suffices. */
export function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
