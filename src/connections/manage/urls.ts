import type { AuthSpec } from '../../contract/index.js';

/** Where a way sends secrets to connect. */
export function secretAddressesOf(way: AuthSpec): readonly string[] {
  if ('tokenUrl' in way) return [way.tokenUrl];
  if (way.kind !== 'oauth1' || !way.consent) return [];
  return [way.consent.requestTokenUrl, way.consent.accessTokenUrl];
}

/** Every address that connecting by a way needs. */
export function addressesOf(way: AuthSpec): readonly string[] {
  const pages = 'authorizeUrl' in way ? [way.authorizeUrl] : [];
  const consent = way.kind === 'oauth1' && way.consent ? [way.consent.authorizeUrl] : [];
  return [...pages, ...consent, ...secretAddressesOf(way)];
}
