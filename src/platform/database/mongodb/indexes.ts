import type { CreateIndexesOptions } from 'mongodb';

import type { ClassSpec } from '../../../contract/index.js';
import { type Column, getColumn } from '../columns.js';
import { type Index, indexesOf } from '../indexes.js';
import { ROLE_USERS } from '../roleMembers.js';
import { keyOf } from './rows.js';
import type { MongodbSession } from './session.js';

/** Creates the missing indexes; an index that is equal already is kept. */
export async function createMongodbIndexes(
  { collection }: MongodbSession,
  classes: readonly ClassSpec[],
): Promise<void> {
  // Parse queries this collection by user in every request with a session, and has no index for it.
  await collection(ROLE_USERS).createIndex({ relatedId: 1 }, { name: 'hub_byUser' });
  for (const cls of classes) {
    for (const index of indexesOf(cls)) {
      const keys = index.fields.map((field) => [keyOfField(cls, field), 1 as const] as const);
      try {
        await createIndex(collection(cls.name), new Map(keys), {
          name: index.name,
          ...(index.kind === 'unique' && { unique: true }),
          ...(index.presentFields.length > 0 && { partialFilterExpression: presentIn(cls, index) }),
        });
      } catch (error) {
        throw new Error(
          `Index ${index.name} of class ${cls.name} on ${index.fields.join(', ')} could not be created.`,
          { cause: error },
        );
      }
    }
  }
}

type Collection = ReturnType<MongodbSession['collection']>;
type IndexOptions = CreateIndexesOptions & { readonly name: string };

/** Replaces an index that was declared differently before. */
async function createIndex(
  collection: Collection,
  keys: Map<string, 1>,
  options: IndexOptions,
): Promise<void> {
  try {
    await collection.createIndex(keys, options);
  } catch (error) {
    if (!DECLARED_OTHERWISE.has((error as { readonly code?: unknown }).code)) throw error;
    await collection.dropIndex(options.name);
    await collection.createIndex(keys, options);
  }
}

/** IndexOptionsConflict and IndexKeySpecsConflict: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const DECLARED_OTHERWISE: ReadonlySet<unknown> = new Set([85, 86]);

/** By type, not by existence: a field that Parse emptied with null exists, but must not collide with another. */
const HAS_TYPE: Readonly<Record<Column['type'], object>> = {
  String: { $type: 'string' },
  Pointer: { $type: 'string' },
  Number: { $type: 'number' },
  Boolean: { $type: 'bool' },
  Date: { $type: 'date' },
  Object: { $type: 'object' },
  Array: { $type: 'array' },
};

/**
 * The same for values that are found by equality, written as a range from the lowest value of the type: MongoDB
 * recognizes that a text is greater than the empty one and uses the index, but not that it is of type text.
 */
const IN_RANGE: Readonly<Record<Column['type'], object>> = {
  ...HAS_TYPE,
  String: { $gte: '' },
  Pointer: { $gte: '' },
  Number: { $gte: -Infinity },
  Date: { $gte: new Date(-8.64e15) },
};

function presentIn(cls: ClassSpec, { kind, presentFields }: Index): Record<string, unknown> {
  const conditions = presentFields.map((field) => {
    const column = getColumn(cls, field);
    return [keyOf(column), (kind === 'unique' ? IN_RANGE : HAS_TYPE)[column.type]];
  });
  return Object.fromEntries(conditions) as Record<string, unknown>;
}

function keyOfField(cls: ClassSpec, field: string): string {
  return field === 'id' ? '_id' : keyOf(getColumn(cls, field));
}
