import type { ClassSpec } from '../../contract/index.js';
import { type Column, getColumn } from './columns.js';
import { type Index, indexesOf } from './indexes.js';
import { keyOf } from './mongodbRows.js';
import type { MongodbSession } from './mongodbSession.js';
import { ROLE_USERS } from './roleMembers.js';

/** Creates the indexes that are not there; an equal one is left as it is. */
export async function createMongodbIndexes(
  { collection }: MongodbSession,
  classes: readonly ClassSpec[],
): Promise<void> {
  // Parse asks this collection by user in every request with a session, and has no index for it.
  await collection(ROLE_USERS).createIndex({ relatedId: 1 }, { name: 'hub_byUser' });
  for (const cls of classes) {
    for (const index of indexesOf(cls)) {
      const keys = index.fields.map((field) => [keyOfField(cls, field), 1 as const] as const);
      try {
        await collection(cls.name).createIndex(new Map(keys), {
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

const BSON_TYPES: Readonly<Record<Column['type'], string>> = {
  String: 'string',
  Pointer: 'string',
  Number: 'number',
  Boolean: 'bool',
  Date: 'date',
  Object: 'object',
  Array: 'array',
};

/** By type, not by existence: a field that Parse has emptied with null exists, yet must not collide with another. */
function presentIn(cls: ClassSpec, { presentFields }: Index): Record<string, unknown> {
  const conditions = presentFields.map((field) => {
    const column = getColumn(cls, field);
    return [keyOf(column), { $type: BSON_TYPES[column.type] }];
  });
  return Object.fromEntries(conditions) as Record<string, unknown>;
}

function keyOfField(cls: ClassSpec, field: string): string {
  return field === 'id' ? '_id' : keyOf(getColumn(cls, field));
}
