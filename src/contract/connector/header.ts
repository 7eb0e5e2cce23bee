/** The name of a header: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;

/**
 * Hop-by-hop (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1) or made by the client from the request: set by hand they
 * let one request be read as two, or as meant for another host. Codings are not the caller's to accept, as nothing is
 * decompressed. In lower case.
 */
const CLIENT_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a header is the client's own, so that no caller of it may set it. Any case. */
export function isForbiddenHeader(name: string): boolean {
  return CLIENT_HEADERS.has(name.toLowerCase());
}

/** The `pattern` of a field that is the name of a header, and none of those that `isForbiddenHeader` tells. */
export const HEADER_NAME_PATTERN = `(?!(?:${[...CLIENT_HEADERS].map(inAnyCase).join('|')})$)[!#$%&'*+.^_\`|~0-9A-Za-z-]{1,256}`;

function inAnyCase(text: string): string {
  return text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
