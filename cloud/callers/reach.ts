import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { type AppError, type BearerActor, commonErrors } from '../../src/contract/index.js';
import { guardedDatabase, type RowAccess } from '../../src/platform/parse/index.js';
import type { ClassVerb, Reach } from '../../src/scopes/index.js';
import type { Asked } from './asked.js';
import type { ParseAuth, ParseRequest } from './bearer.js';
import type { Door } from './door.js';
import { tellClosed } from './tellClosed.js';

/** Under which name a call is counted: nobody fills the counters with names that are none. */
export function nameOf(asked: Asked, { isFunction, services }: Door): string {
  if (asked.kind === 'function') return isFunction(asked.name) ? asked.name : OTHERS;
  const { className, verbs } = asked;
  return services.scopes.opens.classes.has(className) ? `${className}.${verbs[0] ?? ''}` : OTHERS;
}
const OTHERS = '(others)';

/** What is too long for a class may be a secret that was put where a name belongs. */
function accessNamed({ className, verb }: RowAccess): string {
  return /^\w{1,40}$/.test(className) ? `${className}.${verb}` : OTHERS;
}

/**
 * Opens to a caller what of the host's he asks for and a scope names that he still has, and nothing else: the request is
 * his person's from here on, and each access to a class is looked at where the rows are reached. Throws OutOfScope.
 */
export async function openReach(
  door: Door,
  { req, actor }: { readonly req: ParseRequest; readonly actor: BearerActor },
  asked: readonly Asked[],
): Promise<void> {
  const isHosts = (each: Asked) => each.kind === 'class' || !door.isOwn(each.name);
  const reach = asked.some(isHosts) ? await reachOf(door, actor) : NOTHING;
  req.config.database = guardedDatabase(req.config.database, (access) => {
    if (mayReach(reach, access)) return;
    const error = refusalOf(access);
    void tellClosed(door, { req, actor, name: accessNamed(access), error });
    throw door.parseError(error);
  });
  if (reach === NOTHING) return;
  for (const each of asked.filter(isHosts)) {
    const error = problemOf(reach, each);
    if (!error) continue;
    await tellClosed(door, { req, actor, name: nameOf(each, door), error });
    throw error;
  }
  if (req.auth) await becomePerson(door, req.auth, actor);
}

/**
 * Makes the request one of the person behind the caller, as Parse Server itself does for `userFromJWT`, but for the roles
 * that he has in other organisations: the caller is of one. https://github.com/parse-community/parse-server/pull/6411
 */
async function becomePerson(door: Door, auth: ParseAuth, actor: BearerActor): Promise<void> {
  const { keeperId, organizationId } = actor;
  auth.user = await getPerson(door, actor);
  const elsewhere = await door.services.tenancy.rolesElsewhere(keeperId, organizationId);
  if (elsewhere.size === 0) return;
  const roles = await auth.getUserRoles();
  auth.userRoles = roles.filter((role) => !elsewhere.has(role.slice('role:'.length)));
}

const NOTHING: Reach = { functions: new Set(), classes: new Map() };

/** What the scopes open that the person behind the caller has in this moment. */
async function reachOf({ services }: Door, actor: BearerActor): Promise<Reach> {
  const { tenancy, scopes } = services;
  const { permissions } = await tenancy.membershipOf(actor, actor.organizationId);
  return scopes.reachOf(permissions);
}

async function getPerson({ loadUser }: Door, { keeperId }: BearerActor): Promise<object> {
  const user = await loadUser(keeperId);
  if (!user) throw commonErrors.ApiKeyNotValid();
  return user;
}

function problemOf({ functions, classes }: Reach, asked: Asked): AppError | undefined {
  if (asked.kind === 'function') {
    if (functions.has(asked.name)) return undefined;
    return apiKeyErrors.OutOfScope({ what: `the function ${asked.name}` });
  }
  const { className, verbs } = asked;
  const open = classes.get(className);
  if (verbs.some((verb) => open?.has(verb))) return undefined;
  return refusalOf({ className, verb: verbs[0] ?? 'find' });
}

function mayReach({ classes }: Reach, { className, verb }: RowAccess): boolean {
  return classes.get(className)?.has(verb as ClassVerb) ?? false;
}

function refusalOf({ className, verb }: RowAccess) {
  return apiKeyErrors.OutOfScope({ what: `${verb} of the class ${className}` });
}
