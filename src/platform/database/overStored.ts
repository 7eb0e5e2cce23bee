import type { StoredClasses } from '../storedClasses.js';
import type { Database } from './database.js';

/**
 * Wraps a database that takes stored classes so that it takes declared ones. MongoDB stores the class within each
 * pointer, and Parse refuses to read a pointer whose class differs from the schema.
 */
export function overStored(database: Database, { stored: own }: StoredClasses): Database {
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
    changeAll: (cls, change) => database.changeAll(own(cls), change),
    deleteBefore: (cls, where) => database.deleteBefore(own(cls), where),
    sleepingLanes: (cls, options) => database.sleepingLanes(own(cls), options),
  };
}
