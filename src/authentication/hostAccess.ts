import { apiKeyErrors } from '../apiKeys/index.js';
import type { AppError, BearerActor } from '../contract/index.js';
import { guardedDatabase, type RowAccess } from '../platform/parse/index.js';
import type { ClassVerb, HostAccess } from '../scopes/index.js';
import type { CallerContext } from './callerContext.js';
import type { Gateway, ParseAuth, ParseRequest } from './gateway.js';
import { recordRefusal } from './refusal.js';
import type { Requested } from './requestedAccess.js';

/** Returns the name under which a call is counted. Names that do not exist share one, so that they cannot fill the counters. */
export function usageName(requested: Requested, { isFunction, services }: Gateway): string {
  if (requested.kind === 'function') return isFunction(requested.name) ? requested.name : OTHERS;
  const { className, verbs } = requested;
  return services.scopes.opens.classes.has(className) ? `${className}.${verbs[0] ?? ''}` : OTHERS;
}
const OTHERS = '(others)';

/** A name that is too long for a class may be a secret in the wrong position, and is not recorded. */
function accessNamed({ className, verb }: RowAccess): string {
  return /^\w{1,40}$/.test(className) ? `${className}.${verb}` : OTHERS;
}

/**
 * Opens to a caller the functions and classes of the host that they request and that a scope of theirs names. From here on
 * the request acts as their user, and each access to a class is checked where rows are read or written. Throws OutOfScope.
 */
export async function openHostAccess(
  gateway: Gateway,
  { req, actor }: { readonly req: ParseRequest; readonly actor: BearerActor },
  requested: readonly Requested[],
): Promise<void> {
  const ofHost = requested.filter((each) => each.kind === 'class' || !gateway.isOwn(each.name));
  // The hub's own functions read rows past Parse Server's checks and need no user in the request.
  if (ofHost.length === 0) return;
  const context = await gateway.callerContexts.of(actor);
  for (const each of ofHost) {
    const error = problemOf(gateway, context.hostAccess, each);
    if (error) throw error;
  }
  // A function reads rows through the SDK, with a configuration of its own.
  if (ofHost.some(({ kind }) => kind === 'class')) {
    req.config.database = guardedDatabase(req.config.database, (access) => {
      if (isOpenTo(context.hostAccess, access)) return;
      const error = refusalOf(access);
      void recordRefusal(gateway, req, { error, actor, calls: [accessNamed(access)] });
      throw gateway.parseError(error);
    });
  }
  if (req.auth) await actAsUser(req.auth, context);
}

/**
 * Makes the request one of the caller's user, as Parse Server itself does for `userFromJWT`, without the roles that the
 * user has in other organizations. https://github.com/parse-community/parse-server/pull/6411
 */
async function actAsUser(auth: ParseAuth, { user, rolesElsewhere }: CallerContext): Promise<void> {
  auth.user = user();
  if (rolesElsewhere.size === 0) return;
  const roles = await auth.getUserRoles();
  auth.userRoles = roles.filter((role) => !rolesElsewhere.has(role.slice('role:'.length)));
}

function problemOf(
  { services: { scopes } }: Gateway,
  { functions, classes }: HostAccess,
  requested: Requested,
): AppError | undefined {
  if (requested.kind === 'function') {
    const { name } = requested;
    if (functions.has(name)) return undefined;
    const detail = { scopes: scopes.opening({ functionName: name }) };
    return apiKeyErrors.OutOfScope({ what: `the function ${name}` }, { detail });
  }
  const { className, verbs } = requested;
  const open = classes.get(className);
  if (verbs.some((verb) => open?.has(verb))) return undefined;
  return refusalOf({ className, verb: verbs[0] ?? 'find' }, scopes.opening({ className, verbs }));
}

function isOpenTo({ classes }: HostAccess, { className, verb }: RowAccess): boolean {
  return classes.get(className)?.has(verb as ClassVerb) ?? false;
}

function refusalOf({ className, verb }: RowAccess, scopes: readonly string[] = []) {
  const what = `${verb} of the class ${className}`;
  return apiKeyErrors.OutOfScope({ what }, { detail: { scopes } });
}
