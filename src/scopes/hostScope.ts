import { z } from 'zod';

import { PERMISSIONS, type Role, ROLES } from '../contract/index.js';

/** What can be done with the rows of a class, as class-level permissions of Parse name it. */
const CLASS_VERBS = ['get', 'find', 'count', 'create', 'update', 'delete'] as const;
export type ClassVerb = (typeof CLASS_VERBS)[number];

/** What the name of a scope looks like, `noun:verb`. */
export const SCOPE_NAME = /^[a-z][A-Za-z0-9]{0,39}:[a-z][A-Za-z0-9]{0,39}$/;

/** More than this nobody reads before he consents. */
export const HOST_SCOPES_MAX = 100;

/** Parse’s own classes begin with an underscore. */
const CLASS_NAME = /^[A-Za-z][A-Za-z0-9_]{0,127}$/;
/** Names that a path takes as they are: what is compared is what runs. */
const FUNCTION_NAME = /^[A-Za-z][A-Za-z0-9_.-]{0,127}$/;

const verbs = z.array(z.enum(CLASS_VERBS)).min(1);

const hostScope = z.strictObject({
  description: z.string().trim().min(1).max(200),
  classes: z
    .record(z.string(), verbs)
    .default({})
    .superRefine((classes, context) => {
      const wrong = Object.keys(classes).filter((name) => !CLASS_NAME.test(name));
      for (const name of wrong) problem(context, `${name} is no class that can be opened`);
    }),
  functions: z
    .array(z.string().regex(FUNCTION_NAME, 'is not the name of a cloud function'))
    .default([]),
  roles: z
    .array(z.enum(ROLES))
    .min(1)
    .default([...ROLES]),
});

/** The host's option `scopes`, as it is checked before anything starts. */
export const hostScopes = z.record(z.string(), hostScope).superRefine((scopes, context) => {
  const names = Object.keys(scopes);
  if (names.length > HOST_SCOPES_MAX)
    problem(context, `there may be ${String(HOST_SCOPES_MAX)} at the most`);
  for (const name of names) {
    if (!SCOPE_NAME.test(name)) problem(context, `${name} must be noun:verb, such as posts:read`);
    if (PERMISSIONS.some((permission) => permission === name))
      problem(context, `${name} is a permission of the hub: choose another name`);
  }
});

function problem(context: z.core.$RefinementCtx, message: string): void {
  context.addIssue({ code: 'custom', message });
}

/** One scope of a host's own: what a key or an app may be given beyond the hub's permissions. */
export interface HostScope {
  /** For people who decide whether to give it, a sentence without its full stop: “Read posts”. */
  readonly description: string;
  /** Classes of the host's that it opens, and for what; ACL and class-level permissions hold as for the person behind it. */
  readonly classes?: Readonly<Record<string, readonly ClassVerb[]>> | undefined;
  /** Cloud functions of the host's that it opens. */
  readonly functions?: readonly string[] | undefined;
  /** Roles of an organization that have it. Default all. */
  readonly roles?: readonly Role[] | undefined;
}

/** Scopes of a host's own, by their names: `posts:read`. */
export type HostScopes = Readonly<Record<string, HostScope>>;
export type CheckedScopes = z.output<typeof hostScopes>;
