import { parseUrl } from '../../contract/index.js';
import { connectionErrors } from '../errors.js';

/**
 * Checks that a return address begins with an allowed one, compared by whole path segments: an open redirect would help
 * phishing. Throws ReturnUrlNotAllowed.
 */
export function checkReturnUrl(allowed: readonly string[], returnUrl: string | undefined): void {
  if (returnUrl === undefined) return;
  const url = parseUrl(returnUrl);
  const isAllowed = url && allowed.some((base) => isBelow(url, new URL(base)));
  if (!isAllowed) throw connectionErrors.ReturnUrlNotAllowed();
}

function isBelow(url: URL, base: URL): boolean {
  const path = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  return (
    url.origin === base.origin &&
    url.username === '' &&
    (url.pathname === base.pathname || url.pathname.startsWith(path))
  );
}
