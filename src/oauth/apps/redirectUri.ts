import { parseUrl } from '../../contract/index.js';

const LOOPBACKS = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Returns why a redirect URI is not allowed, as the rest of a sentence; `undefined` when it is allowed. Redirect URIs
 * are compared exactly, so they must be registered in the form that browsers send.
 * `privateUseSchemes`: schemes without a dot that the owner of the app has allowed.
 * https://www.rfc-editor.org/rfc/rfc9700#section-2.1 and https://www.rfc-editor.org/rfc/rfc8252#section-7
 */
export function problemOfRedirectUri(
  text: string,
  privateUseSchemes: readonly string[] = [],
): string | undefined {
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
    // Browsers omit the port 80, and which port an app on a device gets differs each time.
    return problemOfSpelling(text.replace(/^(http:\/\/[^/?]*):80(?=[/?]|$)/, '$1'), url);
  }
  return problemOfScheme(url, privateUseSchemes);
}

/** Returns whether a redirect URI is a registered one: the same, or the same loopback address with another port. */
export function isSameRedirectUri(registered: string, requested: string): boolean {
  return registered === requested || withoutPort(registered) === withoutPort(requested);
}

function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])):\d+(?=[/?]|$)/, '$1');
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

/**
 * Requires a reversed domain name as the scheme, so that two apps do not choose the same by accident, or a scheme that the
 * owner of the app has allowed.
 */
function problemOfScheme(
  { protocol }: URL,
  privateUseSchemes: readonly string[],
): string | undefined {
  if (/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol)) return undefined;
  const scheme = protocol.slice(0, -1);
  if (privateUseSchemes.includes(scheme) && problemOfPrivateUseScheme(scheme) === undefined)
    return undefined;
  return 'must begin with https://, or for a native app with a private scheme that has a dot, such as com.example.app:/callback, or is listed in privateUseSchemes, such as vscode://callback';
}

/** Schemes that browsers or operating systems handle themselves: a redirect to one would not reach an app, or would run something. */
const RESERVED_SCHEMES = new Set(
  `about acap android-app app apps bitcoin blob brave chrome chrome-extension chrome-untrusted cid content data dav
  devtools dict dns edge facetime facetime-audio feed file filesystem finger ftp ftps geo git gopher h323 help
  http https iax icap im imap info intent ipp ipps irc ircs iris itms itms-apps itms-services jar javascript
  jms ldap ldaps livescript magnet mailto maps market mid mms mocha moz-extension ms-appinstaller ms-cxh
  ms-cxh-full ms-excel ms-gamingoverlay ms-help ms-msdt ms-officecmd ms-powerpoint ms-search ms-settings
  ms-settings-power ms-word msrp news nfs nntp opaquelocktoken opera pop pres resource rtsp rtsps
  safari-extension search search-ms service sftp shell shortcuts sip sips skype smb sms smsto snmp ssh stun tag
  tel telnet tftp turn tv urn vbs vbscript view-source vivaldi vnc webcal widget ws wss wyciwyg x-apple xmpp`.split(
    /\s+/,
  ),
);

/** Returns why a scheme cannot be allowed, as the rest of a sentence; `undefined` when it can. */
export function problemOfPrivateUseScheme(scheme: string): string | undefined {
  if (!/^[a-z][a-z0-9+-]{1,48}[a-z0-9]$/.test(scheme))
    return 'must be the scheme alone, 3 to 50 lowercase letters, digits, + or -, such as vscode; a scheme with a dot needs no entry';
  if (RESERVED_SCHEMES.has(scheme))
    return 'is a scheme of browsers or operating systems: name one that only your app handles';
  return undefined;
}
