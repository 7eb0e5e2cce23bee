/** The name of a header: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;

/**
 * Hop-by-hop headers (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1), and headers that the client sets from the
 * request: set by a caller they would allow request smuggling, or redirect the request to another host. Callers cannot
 * accept encodings either, as nothing is decompressed. In lower case.
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

/** Returns whether a header is reserved for the client, so that callers cannot set it. Any case. */
export function isForbiddenHeader(name: string): boolean {
  return CLIENT_HEADERS.has(name.toLowerCase());
}

/** The `pattern` of a field that is the name of a header, except those for which `isForbiddenHeader` returns true. */
export const HEADER_NAME_PATTERN = `(?!(?:${[...CLIENT_HEADERS].map(inAnyCase).join('|')})$)[!#$%&'*+.^_\`|~0-9A-Za-z-]{1,256}`;

function inAnyCase(text: string): string {
  return text.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
