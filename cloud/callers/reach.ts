import { apiKeyErrors } from '../../src/apiKeys/index.js';
import type { BearerActor } from '../../src/contract/index.js';
import { guardedDatabase, type RowAccess } from '../../src/platform/parse/index.js';
import type { ClassVerb, Reach } from '../../src/scopes/index.js';
import type { Asked } from './asked.js';
import type { ParseRequest } from './bearer.js';
import type { Door } from './door.js';

/** Under which name a call is counted: nobody fills the counters with names that are none. */
export function nameOf(asked: Asked, { isFunction, services }: Door): string {
  if (asked.kind === 'function') return isFunction(asked.name) ? asked.name : OTHERS;
  const { className, verbs } = asked;
  return services.scopes.opens.classes.has(className) ? `${className}.${verbs[0] ?? ''}` : OTHERS;
}
const OTHERS = '(others)';

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
  const { reach, person } = await door.standings.of(actor);
  for (const each of hosts) checkAsked(reach, each);
  // A function reaches rows through the SDK, with a configuration of its own.
  if (hosts.some(({ kind }) => kind === 'class')) {
    req.config.database = guardedDatabase(req.config.database, (access) => {
      if (!mayReach(reach, access)) throw door.parseError(refusalOf(access));
    });
  }
  // As Parse Server itself makes somebody of a request: https://github.com/parse-community/parse-server/pull/6411
  if (req.auth) req.auth.user = person();
}

function checkAsked({ functions, classes }: Reach, asked: Asked): void {
  if (asked.kind === 'function') {
    if (!functions.has(asked.name))
      throw apiKeyErrors.OutOfScope({ what: `the function ${asked.name}` });
    return;
  }
  const { className, verbs } = asked;
  const open = classes.get(className);
  if (!verbs.some((verb) => open?.has(verb)))
    throw refusalOf({ className, verb: verbs[0] ?? 'find' });
}

function mayReach({ classes }: Reach, { className, verb }: RowAccess): boolean {
  return classes.get(className)?.has(verb as ClassVerb) ?? false;
}

function refusalOf({ className, verb }: RowAccess) {
  return apiKeyErrors.OutOfScope({ what: `${verb} of the class ${className}` });
}
