import { parseUrl } from '../../contract/index.js';

const LOOPBACKS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Returns why a redirect URI is not allowed, as the rest of a sentence; `undefined` when it is allowed. Redirect URIs
 * are compared exactly, so they must be registered in the form that browsers send.
 * https://www.rfc-editor.org/rfc/rfc9700#section-2.1 and https://www.rfc-editor.org/rfc/rfc8252#section-7
 */
export function problemOfRedirectUri(text: string): string | undefined {
  const url = parseUrl(text);
  if (!url) return 'must be a URL such as https://app.example.com/callback';
  if (text.includes('#')) return 'must not have a fragment (#…)';
  if (text.includes('*')) return 'must not have a wildcard (*): redirect URIs are compared exactly';
  if (/[\\\s]|[^\x21-\x7e]/.test(text)) return 'must be plain ASCII, as browsers write it';
  if (url.username !== '' || url.password !== '') return 'must not have a user name or password';
  if (url.protocol === 'https:') return problemOfHttps(text, url);
  if (url.protocol === 'http:') {
    if (!LOOPBACKS.has(url.hostname))
      return 'must begin with https://; http:// is for localhost only';
    return problemOfSpelling(text, url);
  }
  return problemOfScheme(url);
}

function problemOfHttps(text: string, url: URL): string | undefined {
  if (LOOPBACKS.has(url.hostname)) return 'is a loopback address: use http:// instead of https://';
  return problemOfSpelling(text, url);
}

/** Returns why a URL is not written as browsers write it: another spelling would never match. */
function problemOfSpelling(text: string, url: URL): string | undefined {
  const plain =
    url.pathname === '/' && !text.endsWith('/') ? url.href.replace(/\/(?=$|\?)/, '') : url.href;
  if (text === plain || text === url.href) return undefined;
  return `must be written as browsers write it: ${url.href}`;
}

/** Requires a reversed domain name as the scheme, so that two apps do not choose the same by accident. */
function problemOfScheme({ protocol }: URL): string | undefined {
  if (/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol)) return undefined;
  return 'must begin with https://, or for a native app with a private scheme that has a dot, such as com.example.app:/callback';
}
