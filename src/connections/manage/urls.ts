import type { AuthSpec } from '../../contract/index.js';

/** Returns the addresses to which an auth method sends secrets while connecting. */
export function secretUrlsOf(authMethod: AuthSpec): readonly string[] {
  if ('tokenUrl' in authMethod) return [authMethod.tokenUrl];
  if (authMethod.kind !== 'oauth1' || !authMethod.consent) return [];
  return [authMethod.consent.requestTokenUrl, authMethod.consent.accessTokenUrl];
}

/** Returns every address that connecting by an auth method needs. */
export function urlsOf(authMethod: AuthSpec): readonly string[] {
  const pages = 'authorizeUrl' in authMethod ? [authMethod.authorizeUrl] : [];
  const consent =
    authMethod.kind === 'oauth1' && authMethod.consent ? [authMethod.consent.authorizeUrl] : [];
  return [...pages, ...consent, ...secretUrlsOf(authMethod)];
}
