import type { Brand, ClassSpec, NewRow, RowOf } from '../../contract/index.js';
import type { Clock } from '../clock.js';

/** What an engine is opened with. */
export interface EngineOptions {
  readonly clock: Clock;
  /** The class of lanes, as it is stored. */
  readonly lanes: ClassSpec;
}

/** Names a lane: the queue of one thing that must have one holder at a time, such as one webhook. A kind has no colon. */
export interface LaneId {
  readonly kind: string;
  readonly key: string;
}

/** What the holders of a lane hand on to each other; a small JSON object. */
export type LaneState = Readonly<Record<string, unknown>>;

/** Proof that this process holds a lane until `endsAtMs`. Only `hold` makes one. */
export interface Hold extends LaneId {
  readonly token: Brand<string, 'HoldToken'>;
  /** On the process's monotonic clock, counted from before the request was sent: no new work starts near it. */
  readonly endsAtMs: number;
  readonly state: LaneState;
}

export interface LaneWake extends LaneId {
  /** When the lane should be looked at; the database's present time when left out. */
  readonly dueAt?: Date;
}

export interface LaneRelease {
  readonly hold: Hold;
  /**
   * When there is something to do again, as far as the holder knows; left out: nothing is waiting. Taking a lane forgets
   * what it was due for, so the holder finds this out from the lane's rows (`nextDue`).
   */
  readonly nextDueAt?: Date | undefined;
  /** Replaces what is handed on; left out: it stays. */
  readonly state?: LaneState | undefined;
}

export interface DueRequest {
  readonly key: string;
  /** Read on behind this row; left out: from the start. */
  readonly after?: { readonly dueAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/**
 * One row's new values, applied only while the row still has the values `was`; `undefined` there means that the field is
 * empty, and in `set` empties it. `updatedAt` is set besides. Compare scalars and dates only.
 */
export interface RowChange<C extends ClassSpec> {
  readonly id: string;
  readonly was: Partial<RowOf<C>>;
  readonly set: { readonly [K in keyof RowOf<C>]?: RowOf<C>[K] | undefined };
}

/** Rows of which a list of texts holds one, in the order of a field. For lists that an index of the class names. */
export interface Search<C extends ClassSpec> {
  readonly list: keyof C['fields'] & string;
  readonly holds: string;
  readonly equal: Partial<RowOf<C>>;
  readonly ranges: readonly {
    readonly field: keyof RowOf<C> & string;
    readonly above?: number | Date | undefined;
    readonly atLeast?: number | Date | undefined;
    readonly below?: number | Date | undefined;
  }[];
  readonly order: { readonly field: keyof C['fields'] & string; readonly direction: 1 | -1 };
  readonly limit: number;
}

/** Parents with their children, stored so that a crash leaves either nothing or something the sweep completes. */
export interface Family<P extends ClassSpec, C extends ClassSpec> {
  readonly parentClass: P;
  readonly parents: readonly NewRow<P>[];
  readonly childClass: C;
  readonly children: readonly NewRow<C>[];
  /** The pointer field of a child that names its parent. */
  readonly link: keyof C['fields'] & string;
  /**
   * A Date field of the parent, left empty by the caller. An engine that cannot store parents and children in one atomic
   * step sets it with the parent and empties it when the children are stored and their lanes awake; a parent that still
   * has it after a minute is half stored.
   */
  readonly openSince: keyof P['fields'] & string;
  /** Woken in any case: a publisher that tries again after an error wakes what its first try may have left asleep. */
  readonly wake: readonly LaneId[];
}

/**
 * What the hub needs of the database that Parse Server already holds, beyond Parse's own interface: many rows in one
 * statement, lanes, compare-and-set. One conformance suite (spec/platform/database) runs over both engines.
 *
 * All comparisons with the present use the database's time (plus `Clock.offsetMs`), never the process's. Dates are whole
 * milliseconds. Text is stored as it is but for U+0000 and lone surrogates, which become U+FFFD. Errors of the driver pass
 * through; calls that failed may be repeated as they were.
 */
export interface Database {
  readonly engine: 'postgres' | 'mongodb';

  /** The database's time (plus `Clock.offsetMs`), asked for now; aligns the clock, as other calls do every ten seconds. */
  now(): Promise<Date>;

  /**
   * Creates the indexes of these classes that are not there: the unique ones and those of queues, which Parse cannot
   * declare, and ordinary ones where it did not. Their tables must exist. Safe to repeat, and in several processes at once.
   */
  prepare(classes: readonly ClassSpec[]): Promise<void>;

  /**
   * Stores rows that are not there yet. A row whose id or unique fields are taken is left alone.
   * Answers the ids that were stored by this call.
   */
  insertMany<C extends ClassSpec>(cls: C, rows: readonly NewRow<C>[]): Promise<ReadonlySet<string>>;

  /**
   * Stores new parents, then the children of those parents only, then wakes the lanes. Answers the stored parents' ids.
   * On PostgreSQL parents and children are one atomic step. A crash before the wake leaves `sleepingLanes`.
   */
  insertFamily<P extends ClassSpec, C extends ClassSpec>(
    family: Family<P, C>,
  ): Promise<ReadonlySet<string>>;

  /** Rows by id, in no order; absent ones are left out. */
  loadMany<C extends ClassSpec>(cls: C, ids: readonly string[]): Promise<RowOf<C>[]>;

  /** See `Search`: by the index of the list, which Parse's own queries of lists do not use on PostgreSQL. */
  search<C extends ClassSpec>(cls: C, search: Search<C>): Promise<RowOf<C>[]>;

  /** Names of the Parse roles that users are in directly; users without any, or that are no more, are left out. */
  roleNames(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;

  /**
   * Rows of a queue class that are due, per lane in the order of (dueAt, id), which is the database's order of text. One
   * round trip for all requests; each lane in one of them.
   */
  loadDue<C extends ClassSpec>(cls: C, requests: readonly DueRequest[]): Promise<RowOf<C>[]>;

  /** The earliest dueAt of a lane's rows, due or not; lanes without open rows are left out. */
  nextDue(cls: ClassSpec, keys: readonly string[]): Promise<ReadonlyMap<string, Date>>;

  /**
   * Stores `log` rows, then applies the changes, each row in one of them. Answers how many changes were applied: those
   * whose row no longer is as it `was` are not, their log rows stay. Atomic on PostgreSQL.
   */
  settleMany<C extends ClassSpec, L extends ClassSpec>(settlement: {
    readonly cls: C;
    readonly changes: readonly RowChange<C>[];
    readonly logClass: L;
    readonly log: readonly NewRow<L>[];
  }): Promise<number>;

  /** Compare-and-set of one row. Answers whether it was applied: exactly one of many concurrent callers. */
  change<C extends ClassSpec>(cls: C, change: RowChange<C>): Promise<boolean>;

  /** Deletes up to `limit` rows whose date field lies before `before`, and that are not due. Answers how many. */
  deleteBefore(
    cls: ClassSpec,
    where: { readonly field: string; readonly before: Date; readonly limit: number },
  ): Promise<number>;

  /**
   * Makes lanes due, now or at a time; creates those that do not exist. A lane that is due earlier stays so. Store first
   * what a lane is woken for: a lane that is awake already is not written to. A wake for a time after the end of a present
   * hold brings the lane back at that end.
   */
  wake(lanes: readonly LaneWake[]): Promise<void>;

  /**
   * Takes up to `count` lanes of these kinds that are due and free, for `holdMs`. Two callers never get the same lane.
   * A lane whose holder died is free when its hold has run out.
   */
  hold(request: {
    readonly kinds: readonly string[];
    readonly count: number;
    readonly holdMs: number;
  }): Promise<Hold[]>;

  /** Takes one lane if it is free, due or not, creating it if need be; `undefined` when somebody else holds it. */
  holdOne(lane: LaneId, holdMs: number): Promise<Hold | undefined>;

  /**
   * Makes holds last `holdMs` from now. Answers those that are still ours, renewed; the others are lost. One that had run
   * out without anybody taking the lane is still ours.
   */
  prolong(holds: readonly Hold[], holdMs: number): Promise<Hold[]>;

  /** Gives lanes back. A wake during the hold is kept. A hold that was lost meanwhile is left alone. */
  release(releases: readonly LaneRelease[]): Promise<void>;

  /** When the earliest lane of these kinds can be taken (a held one: when its hold runs out); `undefined` when none waits. */
  nextLaneDue(kinds: readonly string[]): Promise<Date | undefined>;

  /** Lanes that have rows due for longer than `overdueMs` and that nobody holds or would look at now: the wake was lost. */
  sleepingLanes(
    cls: ClassSpec,
    options: { readonly overdueMs: number; readonly limit: number },
  ): Promise<LaneId[]>;
}
