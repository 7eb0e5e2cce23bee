import { createHash, randomBytes } from 'node:crypto';

import jwt from 'jsonwebtoken';

import { expandKey } from '../../platform/crypto/index.js';

/** How long a person has for consenting. */
export const ATTEMPT_MINUTES = 15;

/** What the `state` parameter of an OAuth round trip says; signed, so that nobody makes one up. */
interface Attempt {
  readonly connectionId: string;
  /** Where the browser goes afterwards; left out: a page of the hub’s says how it went. */
  readonly returnUrl?: string | undefined;
}

interface OpenedAttempt extends Attempt {
  /** Compared with what the connection keeps: each attempt finishes once, and the latest alone. */
  readonly hash: string;
}

/** Signs and reads states: https://www.rfc-editor.org/rfc/rfc6749#section-10.12 */
export interface Attempts {
  make(
    attempt: Attempt,
    now: Date,
  ): { readonly state: string; readonly hash: string; readonly endsAt: Date };
  /** `undefined` for one that is not ours, or over. */
  read(state: string, now: Date): OpenedAttempt | undefined;
}

export function createAttempts(hubSecret: string): Attempts {
  const key = expandKey(hubSecret, { info: 'parse-integration-hub connect state' });
  const options = { algorithm: 'HS256', audience: AUDIENCE } as const;
  return {
    make({ connectionId, returnUrl }, now) {
      const id = randomBytes(16).toString('base64url');
      const endsAt = new Date(now.getTime() + ATTEMPT_MINUTES * 60_000);
      const claims = {
        jti: id,
        exp: Math.floor(endsAt.getTime() / 1000),
        iat: Math.floor(now.getTime() / 1000),
        ...(returnUrl !== undefined && { returnUrl }),
      };
      const state = jwt.sign(claims, key, { ...options, subject: connectionId });
      return { state, hash: hashOf(id), endsAt };
    },
    read(state, now) {
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
        // Not one of ours, or over: the caller says so.
        return undefined;
      }
    },
  };
}

const AUDIENCE = 'hub:connect';

/** What one browser holds in a cookie, and what the attempt that it began keeps of it. */
export function newBrowserProof(): { readonly proof: string; readonly hash: string } {
  const proof = randomBytes(32).toString('base64url');
  return { proof, hash: hashOf(proof) };
}

/** Hash of an id or of a browser’s proof. Both are random, so that none is found by trying. */
export function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
