import type { DatabaseController } from './sdk.js';

/** An operation of Parse Server on rows of a class, in the terms of class-level permissions. */
export interface RowAccess {
  readonly className: string;
  readonly verb: string;
}

type Method = (className: string, ...rest: readonly unknown[]) => Promise<unknown>;
type Guarded = DatabaseController & Record<string, Method>;
type ControllerFindOptions = Readonly<Record<string, unknown>> & {
  readonly acl?: readonly string[];
};

/**
 * Rows that Parse Server reads and writes for itself, for every request: the roles of the caller, and whether a request
 * is a repeat.
 */
const PARSES_OWN: readonly RowAccess[] = [
  { className: '_Role', verb: 'find' },
  { className: '_Idempotency', verb: 'create' },
];
/** Only the master key may call these. */
const WHOLE_CLASSES = ['deleteSchema', 'purgeCollection', 'deleteEverything'] as const;

/**
 * Wraps the database of one request in `check`, which throws for what the caller may not do. Everything that Parse
 * Server does for a request goes through its `config.database`: includes, inner queries, owners of relations, redirects
 * to other classes, each part of a batch. Cloud code that uses the SDK has a configuration of its own, which stays
 * unchanged.
 */
export function guardedDatabase(
  database: DatabaseController,
  check: (access: RowAccess) => void,
): DatabaseController {
  // The same object except for the methods below, so that its calls of itself are checked as well.
  const guarded = Object.create(database) as Guarded;
  const original = database as Guarded;

  function guard(method: string, accessOf: (args: readonly unknown[]) => string): void {
    guarded[method] = async (className, ...rest) => {
      const access = { className, verb: accessOf(rest) };
      if (!isParsesOwn(access, rest)) check(access);
      return original[method]?.call(guarded, className, ...rest);
    };
  }

  guard('find', ([query, options]) => verbOf(query, options as ControllerFindOptions | undefined));
  guard('create', () => 'create');
  guard('update', () => 'update');
  guard('destroy', () => 'delete');
  for (const method of WHOLE_CLASSES) guard(method, () => method);
  return guarded;
}

/** Chooses the class-level permission as `DatabaseController.find` does. */
function verbOf(
  query: unknown,
  { op, count, distinct, pipeline }: ControllerFindOptions = {},
): string {
  if (distinct !== undefined || pipeline !== undefined) return 'aggregate';
  if (count === true) return 'count';
  if (typeof op === 'string') return op;
  const { objectId, ...others } = query as Readonly<Record<string, unknown>>;
  return typeof objectId === 'string' && Object.keys(others).length === 0 ? 'get' : 'find';
}

/** Returns whether an operation is Parse Server's own and not the caller's: then it has no ACL group. */
function isParsesOwn({ className, verb }: RowAccess, rest: readonly unknown[]): boolean {
  const isOwn = PARSES_OWN.some((each) => each.className === className && each.verb === verb);
  return isOwn && (rest[1] as ControllerFindOptions | undefined)?.acl === undefined;
}
