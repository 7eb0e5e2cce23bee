import type { errors as LibraryErrors, KoaContextWithOIDC } from 'oidc-provider';

import { hubOf } from '../apps/client.js';
import type { ScopeBook } from '../scopes.js';

/**
 * Completes or refuses the scopes of a request, before any page is shown. A request that names none gets those of the app, as
 * https://www.rfc-editor.org/rfc/rfc6749#section-3.3 allows. The library ignores scopes that do not exist; here they are an
 * error, because a page with them could not be approved. Throws invalid_scope.
 */
export function settleRequestedScopes(
  { scopes, errors }: { readonly scopes: ScopeBook; readonly errors: typeof LibraryErrors },
  { oidc: { client, params } }: KoaContextWithOIDC,
): void {
  if (!client || !params) return;
  const { scope: given } = params;
  const requested = typeof given === 'string' ? given.split(' ').filter(Boolean) : [];
  if (requested.length === 0) {
    const { defaultScopes } = hubOf(client);
    if (defaultScopes.length === 0) throw new errors.InvalidScope('Name at least one scope.', '');
    params['scope'] = defaultScopes.join(' ');
    return;
  }
  const unknown = requested.filter((scope) => !scopes.names.has(scope));
  if (unknown.length > 0) {
    const list = unknown.join(' ');
    throw new errors.InvalidScope(`These scopes do not exist: ${list}. ${SEE}`, list);
  }
}

const SEE = 'scopes_supported in the discovery document lists all scopes.';
