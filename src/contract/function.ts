import { z } from 'zod';

import type { Actor, Membership } from './actor.js';
import type { Raisable } from './errors.js';
import type { Permission } from './permission.js';

/**
 * Who may call. `permission`: a member of the organization named by `organizationId` whose role grants it, or the
 * master key. `user`: any signed-in user, or the master key; the function itself decides the rest. `master`: the master
 * key; with `inOrganization`, for the organization named by `organizationId`.
 */
export type Access =
  | { readonly kind: 'permission'; readonly permission: Permission }
  | { readonly kind: 'user' }
  | { readonly kind: 'master'; readonly inOrganization?: true };

/**
 * What keeps a call busy. `ordinary`: some statements. `costly`: seconds of this process or of the database, so that few
 * run at once. `outgoing`: another service, for which many can wait at once.
 */
export type FunctionCost = 'ordinary' | 'costly' | 'outgoing';

export interface FunctionSpec<
  Name extends string,
  Params extends z.ZodObject,
  Result extends z.ZodType,
  Errors extends Raisable,
  Services,
> {
  /** Flat camelCase. Parse treats a dot as a path and silently drops the registration. */
  readonly name: Name;
  readonly summary: string;
  readonly access: Access;
  /** Whether it changes nothing: such a function may be called with the read-only master key. */
  readonly reads?: boolean;
  /** Which limits of calls in flight it counts against; see the option `gate`. Omitted: `ordinary`. */
  readonly cost?: FunctionCost;
  /**
   * How its audit entries differ. Omitted: one entry for every call that changes something, and one for every refusal.
   * `refusals`: no entries for calls that were not refused, because something else records each of them; name it in a
   * comment. `organizationOf`: the organization whose audit log the call belongs in, where only the result shows it.
   */
  readonly audit?: 'refusals' | { organizationOf(result: z.output<Result>): string | undefined };
  readonly params: Params;
  readonly result: Result;
  readonly errors: Errors;
  readonly example: { readonly params: z.input<Params>; readonly result: z.input<Result> };
  handle(call: Call<z.output<Params>, Errors, Services>): Promise<z.input<Result>>;
}

export interface Call<Params, Errors, Services> {
  readonly params: Params;
  readonly services: Services;
  readonly actor: Actor;
  /** The organization of a function with `access.kind: 'permission'` or `inOrganization`; throws in any other function. */
  readonly organization: Membership;
  /** The declared errors only. */
  readonly fail: Errors;
  readonly requestId: string;
}

/** Binds the services type once; see cloud/define.ts. */
export function functionsFor<Services>() {
  return function defineFunction<
    const Name extends string,
    Params extends z.ZodObject,
    Result extends z.ZodType,
    const Errors extends Raisable,
  >(
    spec: FunctionSpec<Name, Params, Result, Errors, Services>,
  ): FunctionSpec<Name, Params, Result, Errors, Services> {
    if (!/^[a-z][A-Za-z0-9]*$/.test(spec.name)) {
      throw new Error(
        `Function name ${spec.name}: use flat camelCase, Parse treats a dot as a path.`,
      );
    }
    return spec;
  };
}

/* eslint-disable @typescript-eslint/no-explicit-any -- a heterogeneous list of functions: each one is typed where it is declared */
export type AnyFunction<Services = any> = FunctionSpec<string, any, any, any, Services>;
/* eslint-enable @typescript-eslint/no-explicit-any */

export type ParamsOf<F extends AnyFunction> = z.input<F['params']>;
export type ResultOf<F extends AnyFunction> = z.output<F['result']>;
export type ErrorsOf<F extends AnyFunction> = keyof F['errors'];

/** The parameters may be omitted where each of them is optional. */
type Arguments<F extends AnyFunction> =
  Record<string, never> extends ParamsOf<F> ? [params?: ParamsOf<F>] : [params: ParamsOf<F>];

/** The complete interface of the typed client: one method per function. */
export type ClientOf<Manifest extends readonly AnyFunction[]> = {
  readonly [F in Manifest[number] as F['name']]: (...args: Arguments<F>) => Promise<ResultOf<F>>;
};

/** The parameter that each function of an organization takes. */
export const organizationId = z
  .string()
  .min(1)
  .max(64)
  .optional()
  .describe(
    'The organization to act in. Omitted: the one chosen with setDefaultOrganization, else the only one that the caller has created or accepted.',
  );
