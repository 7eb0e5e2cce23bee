import { type ClassSpec, ORGANIZATION_CLASS } from '../../contract/index.js';
import type { Database } from './database.js';

/**
 * The database for a host that has organisations of its own: `organization` fields point to rows of `organizationClass`.
 * MongoDB stores the class within each pointer, and Parse refuses to read one that names another than the schema says.
 */
export function retargeted(database: Database, organizationClass: string): Database {
  if (organizationClass === ORGANIZATION_CLASS) return database;
  const known = new Map<ClassSpec, ClassSpec>();
  const own = <C extends ClassSpec>(cls: C): C => {
    const target = known.get(cls) ?? withTarget(cls, organizationClass);
    known.set(cls, target);
    return target as C;
  };
  return {
    ...database,
    prepare: (classes) => database.prepare(classes.map(own)),
    insertMany: (cls, rows) => database.insertMany(own(cls), rows),
    insertFamily: (family) =>
      database.insertFamily({
        ...family,
        parentClass: own(family.parentClass),
        childClass: own(family.childClass),
      }),
    loadMany: (cls, ids) => database.loadMany(own(cls), ids),
    search: (cls, search) => database.search(own(cls), search),
    loadDue: (cls, requests) => database.loadDue(own(cls), requests),
    nextDue: (cls, keys) => database.nextDue(own(cls), keys),
    settleMany: (settlement) =>
      database.settleMany({
        ...settlement,
        cls: own(settlement.cls),
        logClass: own(settlement.logClass),
      }),
    change: (cls, change) => database.change(own(cls), change),
    deleteBefore: (cls, where) => database.deleteBefore(own(cls), where),
    sleepingLanes: (cls, options) => database.sleepingLanes(own(cls), options),
  };
}

function withTarget(cls: ClassSpec, organizationClass: string): ClassSpec {
  const fields = Object.entries(cls.fields).map(([name, field]) => [
    name,
    field.targetClass === ORGANIZATION_CLASS ? { ...field, targetClass: organizationClass } : field,
  ]);
  return { ...cls, fields: Object.fromEntries(fields) as ClassSpec['fields'] };
}
