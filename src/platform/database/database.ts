import type { Brand, ClassSpec, NewRow, RowOf } from '../../contract/index.js';

/** Names a lane: the queue of one thing that must have one holder at a time, such as one webhook. */
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
  /** When there is something to do again, as far as the holder knows; left out: nothing is waiting. */
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

/** One row's new values, applied only while the row still has the values `was`. `undefined` empties a field. */
export interface RowChange<C extends ClassSpec> {
  readonly id: string;
  readonly was: Partial<RowOf<C>>;
  readonly set: { readonly [K in keyof RowOf<C>]?: RowOf<C>[K] | undefined };
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
  readonly wake: readonly LaneId[];
}

/**
 * What the hub needs of the database that Parse Server already holds, beyond Parse's own interface: many rows in one
 * statement, lanes, compare-and-set. One conformance suite (spec/platform/database) runs over both engines.
 *
 * All comparisons with the present use the database's time (plus `Clock.offsetMs`), never the process's.
 */
export interface Database {
  readonly engine: 'postgres' | 'mongodb';

  /** The database's time; aligns the clock. */
  now(): Promise<Date>;

  /** Creates what Parse cannot declare: unique indexes, the partial index of a queue class. Safe to repeat. */
  prepare(classes: readonly ClassSpec[]): Promise<void>;

  /**
   * Stores rows that are not there yet. A row whose id or unique fields are taken is left alone.
   * Answers the ids that were stored by this call.
   */
  insertMany<C extends ClassSpec>(cls: C, rows: readonly NewRow<C>[]): Promise<ReadonlySet<string>>;

  /** Stores new parents, then the children of those parents only, then wakes the lanes. Answers the stored parents' ids. */
  insertFamily<P extends ClassSpec, C extends ClassSpec>(
    family: Family<P, C>,
  ): Promise<ReadonlySet<string>>;

  /** Rows by id, in no order; absent ones are left out. */
  loadMany<C extends ClassSpec>(cls: C, ids: readonly string[]): Promise<RowOf<C>[]>;

  /** Rows of a queue class that are due, per lane in the order of (dueAt, id). One round trip for all requests. */
  loadDue<C extends ClassSpec>(cls: C, requests: readonly DueRequest[]): Promise<RowOf<C>[]>;

  /** The earliest dueAt of a lane's rows, due or not; lanes without open rows are left out. */
  nextDue(cls: ClassSpec, keys: readonly string[]): Promise<ReadonlyMap<string, Date>>;

  /** Stores `log` rows, then applies the changes. Answers how many changes were applied. Atomic on PostgreSQL. */
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

  /** Makes lanes due, now or at a time; creates those that do not exist. A lane that is due earlier stays so. */
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

  /** Makes holds last `holdMs` from now. Answers those that are still ours, renewed; the others are lost. */
  prolong(holds: readonly Hold[], holdMs: number): Promise<Hold[]>;

  /** Gives lanes back. A wake during the hold is kept. A hold that was lost meanwhile is left alone. */
  release(releases: readonly LaneRelease[]): Promise<void>;

  /** When the earliest lane of these kinds falls due; `undefined` when none is waiting. */
  nextLaneDue(kinds: readonly string[]): Promise<Date | undefined>;

  /** Lanes that have rows due for longer than `overdueMs` and that nobody holds or would look at: the wake was lost. */
  sleepingLanes(
    cls: ClassSpec,
    options: { readonly overdueMs: number; readonly limit: number },
  ): Promise<LaneId[]>;
}
