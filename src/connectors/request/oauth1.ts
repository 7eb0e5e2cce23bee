import { createHmac, randomBytes } from 'node:crypto';

import type { OAuth1 } from '../../contract/index.js';
import type { Outgoing } from './outgoing.js';

export interface OAuth1Signing {
  readonly authMethod: Pick<OAuth1, 'signatureMethod'>;
  /** `consumerKey`, `consumerSecret` and, once there is a token, `token` and `tokenSecret`. */
  readonly credential: Readonly<Record<string, string>>;
  readonly now: Date;
  /** Sent, and not signed. */
  readonly realm?: string | undefined;
  /** Default: random. Specs set it. */
  readonly nonce?: string;
  /** More parameters of the protocol, such as `oauth_callback`. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** Adds the `Authorization` header of https://www.rfc-editor.org/rfc/rfc5849#section-3.5.1 */
export function signOAuth1(outgoing: Outgoing, signing: OAuth1Signing): Outgoing {
  const { authMethod, credential, now, extra = {} } = signing;
  const protocol: Record<string, string> = {
    oauth_consumer_key: credential['consumerKey'] ?? '',
    oauth_nonce: signing.nonce ?? randomBytes(16).toString('hex'),
    oauth_signature_method: authMethod.signatureMethod,
    oauth_timestamp: String(Math.floor(now.getTime() / 1000)),
    oauth_version: '1.0',
    ...(credential['token'] !== undefined && { oauth_token: credential['token'] }),
    ...extra,
  };
  const key = [credential['consumerSecret'] ?? '', credential['tokenSecret'] ?? ''];
  const signature = createHmac(
    authMethod.signatureMethod === 'HMAC-SHA1' ? 'sha1' : 'sha256',
    key.map(encoded).join('&'),
  )
    .update(baseString(outgoing, protocol))
    .digest('base64');
  const realm = signing.realm === undefined ? {} : { realm: signing.realm };
  const header = Object.entries({ ...realm, ...protocol, oauth_signature: signature })
    .map(([name, value]) => `${encoded(name)}="${encoded(value)}"`)
    .join(', ');
  return { ...outgoing, headers: { ...outgoing.headers, authorization: `OAuth ${header}` } };
}

/** https://www.rfc-editor.org/rfc/rfc5849#section-3.4.1 */
function baseString(
  { method, url, headers, body }: Outgoing,
  protocol: Readonly<Record<string, string>>,
): string {
  const isForm = headers['content-type'] === 'application/x-www-form-urlencoded';
  const pairs = [
    ...url.searchParams,
    ...Object.entries(protocol),
    ...(isForm ? new URLSearchParams(body?.toString() ?? '') : []),
  ].map(([name, value]) => [encoded(name), encoded(value)] as const);
  const sorted = pairs
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join('='))
    .join('&');
  return [method, encoded(`${url.origin}${url.pathname}`), encoded(sorted)].join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** https://www.rfc-editor.org/rfc/rfc5849#section-3.6 */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
