import type { z } from 'zod';

import type { Services } from '../src/app/services.js';
import {
  type Actor,
  type AnyFunction,
  AppError,
  type Call,
  commonErrors,
  describeIssue,
  isDeeperThan,
  type Membership,
  notSignedIn,
  permissionDenied,
  type Raisable,
} from '../src/contract/index.js';
import type { CallGate } from '../src/platform/callGate/index.js';

export interface Request {
  /** The parameters as they were received. */
  readonly params: Readonly<Record<string, unknown>>;
  /** `undefined`: the request has no credentials. */
  readonly actor: Actor | undefined;
  readonly requestId: string;
  /** Called with the organization of the caller, before the permission in it is checked. */
  readonly onAdmitted: (organization: Membership) => void;
  readonly gate: CallGate;
}

/** Any function, without its own types. */
interface CheckedFunction {
  readonly result: z.ZodType;
  readonly errors: Raisable;
  readonly handle: (call: Call<unknown, Raisable, Services>) => Promise<unknown>;
}

/**
 * Runs one call of a function: actor → permission → parse → handle → parse. Throws only the errors that the function declares
 * and the common errors; see `isDeclared` for everything else.
 */
export async function callFunction(
  services: Services,
  spec: AnyFunction<Services>,
  request: Request,
): Promise<unknown> {
  const { params: given, actor, onAdmitted, gate } = request;
  if (!actor) throw notSignedIn(spec.access);
  if (actor.kind === 'master' && actor.readOnly && !spec.reads) throw commonErrors.ReadOnlyCaller();
  if (spec.access.kind === 'master' && actor.kind !== 'master')
    throw commonErrors.MasterKeyRequired();
  if (spec.access.kind === 'user' && actor.kind !== 'user' && actor.kind !== 'master')
    throw commonErrors.PersonRequired();
  const admit = () => organizationOf(services, spec, { given, actor, onAdmitted });
  // The operator must get through whatever the others do.
  if (actor.kind === 'master')
    return gate.pass(async () =>
      runHandler(services, spec, { ...request, actor, organization: await admit() }),
    );
  const caller = callerKey(actor);
  const organization = await (spec.access.kind === 'permission'
    ? gate.lookUp(caller, admit)
    : admit());
  const account = { caller, organizationId: organization?.organizationId };
  return gate.run(spec.cost ?? 'ordinary', account, () =>
    runHandler(services, spec, { ...request, actor, organization }),
  );
}

/** Returns the name under which the calls of a caller are counted. */
function callerKey(actor: Exclude<Actor, { kind: 'master' }>): string {
  if (actor.kind === 'user') return `user:${actor.userId}`;
  return actor.kind === 'apiKey' ? `key:${actor.apiKeyId}` : `app:${actor.appId}:${actor.ownerId}`;
}

/** A request whose caller may call the function. */
interface AdmittedRequest extends Request {
  readonly actor: Actor;
  readonly organization: Membership | undefined;
}

async function runHandler(
  services: Services,
  spec: AnyFunction<Services>,
  { params: given, requestId, actor, organization }: AdmittedRequest,
): Promise<unknown> {
  const { handle, errors, result: shape } = spec as CheckedFunction;
  const result = await handle({
    params: parseParams(spec, given),
    services,
    actor,
    fail: errors,
    requestId,
    get organization() {
      if (!organization)
        throw new Error(`${spec.name} uses the organization, but its access has none.`);
      return organization;
    },
  });
  return shape.parse(result);
}

/** Checks the permission before the parameters, so that outsiders learn nothing from parameter errors. */
async function organizationOf(
  services: Services,
  spec: AnyFunction<Services>,
  {
    given,
    actor,
    onAdmitted,
  }: Pick<Request, 'onAdmitted'> & {
    given: Readonly<Record<string, unknown>>;
    actor: Actor;
  },
): Promise<Membership | undefined> {
  const { access } = spec;
  if (access.kind === 'user' || (access.kind === 'master' && !access.inOrganization))
    return undefined;
  const id = given['organizationId'];
  if (id !== undefined && (typeof id !== 'string' || id.includes('\0'))) {
    throw commonErrors.InvalidParameters({
      problems: 'organizationId: pass the id of an organization as a string.',
    });
  }
  const membership = await services.tenancy.membershipOf(actor, id);
  onAdmitted(membership);
  if (access.kind === 'permission' && !membership.permissions.has(access.permission))
    throw permissionDenied(actor, access.permission);
  return membership;
}

/** The maximum nesting depth of parameters, so that recursive code cannot run out of stack. */
const DEPTH_MAX = 600;

function parseParams(
  spec: AnyFunction<Services>,
  given: Readonly<Record<string, unknown>>,
): unknown {
  const deep = Object.keys(given).find((name) => isDeeperThan(given[name], DEPTH_MAX));
  if (deep !== undefined) {
    const problems = `${deep}: must not nest deeper than ${String(DEPTH_MAX)} levels.`;
    throw commonErrors.InvalidParameters({ problems });
  }
  const parsed = (spec.params as z.ZodObject).safeParse(given);
  if (parsed.success) return withoutNul(given, parsed.data);
  throw commonErrors.InvalidParameters({ problems: parsed.error.issues.map(sentenceOf).join(' ') });
}

/** Throws when a text contains U+0000, which PostgreSQL cannot store. Inside JSON it is stored as an escape. */
function withoutNul(given: Readonly<Record<string, unknown>>, parsed: unknown): unknown {
  const name = Object.keys(given).find((key) => {
    const value = given[key];
    return typeof value === 'string' && value.includes('\0');
  });
  if (name === undefined) return parsed;
  throw commonErrors.InvalidParameters({
    problems: `${name}: must not contain the character U+0000.`,
  });
}

/** Returns an issue as a sentence that names the parameter. */
function sentenceOf(issue: z.core.$ZodIssue): string {
  const text = describeIssue(issue);
  return text.endsWith('.') ? text : `${text}.`;
}

/** Whether a caller may see this error of this function; everything else becomes `Internal`. */
export function isDeclared(spec: AnyFunction<Services>, error: unknown): error is AppError {
  if (!(error instanceof AppError)) return false;
  const declared = { ...commonErrors, ...(spec.errors as Record<string, { spec: unknown }>) };
  return Object.values(declared).some((raise) => raise.spec === error.spec);
}
