import type { ProviderResponse } from '../../contract/index.js';

/**
 * Returns how many seconds a response may be cached: as its headers say, at most `secondsMax`; 0: not at all. The cache
 * is private to an organization, so `private` responses are cached.
 * https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2
 */
export function freshSeconds(
  { headers }: Pick<ProviderResponse, 'headers'>,
  { secondsMax, now }: { readonly secondsMax: number; readonly now: Date },
): number {
  const directives = directivesOf(headers['cache-control'] ?? '');
  if (directives.has('no-store') || directives.has('no-cache')) return 0;
  // `Vary: *`: the response depends on more than the request.
  if (headers['vary']?.trim() === '*') return 0;
  const maxAge = directives.get('max-age');
  const age = Number(headers['age'] ?? 0) || 0;
  if (maxAge !== undefined) return capSeconds(Number(maxAge) - age, secondsMax);
  const expires = headers['expires'];
  if (expires === undefined) return secondsMax;
  const endsMs = Date.parse(expires);
  // "0" and other values that are not a date mean that it has expired.
  // https://www.rfc-editor.org/rfc/rfc9111#section-5.3
  if (!/:\d\d/.test(expires) || Number.isNaN(endsMs)) return 0;
  return capSeconds((endsMs - now.getTime()) / 1000, secondsMax);
}

function directivesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(',').map((part) => {
      const [name = '', value = ''] = part.split('=', 2).map((each) => each.trim());
      return [name.toLowerCase(), value.replace(/^"|"$/g, '')] as const;
    }),
  );
}

function capSeconds(seconds: number, secondsMax: number): number {
  return Number.isFinite(seconds) ? Math.max(0, Math.min(Math.floor(seconds), secondsMax)) : 0;
}
