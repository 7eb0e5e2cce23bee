/**
 * Parses a URL; `undefined` if it is not one. Use it instead of `URL.canParse`, which in Node 20 and 22 returns false for
 * a URL with a letter such as ä once it has been optimized: https://github.com/AikidoSec/firewall-node/pull/1086
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
