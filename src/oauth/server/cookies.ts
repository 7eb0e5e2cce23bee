import type { Provider } from 'oidc-provider';

import { deriveKeys, type Secrets } from '../../platform/crypto/index.js';

/** The cookie of the browser session at the authorization server. */
export const SESSION_COOKIE = 'hub_oauth';

/**
 * Returns keys for signing cookies, derived from the hub’s secrets for this purpose only. New cookies are signed with
 * the first key.
 */
export function cookieKeysOf(secrets: Secrets): string[] {
  return deriveKeys(secrets, 'oauth cookies 1').map(({ key }) =>
    key.export().toString('base64url'),
  );
}

/** Returns the attributes of the session cookie and of its signature: for the path of the authorization server, as browsers see it. */
export function sessionCookieOf(issuer: string) {
  const { pathname: path } = new URL(issuer);
  return { signed: true, httpOnly: true, sameSite: 'lax', path } as const;
}

/**
 * Makes every cookie of the provider TLS-only, also where a proxy ends TLS and the request itself is plain HTTP. The library
 * takes cookies from several contexts of one request, so this is set on each that is created.
 */
export function makeCookiesSecure(provider: Provider): void {
  const create = provider.createContext.bind(provider);
  provider.createContext = (...given: Parameters<typeof create>) => {
    const ctx = create(...given);
    ctx.cookies.secure = true;
    return ctx;
  };
}
