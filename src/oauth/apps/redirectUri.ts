const LOOPBACKS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Why an app may not have this redirect URI, as a sentence; `undefined` when it may. It is compared exactly later on, so it
 * has to be written as browsers write it.
 * https://www.rfc-editor.org/rfc/rfc9700#section-2.1 and https://www.rfc-editor.org/rfc/rfc8252#section-7
 */
export function problemOfRedirectUri(text: string): string | undefined {
  if (!URL.canParse(text)) return 'must be an address such as https://app.example.com/callback';
  const url = new URL(text);
  if (text.includes('#')) return 'must not have a fragment (#…)';
  if (text.includes('*')) return 'must not have a wildcard (*): addresses are compared exactly';
  if (/[\\\s]|[^\x21-\x7e]/.test(text)) return 'must be plain ASCII, as browsers write it';
  if (url.username !== '' || url.password !== '') return 'must not have a user name or password';
  if (url.protocol === 'https:') return problemOfHttps(text, url);
  if (url.protocol === 'http:') {
    if (!LOOPBACKS.has(url.hostname))
      return 'must begin with https://; http:// is for localhost only';
    return isWrittenPlainly(text, url);
  }
  return problemOfScheme(url);
}

function problemOfHttps(text: string, url: URL): string | undefined {
  if (LOOPBACKS.has(url.hostname)) return 'is on this machine: write it with http://';
  return isWrittenPlainly(text, url);
}

/** Another spelling of the same address would never be the one that is sent. */
function isWrittenPlainly(text: string, url: URL): string | undefined {
  const plain =
    url.pathname === '/' && !text.endsWith('/') ? url.href.replace(/\/(?=$|\?)/, '') : url.href;
  if (text === plain || text === url.href) return undefined;
  return `must be written as browsers write it: ${url.href}`;
}

/** One that belongs to a domain turned round, so that two makers of apps do not take the same by accident. */
function problemOfScheme({ protocol }: URL): string | undefined {
  if (/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol)) return undefined;
  return 'must begin with https://, or for a native app with a scheme of its own that has a dot, such as com.example.app:/callback';
}
