import { GRANTS, KEY_SCOPES, PERMISSIONS, type Role, ROLES } from '../contract/index.js';
import { PERMISSION_DESCRIPTIONS } from './descriptions.js';
import type { CheckedScopes, ClassVerb } from './hostScope.js';

/** One scope, as people are shown it. */
interface Scope {
  readonly name: string;
  /** A sentence without its full stop: “Read posts”. */
  readonly description: string;
  /** Whether it is one of the host's and not a permission of the hub. */
  readonly isHosts: boolean;
}

/** What scopes of the host let through to its functions and classes; everything else stays closed. */
export interface HostAccess {
  readonly functions: ReadonlySet<string>;
  readonly classes: ReadonlyMap<string, ReadonlySet<ClassVerb>>;
}

/** What keys and apps can be given, and what it lets them do. */
export interface ScopeRegistry {
  /** Those that may be given, the hub's permissions first. */
  readonly all: readonly Scope[];
  /** Whether a key or an app may be given it. Not so: `members:write`, `apiKeys:write` and `oauthApps:write`, which give access to others. */
  isGrantable(name: string): boolean;
  /** Everything that a role has, scopes of the host among it; the master key, which has no role, has all. */
  readonly grantedTo: (role: Role | undefined) => ReadonlySet<string>;
  hostAccessOf(scopes: Iterable<string>): HostAccess;
  /** What all scopes of the host open together. */
  readonly opens: HostAccess;
}

/** What the hub itself has under names that a host's scopes may not name. */
export interface ReservedNames {
  readonly classes: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

/** Throws when a scope of the host names a class or a function of the hub's: those have permissions. */
export function createScopes(host: CheckedScopes, reserved: ReservedNames): ScopeRegistry {
  const hosts = new Map(Object.entries(host));
  for (const [name, { classes, functions }] of hosts) {
    const clash =
      Object.keys(classes).find((each) => reserved.classes.has(each)) ??
      functions.find((each) => reserved.functions.has(each));
    if (clash !== undefined)
      throw new Error(
        `createIntegrationHub was given wrong options. scopes.${name}: ${clash} is the hub’s own, which its permissions open: take it out.`,
      );
  }
  const all = [
    ...KEY_SCOPES.map((name) => ({
      name,
      description: PERMISSION_DESCRIPTIONS[name],
      isHosts: false,
    })),
    ...[...hosts].map(([name, { description }]) => ({ name, description, isHosts: true })),
  ];
  const grants = new Map([undefined, ...ROLES].map((role) => [role, grantsOf(hosts, role)]));
  const grantable = new Set(all.map(({ name }) => name));
  return {
    all,
    isGrantable: (name) => grantable.has(name),
    grantedTo: (role) => grants.get(role) ?? new Set(),
    hostAccessOf: (scopes) => hostAccessOf(hosts, scopes),
    opens: hostAccessOf(hosts, hosts.keys()),
  };
}

function grantsOf(
  hosts: ReadonlyMap<string, CheckedScopes[string]>,
  role: Role | undefined,
): ReadonlySet<string> {
  const own = [...hosts].filter(([, { roles }]) => role === undefined || roles.includes(role));
  return new Set<string>([
    ...(role === undefined ? PERMISSIONS : GRANTS[role]),
    ...own.map(([name]) => name),
  ]);
}

function hostAccessOf(hosts: ReadonlyMap<string, CheckedScopes[string]>, scopes: Iterable<string>) {
  const functions = new Set<string>();
  const classes = new Map<string, Set<ClassVerb>>();
  for (const name of scopes) {
    const scope = hosts.get(name);
    scope?.functions.forEach((each) => functions.add(each));
    for (const [className, verbs] of Object.entries(scope?.classes ?? {})) {
      const known = classes.get(className) ?? new Set();
      verbs.forEach((verb) => known.add(verb));
      classes.set(className, known);
    }
  }
  return { functions, classes };
}
