import type { OAuthAppRow } from '../store.js';

/** When redirect URIs were added, as ISO 8601. Those that an app had from the start are absent. */
export type RedirectTimes = Readonly<Record<string, string>>;

type RedirectRow = Pick<OAuthAppRow, 'redirectUris' | 'grants' | 'redirectsAddedAt'>;

export function readRedirectTimes(row: Pick<OAuthAppRow, 'redirectsAddedAt'>): RedirectTimes {
  return JSON.parse(row.redirectsAddedAt ?? '{}') as RedirectTimes;
}

/** Returns the field `redirectsAddedAt` after a change. With the grant authorizationCode, all are new: before, none was used. */
export function redirectsAfter(row: RedirectRow, change: object, now: Date) {
  const after: RedirectRow = { ...row, ...change };
  const had = (one: RedirectRow) => one.grants.includes('authorizationCode');
  const isFirst = !had(row) && had(after);
  const times = readRedirectTimes(row);
  const entries = after.redirectUris.flatMap((uri) => {
    const isKept = row.redirectUris.includes(uri) && !isFirst;
    const at = isKept ? times[uri] : now.toISOString();
    return at === undefined ? [] : [[uri, at] as const];
  });
  return { redirectsAddedAt: JSON.stringify(Object.fromEntries(entries)) };
}

/**
 * Returns whether a user has consented to an app since it has this redirect URI. Otherwise they are asked again: what they
 * approved is not sent to an address that was added later.
 */
export function isCovered(
  grant: { readonly createdAt: Date },
  redirectUri: unknown,
  times: RedirectTimes,
): boolean {
  const addedAt = typeof redirectUri === 'string' ? times[redirectUri] : undefined;
  return addedAt === undefined || grant.createdAt > new Date(addedAt);
}
