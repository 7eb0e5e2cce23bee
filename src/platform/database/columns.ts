import type { ClassSpec, Field } from '../../contract/index.js';

/** A column of a class, by its name in Parse; the same on both engines. */
export interface Column {
  readonly name: string;
  readonly type: Field<unknown>['type'];
  readonly targetClass?: string | undefined;
}

const BASE: readonly Column[] = [
  { name: 'createdAt', type: 'Date' },
  { name: 'updatedAt', type: 'Date' },
];

/** Returns the declared columns of a class and Parse's own dates, without its id and ACL. */
export function columnsOf(cls: ClassSpec): readonly Column[] {
  const declared = Object.entries(cls.fields).map(([name, { type, targetClass }]) => ({
    name,
    type,
    targetClass,
  }));
  return [...declared, ...BASE];
}

/** Throws a programming error when the class has no such column: column names never come from a caller. */
export function getColumn(cls: ClassSpec, name: string): Column {
  const field = Object.hasOwn(cls.fields, name) ? cls.fields[name] : undefined;
  const column = field
    ? { name, type: field.type, targetClass: field.targetClass }
    : BASE.find((base) => base.name === name);
  if (!column) throw new Error(`Class ${cls.name} has no field ${name}.`);
  return column;
}

/** Returns how the rows of a queue class belong to lanes. Throws a programming error for any other class. */
export function queueOf(cls: ClassSpec): {
  readonly kind: string;
  readonly lane: Column;
  readonly dueAt: Column;
} {
  if (!cls.queue) throw new Error(`Class ${cls.name} is not a queue class.`);
  const { kind, lane, dueAt } = cls.queue;
  return { kind, lane: getColumn(cls, lane), dueAt: getColumn(cls, dueAt) };
}
