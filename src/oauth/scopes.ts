import type { ScopeRegistry } from '../scopes/index.js';

/** A scope that an app may request, with the description that the consent page shows. */
export interface ScopeDescription {
  readonly name: string;
  readonly description: string;
}

/** Scopes that say who a person is and give no access: https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims */
const IDENTITY: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'See your user name',
  email: 'See your e-mail address',
  offline_access: 'Stay connected while you are away',
};
export const IDENTITY_SCOPES: readonly string[] = Object.keys(IDENTITY);

/** Returns whether a scope gives access, so that an organization has to be chosen for it. */
export function isPermission(scope: string): boolean {
  return !IDENTITY_SCOPES.includes(scope);
}

/** All scopes that apps may request: identity first, then permissions of the hub and scopes of the host. */
export interface ScopeBook {
  readonly all: readonly ScopeDescription[];
  readonly names: ReadonlySet<string>;
  /** The scopes with their descriptions, in the order of `all`. Unknown names are skipped. */
  describe(names: readonly string[]): readonly ScopeDescription[];
}

export function createScopeBook(registry: Pick<ScopeRegistry, 'all'>): ScopeBook {
  const all = [
    ...Object.entries(IDENTITY).map(([name, description]) => ({ name, description })),
    ...registry.all.map(({ name, description }) => ({ name, description })),
  ];
  return {
    all,
    names: new Set(all.map(({ name }) => name)),
    describe: (names) => all.filter(({ name }) => names.includes(name)),
  };
}
