import type { ClassSpec, Field } from '../../contract/index.js';
import { indexesOf } from '../database/index.js';
import { type ClassNaming, storedClasses } from '../storedClasses.js';

/** One class in the form of parse-server's option `schema.definitions`. */
export interface SchemaDefinition {
  readonly className: string;
  readonly fields: Readonly<Record<string, FieldDefinition>>;
  readonly indexes: Readonly<Record<string, Readonly<Record<string, 1>>>>;
  readonly classLevelPermissions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface FieldDefinition {
  readonly type: Field<unknown>['type'];
  readonly targetClass?: string;
  readonly required?: true;
}

/** The hub's organization class is omitted where the host has its own. */
export interface DefinitionOptions extends ClassNaming {
  readonly engine: 'postgres' | 'mongodb';
}

/**
 * Returns the hub's classes in the form of parse-server's option `schema.definitions`. `installClasses` creates them;
 * in a host's own option they would need `keepUnknownIndexes: true` beside them, or Parse Server drops the indexes of
 * `Database.prepare`.
 */
export function schemaDefinitions(
  classes: readonly ClassSpec[],
  options: DefinitionOptions,
): SchemaDefinition[] {
  const { isMade, stored } = storedClasses(options);
  const own = classes.filter(isMade).map(stored);
  return own.map((cls) => ({
    className: cls.name,
    fields: fieldsOf(cls),
    indexes: declarableIndexes(cls, options),
    classLevelPermissions: permissionsOf(cls),
  }));
}

function fieldsOf(cls: ClassSpec): SchemaDefinition['fields'] {
  const entries = Object.entries(cls.fields).map(([name, field]) => [
    name,
    {
      type: field.type,
      ...(field.targetClass !== undefined && { targetClass: field.targetClass }),
      ...(field.required && { required: true as const }),
    },
  ]);
  return Object.fromEntries(entries) as SchemaDefinition['fields'];
}

/**
 * Returns ordinary indexes as far as Parse can declare them, so that it lists them. It takes the names of a class's
 * fields, which on MongoDB differ from the names in the documents: it knows `_p_` pointers, but refuses `_created_at`.
 */
function declarableIndexes(
  cls: ClassSpec,
  { engine }: DefinitionOptions,
): SchemaDefinition['indexes'] {
  const isDate = (field: string) => field === 'createdAt' || field === 'updatedAt';
  const key = (field: string) =>
    engine === 'mongodb' && cls.fields[field]?.type === 'Pointer' ? `_p_${field}` : field;
  const declarable = indexesOf(cls).filter(
    ({ kind, fields }) => kind === 'ordinary' && !(engine === 'mongodb' && fields.some(isDate)),
  );
  return Object.fromEntries(
    declarable.map((index) => [
      index.name,
      Object.fromEntries(index.fields.map((field) => [key(field), 1 as const])),
    ]),
  );
}

const MASTER_ONLY = {} as const;

/**
 * Returns class-level permissions: unauthenticated callers get nothing, users what each row's ACL lets them read; only
 * the master key writes.
 */
function permissionsOf(cls: ClassSpec): SchemaDefinition['classLevelPermissions'] {
  const read = cls.read === 'acl' ? { requiresAuthentication: true } : MASTER_ONLY;
  return {
    find: read,
    get: read,
    count: read,
    create: MASTER_ONLY,
    update: MASTER_ONLY,
    delete: MASTER_ONLY,
    addField: MASTER_ONLY,
    protectedFields: { '*': [...(cls.hidden ?? [])] },
  };
}
