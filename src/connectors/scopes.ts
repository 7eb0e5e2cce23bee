import type { AnyAction, ConnectorSpec } from '../contract/index.js';

/** What an action needs and a token was not granted. */
export interface ScopesMissing {
  /** In words: `chat:write and files:read or files:write`. */
  readonly description: string;
  /** Whether the service would refuse the action for sure; otherwise what was granted may imply it. */
  readonly isCertain: boolean;
}

/**
 * The scopes of an action that are not among those granted; `undefined` when none is missing, or nobody knows what was
 * granted: an empty list says nothing, as tokens of GitHub Apps have one and may do a lot.
 */
export function missingScopes(
  { auth, scopesDecide = false }: Pick<ConnectorSpec, 'auth' | 'scopesDecide'>,
  { scopes = [] }: Pick<AnyAction, 'scopes'>,
  granted: readonly string[] | undefined,
): ScopesMissing | undefined {
  if (granted === undefined || granted.length === 0) return undefined;
  const has = (scope: string) => granted.some((each) => isSameScope(each, scope));
  const missing = scopes.map((any) => [any].flat()).filter((any) => !any.some(has));
  if (missing.length === 0) return undefined;
  const known = Object.values(auth).flatMap((authMethod) =>
    'scopes' in authMethod ? Object.keys(authMethod.scopes) : [],
  );
  // One that the connector does not know may include what is needed.
  const isKnown = granted.every((each) => known.some((scope) => isSameScope(each, scope)));
  return {
    description: missing.map((any) => any.join(' or ')).join(' and '),
    isCertain: scopesDecide && isKnown,
  };
}

/** Microsoft names a scope with or without the address of whose it is: https://learn.microsoft.com/entra/identity-platform/scopes-oidc */
function isSameScope(granted: string, scope: string): boolean {
  const [one, other] = [granted.toLowerCase(), scope.toLowerCase()];
  return (
    one === other || (!other.includes('://') && one.includes('://') && one.endsWith(`/${other}`))
  );
}
