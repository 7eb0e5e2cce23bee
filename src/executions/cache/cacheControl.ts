import type { ProviderResponse } from '../../contract/index.js';

/**
 * How long an answer may be kept, in seconds: what the service says, at most `mostSeconds`; 0: not at all.
 * https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2. What is kept is one organization's own, as `private` asks for.
 */
export function freshSeconds(
  { headers }: Pick<ProviderResponse, 'headers'>,
  { secondsMax: mostSeconds, now }: { readonly secondsMax: number; readonly now: Date },
): number {
  const directives = directivesOf(headers['cache-control'] ?? '');
  if (directives.has('no-store') || directives.has('no-cache')) return 0;
  // What `Vary: *` depends on, nobody knows.
  if (headers['vary']?.trim() === '*') return 0;
  const maxAge = directives.get('max-age');
  const age = Number(headers['age'] ?? 0) || 0;
  if (maxAge !== undefined) return capSeconds(Number(maxAge) - age, mostSeconds);
  const expires = headers['expires'];
  if (expires === undefined) return mostSeconds;
  const endsMs = Date.parse(expires);
  // "0" and other texts that are no date mean: over. https://www.rfc-editor.org/rfc/rfc9111#section-5.3
  if (!/:\d\d/.test(expires) || Number.isNaN(endsMs)) return 0;
  return capSeconds((endsMs - now.getTime()) / 1000, mostSeconds);
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
