import { createHash } from 'node:crypto';

import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';

const LIFE_MS = 15 * 60_000;

/** What is known of where the hub is. */
interface CookieScope {
  /** The hub's callback as browsers reach it: the cookie goes there and nowhere else. */
  readonly callbackUrl: string;
  /** The attempt; each has a cookie of its own, so that several can be under way. */
  readonly state: string;
}

/** Has the browser show `proof` when the service sends it back. Lax: that is a navigation from another site. */
export function setConsentCookie(res: Response, proof: string, scope: CookieScope): void {
  res.cookie(nameOf(scope.state), proof, { ...attributes(scope), maxAge: LIFE_MS });
}

export function clearConsentCookie(res: Response, scope: CookieScope): void {
  res.clearCookie(nameOf(scope.state), attributes(scope));
}

/** The proof that the browser shows for this attempt: https://www.rfc-editor.org/rfc/rfc6265#section-4.2 */
export function readConsentCookie(
  { headers }: Pick<Request, 'headers'>,
  state: string,
): string | undefined {
  return parseCookie(headers.cookie ?? '')[nameOf(state)];
}

function attributes({ callbackUrl }: CookieScope): CookieOptions {
  const { protocol, pathname } = new URL(callbackUrl);
  return {
    httpOnly: true,
    sameSite: 'lax',
    path: pathname,
    secure: protocol === 'https:',
  };
}

function nameOf(state: string): string {
  return `hub_consent_${createHash('sha256').update(state).digest('base64url').slice(0, 16)}`;
}
