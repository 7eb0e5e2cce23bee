import { StartRefused } from '../../contract/index.js';
import { canonicalJsonOf } from '../crypto/index.js';
import { adviceOnTaken, type ClassNaming } from '../storedClasses.js';
import type { SchemaDefinition } from './definitions.js';
import type { ParseServerConfig } from './sdk.js';

type Fields = Readonly<Record<string, { readonly type: string }>>;

interface StoredClass {
  readonly className: string;
  readonly fields: Fields;
  readonly classLevelPermissions?: unknown;
}

/** The part of parse-server's SchemaController that is used; `schema.definitions` would change classes of the host. */
interface SchemaController {
  getAllClasses(options?: { clearCache: boolean }): Promise<readonly StoredClass[]>;
  addClassIfNotExists(
    className: string,
    fields: Fields,
    permissions: unknown,
    indexes: unknown,
  ): Promise<unknown>;
  updateClass(
    className: string,
    fields: Fields,
    permissions: unknown,
    indexes: unknown,
    database: unknown,
  ): Promise<unknown>;
}

/** Records which classes the hub created, so that a host's class of the same name is never taken for the hub's. */
export interface InstalledClasses {
  /** Returns `undefined` on a database without the hub. */
  load(): Promise<readonly string[] | undefined>;
  record(classNames: readonly string[]): Promise<void>;
}

/**
 * Creates the hub's classes, or updates them, without touching any other class. Parse Server's own option `schema`
 * removes `addField` from every class of the host and drops indexes that it does not know.
 *
 * `first` is the class that `installed` is stored in. Safe to run in several processes at once. Throws when the host
 * has a class of the same name.
 */
export async function installClasses(
  { database }: ParseServerConfig,
  {
    first,
    others,
    installed,
    naming,
  }: {
    readonly first: SchemaDefinition;
    readonly others: readonly SchemaDefinition[];
    readonly installed: InstalledClasses;
    readonly naming: ClassNaming;
  },
): Promise<void> {
  const schema = (await database.loadSchema()) as unknown as SchemaController;
  // Read before the record: a process that created a class had recorded it before.
  const before = await storedClasses(schema);
  const recordClass = before.get(first.className);
  // Nothing is created before it is clear that the hub may: a refused start leaves the database unchanged.
  const isTaken = recordClass !== undefined && !isLike(recordClass, first);
  const ours = new Set(recordClass && !isTaken ? await installed.load() : []);
  const isTheirs = ({ className }: SchemaDefinition) =>
    before.has(className) && !ours.has(className);
  const taken = isTaken ? first : others.find(isTheirs);
  if (taken) {
    throw new StartRefused(
      `The hub needs the class ${taken.className}, and this application has one of that name already. ${adviceOnTaken(taken.className, naming)}`,
    );
  }
  await installClass(schema, database, { definition: first, stored: recordClass });
  await installed.record([...new Set([...ours, ...others.map(({ className }) => className)])]);
  for (const definition of others) {
    await installClass(schema, database, { definition, stored: before.get(definition.className) });
  }
}

/**
 * Returns whether a stored class is the class that holds the record, which is not in the record itself: it is
 * recognized by the fields that every version of it has required.
 */
function isLike(stored: StoredClass, { fields }: SchemaDefinition): boolean {
  const required = Object.entries(fields).filter(([, field]) => field.required);
  return required.some(([name, { type }]) => stored.fields[name]?.type === type);
}

async function installClass(
  schema: SchemaController,
  database: ParseServerConfig['database'],
  { definition, stored }: { definition: SchemaDefinition; stored: StoredClass | undefined },
): Promise<void> {
  const { className, fields, classLevelPermissions: permissions, indexes } = definition;
  if (!stored) {
    try {
      await schema.addClassIfNotExists(className, fields, permissions, indexes);
      return;
    } catch (error) {
      // Another process just created it: either it is up to date, or the update below makes it so.
      if (!(await storedClasses(schema)).has(className)) throw error;
    }
  }
  const current = (await storedClasses(schema)).get(className);
  const missing = Object.fromEntries(
    Object.entries(fields).filter(([name]) => current?.fields[name] === undefined),
  );
  const arePermissionsKept = sameJson(current?.classLevelPermissions, permissions);
  if (Object.keys(missing).length === 0 && arePermissionsKept) return;
  await schema.updateClass(className, missing, permissions, {}, database);
}

async function storedClasses(schema: SchemaController): Promise<Map<string, StoredClass>> {
  const classes = await schema.getAllClasses({ clearCache: true });
  return new Map(classes.map((stored) => [stored.className, stored]));
}

/** Returns whether two JSON values are equal, whatever the order of their keys. */
function sameJson(stored: unknown, wanted: unknown): boolean {
  return canonicalJsonOf(stored) === canonicalJsonOf(wanted);
}
