import { createHash } from 'node:crypto';

import { parseCookie } from 'cookie';
import type { CookieOptions, Request, Response } from 'express';

const LIFE_MS = 15 * 60_000;

/** Where a consent cookie is sent, and which consent it is for. */
interface CookieScope {
  /** The public address of the hub's callback: the cookie is sent only there. */
  readonly callbackUrl: string;
  /** The OAuth state; each has its own cookie, so that several consents can run at once. */
  readonly state: string;
}

/** Sets the cookie with the browser's `proof`. It is Lax, because the callback is a navigation from another site. */
export function setConsentCookie(res: Response, proof: string, scope: CookieScope): void {
  res.cookie(nameOf(scope.state), proof, { ...attributes(scope), maxAge: LIFE_MS });
}

export function clearConsentCookie(res: Response, scope: CookieScope): void {
  res.clearCookie(nameOf(scope.state), attributes(scope));
}

/** Reads the browser's proof for this OAuth state: https://www.rfc-editor.org/rfc/rfc6265#section-4.2 */
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
