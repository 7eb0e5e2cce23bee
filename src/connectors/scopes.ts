import type { AnyAction, ConnectorSpec } from '../contract/index.js';

/** The scopes that an action needs and a token was not granted. */
export interface ScopesMissing {
  /** For users: `chat:write and files:read or files:write`. */
  readonly description: string;
  /** Whether the service will certainly refuse the action; otherwise a granted scope may include it. */
  readonly isCertain: boolean;
}

/**
 * Returns the scopes of an action that were not granted; `undefined` when none is missing or the granted scopes are unknown. An
 * empty list counts as unknown: tokens of GitHub Apps have one and still have permissions.
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
  // A granted scope that the connector does not declare may include the missing one.
  const isKnown = granted.every((each) => known.some((scope) => isSameScope(each, scope)));
  return {
    description: missing.map((any) => any.join(' or ')).join(' and '),
    isCertain: scopesDecide && isKnown,
  };
}

/**
 * Returns whether two names mean the same scope. Microsoft names a scope with or without its resource's URL:
 * https://learn.microsoft.com/entra/identity-platform/scopes-oidc
 */
function isSameScope(granted: string, scope: string): boolean {
  const [one, other] = [granted.toLowerCase(), scope.toLowerCase()];
  return (
    one === other || (!other.includes('://') && one.includes('://') && one.endsWith(`/${other}`))
  );
}
