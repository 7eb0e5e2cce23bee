import type { ClassSpec } from '../../../contract/index.js';
import { type Index, indexesOf } from '../indexes.js';
import { name } from './rows.js';
import { type PostgresSession, sqlStateOf } from './session.js';

/** Errors that two processes may get that create the same index at once; afterwards it exists. */
const EXISTS_BY_NOW = new Set(['42P07', '23505']);

/**
 * Creates the missing indexes. Looks first, because even a create that does nothing waits for every writer of the
 * table.
 */
export async function createPostgresIndexes(
  { run }: PostgresSession,
  classes: readonly ClassSpec[],
): Promise<void> {
  for (const cls of classes) {
    const missing = await missingIndexes({ run }, indexesOf(cls));
    for (const index of missing) {
      try {
        await run(createSql(cls, index), []);
      } catch (error) {
        const raced = EXISTS_BY_NOW.has(sqlStateOf(error));
        if (raced && (await missingIndexes({ run }, [index])).length === 0) continue;
        throw new Error(
          `Index ${index.name} of class ${cls.name} on ${index.fields.join(', ')} could not be created.`,
          { cause: error },
        );
      }
    }
  }
}

async function missingIndexes(
  { run }: Pick<PostgresSession, 'run'>,
  indexes: readonly Index[],
): Promise<readonly Index[]> {
  const rows = await run(
    `select i.relname as "name" from pg_class i join pg_namespace n on n.oid = i.relnamespace
     where n.nspname = current_schema() and i.relname = any($1)`,
    [indexes.map((index) => index.name)],
  );
  const existing = new Set(rows.map((row) => row['name']));
  return indexes.filter((index) => !existing.has(index.name));
}

function createSql(cls: ClassSpec, index: Index): string {
  if (index.kind === 'list') return listSql(cls, index);
  const columns = index.fields.map((field) => name(field === 'id' ? 'objectId' : field));
  const present = index.presentFields.map((field) => `${name(field)} is not null`);
  // Nulls never collide in a unique index, so it needs no condition to exclude them.
  const partial = index.kind === 'present' ? ` where ${present.join(' and ')}` : '';
  const unique = index.kind === 'unique' ? 'unique ' : '';
  return `create ${unique}index if not exists ${name(index.name)} on ${name(cls.name)} (${columns.join(', ')})${partial}`;
}

/**
 * Returns the statement for an index of the list alone:
 * https://www.postgresql.org/docs/current/datatype-json.html#JSON-INDEXING
 */
function listSql(cls: ClassSpec, index: Index): string {
  const list = index.fields.find((field) => cls.fields[field]?.type === 'Array') ?? '';
  return `create index if not exists ${name(index.name)} on ${name(cls.name)} using gin (${name(list)} jsonb_path_ops)`;
}
