import { GRANTS, KEY_SCOPES, PERMISSIONS, type Role, ROLES } from '../contract/index.js';
import { PERMISSION_DESCRIPTIONS } from './descriptions.js';
import type { CheckedScopes, ClassVerb } from './hostScope.js';

/** A scope as it is shown to people. */
interface Scope {
  readonly name: string;
  /** A phrase without a full stop: “Read posts”. */
  readonly description: string;
  /** True for a scope of the host, false for a permission of the hub. */
  readonly isHosts: boolean;
}

/** The host’s functions and classes that scopes open. Everything else is closed. */
export interface HostAccess {
  readonly functions: ReadonlySet<string>;
  readonly classes: ReadonlyMap<string, ReadonlySet<ClassVerb>>;
}

interface ClassAccess {
  readonly className: string;
  readonly verbs: readonly ClassVerb[];
}

/** The scopes that keys and apps can be given, and what they open. */
export interface ScopeRegistry {
  /** All scopes that can be given, the hub's permissions first. */
  readonly all: readonly Scope[];
  /** False for unknown names, and for `members:write`, `apiKeys:write` and `oauthApps:write`, which would give access to others. */
  isGrantable(name: string): boolean;
  /** All permissions and scopes of a role. `undefined` is the master key, which has all of them. */
  readonly grantedTo: (role: Role | undefined) => ReadonlySet<string>;
  /** Returns the functions and classes that these scopes open; permissions of the hub open none of the host's. */
  hostAccessOf(scopes: Iterable<string>): HostAccess;
  /** The host’s functions and classes that any scope opens. */
  readonly opens: HostAccess;
  /** Returns the scopes of the host that open a function, or one of the verbs of a class; empty when none does. */
  opening(access: { readonly functionName: string } | ClassAccess): readonly string[];
}

/** The hub's own classes and functions, which scopes of the host may not name. */
export interface ReservedNames {
  readonly classes: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}

/** Throws when a scope of the host names a class or a function of the hub: those are opened by permissions. */
export function createScopes(host: CheckedScopes, reserved: ReservedNames): ScopeRegistry {
  const hosts = new Map(Object.entries(host));
  for (const [name, { classes, functions }] of hosts) {
    const clash =
      Object.keys(classes).find((each) => reserved.classes.has(each)) ??
      functions.find((each) => reserved.functions.has(each));
    if (clash !== undefined)
      throw new Error(
        `The options of createIntegrationHub are not valid. scopes.${name}: ${clash} belongs to the hub, whose permissions open it. Remove it from the scope.`,
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
    opening: (access) =>
      [...hosts]
        .filter(([, { functions, classes }]) => {
          if ('functionName' in access) return functions.includes(access.functionName);
          const { className, verbs } = access;
          const open = Object.hasOwn(classes, className) ? (classes[className] ?? []) : [];
          return verbs.some((verb) => open.includes(verb));
        })
        .map(([name]) => name),
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
