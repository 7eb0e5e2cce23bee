import type { ClassSpec, NewRow } from '../../../contract/index.js';
import type { Database, Family } from '../database.js';
import { storableText } from '../storable.js';
import { documentOf } from './rows.js';
import { duplicatesIn, type MongodbSession } from './session.js';

/** See `Database.insertMany`. */
export async function insertMany<C extends ClassSpec>(
  { collection }: MongodbSession,
  cls: C,
  rows: readonly NewRow<C>[],
): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const documents = rows.map((row) => documentOf(cls, row));
  const taken = await collection(cls.name)
    .insertMany(documents, { ordered: false })
    .then(() => new Set<number>(), duplicatesIn);
  return new Set(documents.filter((_, at) => !taken.has(at)).map((document) => document._id));
}

/** Parents are open until the wake, so that half-stored ones after a crash can be distinguished from complete ones. */
export async function insertFamily<P extends ClassSpec, C extends ClassSpec>(
  session: MongodbSession,
  family: Family<P, C>,
  wake: Database['wake'],
): Promise<ReadonlySet<string>> {
  const { parentClass, childClass, link, openSince } = family;
  await session.keepAligned();
  const now = session.clock.now();
  const opened = family.parents.map((parent) => ({ ...parent, [openSince]: now }));
  const stored = await insertMany(session, parentClass, opened);
  const parentOf = (child: NewRow<C>) => storableText(String(child[link as keyof NewRow<C>]));
  const theirs = family.children.filter((child) => stored.has(parentOf(child)));
  await insertMany(session, childClass, theirs);
  await wake(family.wake);
  if (stored.size === 0) return stored;
  const ofThem = { _id: { $in: [...stored] } };
  await session.collection(parentClass.name).updateMany(ofThem, { $unset: { [openSince]: '' } });
  return stored;
}
