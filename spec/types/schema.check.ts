// Compiled by `npm run types`, never run: each line marked as an error must be one.
import {
  date,
  defineClass,
  type FieldsOf,
  json,
  list,
  number,
  pointer,
  type RowOf,
  text,
} from '../../src/contract/index.js';

export const Tree = defineClass({
  name: 'Tree',
  summary: 'Grows.',
  fields: {
    wood: pointer('Wood')(),
    meters: number(),
    tags: list<string>()(),
    care: json<{ readonly days: number }>().optional(),
    felledAt: date.optional(),
    name: text.optional(),
  },
  indexes: { byWood: ['wood', 'createdAt'] },
  unique: { name: ['wood', 'name'] },
  read: 'acl',
});

// Required fields are present, a pointer is an id, optional fields may be absent.
export const fields: FieldsOf<typeof Tree> = { wood: 'w1', meters: 3, tags: [] };
// @ts-expect-error -- a required field is missing
export const short: FieldsOf<typeof Tree> = { wood: 'w1', meters: 3 };
// @ts-expect-error -- a number is not a string
export const wrong: FieldsOf<typeof Tree> = { wood: 'w1', meters: '3', tags: [] };

export function read(row: RowOf<typeof Tree>): readonly [string, Date, number | undefined] {
  // @ts-expect-error -- no such field
  void row.age;
  // @ts-expect-error -- it may be absent
  const felledAt: Date = row.felledAt;
  return [row.id, felledAt, row.care?.days];
}

defineClass({
  name: 'Bush',
  summary: 'Stays low.',
  fields: { meters: number() },
  // @ts-expect-error -- an index is over fields of the class
  indexes: { byWood: ['wood'] },
  read: 'masterKey',
});
