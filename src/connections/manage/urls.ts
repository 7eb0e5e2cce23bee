import type { AuthSpec } from '../../contract/index.js';

/** Where a way sends secrets to connect. */
export function secretUrlsOf(authMethod: AuthSpec): readonly string[] {
  if ('tokenUrl' in authMethod) return [authMethod.tokenUrl];
  if (authMethod.kind !== 'oauth1' || !authMethod.consent) return [];
  return [authMethod.consent.requestTokenUrl, authMethod.consent.accessTokenUrl];
}

/** Every address that connecting by a way needs. */
export function urlsOf(authMethod: AuthSpec): readonly string[] {
  const pages = 'authorizeUrl' in authMethod ? [authMethod.authorizeUrl] : [];
  const consent =
    authMethod.kind === 'oauth1' && authMethod.consent ? [authMethod.consent.authorizeUrl] : [];
  return [...pages, ...consent, ...secretUrlsOf(authMethod)];
}
