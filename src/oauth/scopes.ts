import type { ScopeRegistry } from '../scopes/index.js';

/** One thing that an app may ask for, in the words that people are asked with. */
export interface ScopeDescription {
  readonly name: string;
  readonly description: string;
}

/** Who somebody is, and nothing of what he may do: https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims */
const IDENTITY: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'See your user name',
  email: 'See your e-mail address',
  offline_access: 'Stay connected while you are away',
};
export const IDENTITY_SCOPES: readonly string[] = Object.keys(IDENTITY);

/** Whether it lets an app do something, so that an organization has to be chosen for it. */
export function isPermission(scope: string): boolean {
  return !IDENTITY_SCOPES.includes(scope);
}

/** Everything that apps may ask for: who somebody is, then permissions of the hub and scopes of the host’s. */
export interface ScopeBook {
  readonly all: readonly ScopeDescription[];
  readonly names: ReadonlySet<string>;
  /** In words, in the order of the list; those that are unknown are left out. */
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
