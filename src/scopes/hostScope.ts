import { z } from 'zod';

import { PERMISSIONS, type Role, ROLES } from '../contract/index.js';

/** Operations on rows of a class, named as in class-level permissions of Parse. */
const CLASS_VERBS = ['get', 'find', 'count', 'create', 'update', 'delete'] as const;
export type ClassVerb = (typeof CLASS_VERBS)[number];

/** The form of a scope’s name: `noun:verb`. */
export const SCOPE_NAME = /^[a-z][A-Za-z0-9]{0,39}:[a-z][A-Za-z0-9]{0,39}$/;

/** The maximum number of scopes that a host may have: users read them before they consent. */
export const HOST_SCOPES_MAX = 100;

/** Without Parse’s own classes, which begin with an underscore. */
const CLASS_NAME = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;
/** Names that need no escapes in a path, so that the compared name is the one that runs. */
const FUNCTION_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,127}$/;

const verbs = z.array(z.enum(CLASS_VERBS)).min(1);

const hostScope = z.strictObject({
  description: z.string().trim().min(1).max(200),
  classes: z
    .record(z.string(), verbs)
    .default({})
    .superRefine((classes, context) => {
      const wrong = Object.keys(classes).filter((name) => !CLASS_NAME.test(name));
      for (const name of wrong)
        problem(context, `${name} is not the name of a class that a scope can open`);
    }),
  functions: z
    .array(z.string().regex(FUNCTION_NAME, 'is not the name of a cloud function'))
    .default([]),
  roles: z
    .array(z.enum(ROLES))
    .min(1)
    .default([...ROLES]),
});

/** The host's option `scopes`, checked before anything starts. */
export const hostScopes = z.record(z.string(), hostScope).superRefine((scopes, context) => {
  const names = Object.keys(scopes);
  if (names.length > HOST_SCOPES_MAX)
    problem(context, `there may be at most ${String(HOST_SCOPES_MAX)} scopes`);
  for (const name of names) {
    if (!SCOPE_NAME.test(name)) problem(context, `${name} must be noun:verb, such as posts:read`);
    if (PERMISSIONS.some((permission) => permission === name))
      problem(context, `${name} is a permission of the hub: choose another name`);
  }
});

function problem(context: z.core.$RefinementCtx, message: string): void {
  context.addIssue({ code: 'custom', message });
}

/** A scope of the host, which keys and apps can be given in addition to the hub's permissions. */
export interface HostScope {
  /** Shown to the user who grants it. A phrase without a full stop: “Read posts”. */
  readonly description: string;
  /**
   * Classes of the host that it opens, with the operations. ACLs and class-level permissions are evaluated as the owner
   * of the key or grant.
   */
  readonly classes?: Readonly<Record<string, readonly ClassVerb[]>> | undefined;
  /** Cloud functions of the host that it opens. */
  readonly functions?: readonly string[] | undefined;
  /** Roles of an organization that have this scope. Default all. */
  readonly roles?: readonly Role[] | undefined;
}

/** Scopes of the host, by their names: `posts:read`. */
export type HostScopes = Readonly<Record<string, HostScope>>;
export type CheckedScopes = z.output<typeof hostScopes>;
