import { apiKeyErrors } from '../apiKeys/index.js';
import type { AppError, BearerActor } from '../contract/index.js';
import { guardedDatabase, type RowAccess } from '../platform/parse/index.js';
import type { ClassVerb, HostAccess } from '../scopes/index.js';
import type { ParseAuth, ParseRequest } from './bearer.js';
import type { Standing } from './callerContext.js';
import type { Door } from './gateway.js';
import { tellRefusal } from './recordRefusal.js';
import type { Asked } from './requestedAccess.js';

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
  const hosts = asked.filter((each) => each.kind === 'class' || !door.isOwn(each.name));
  // The hub's own functions reach rows by ways of their own, and the request stays one of nobody.
  if (hosts.length === 0) return;
  const standing = await door.standings.of(actor);
  const { reach } = standing;
  for (const each of hosts) {
    const error = problemOf(reach, each);
    if (error) throw error;
  }
  // A function reaches rows through the SDK, with a configuration of its own.
  if (hosts.some(({ kind }) => kind === 'class')) {
    req.config.database = guardedDatabase(req.config.database, (access) => {
      if (mayReach(reach, access)) return;
      const error = refusalOf(access);
      void tellRefusal(door, req, { error, actor, calls: [accessNamed(access)] });
      throw door.parseError(error);
    });
  }
  if (req.auth) await becomePerson(req.auth, standing);
}

/**
 * Makes the request one of the person behind the caller, as Parse Server itself does for `userFromJWT`, but for the roles
 * that he has in other organizations: the caller is of one. https://github.com/parse-community/parse-server/pull/6411
 */
async function becomePerson(auth: ParseAuth, { person, elsewhere }: Standing): Promise<void> {
  auth.user = person();
  if (elsewhere.size === 0) return;
  const roles = await auth.getUserRoles();
  auth.userRoles = roles.filter((role) => !elsewhere.has(role.slice('role:'.length)));
}

function problemOf({ functions, classes }: HostAccess, asked: Asked): AppError | undefined {
  if (asked.kind === 'function') {
    if (functions.has(asked.name)) return undefined;
    return apiKeyErrors.OutOfScope({ what: `the function ${asked.name}` });
  }
  const { className, verbs } = asked;
  const open = classes.get(className);
  if (verbs.some((verb) => open?.has(verb))) return undefined;
  return refusalOf({ className, verb: verbs[0] ?? 'find' });
}

function mayReach({ classes }: HostAccess, { className, verb }: RowAccess): boolean {
  return classes.get(className)?.has(verb as ClassVerb) ?? false;
}

function refusalOf({ className, verb }: RowAccess) {
  return apiKeyErrors.OutOfScope({ what: `${verb} of the class ${className}` });
}
