import type { ParseRequest } from './gateway.js';

/**
 * Returns the URL that the client sent a request to, without its query. A proxy may have removed a part of the path, so it
 * follows from Parse Server's public URL and the path below that.
 */
export function publicUrlOf({
  path,
  config: { serverURL = '', publicServerURL = serverURL },
}: Pick<ParseRequest, 'path' | 'config'>): string {
  return publicServerURL.replace(/\/+$/, '') + path;
}
