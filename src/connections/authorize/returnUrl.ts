import { connectionErrors } from '../errors.js';

/** An open redirect would let a stranger borrow the hub's name. Compared as whole path segments. Throws ReturnUrlNotAllowed. */
export function checkReturnUrl(allowed: readonly string[], returnUrl: string | undefined): void {
  if (returnUrl === undefined) return;
  const isAllowed =
    URL.canParse(returnUrl) && allowed.some((base) => isBelow(new URL(returnUrl), new URL(base)));
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
