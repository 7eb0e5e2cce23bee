import type { Brand, ClassSpec, NewRow, RowOf } from '../../contract/index.js';
import type { Clock } from '../clock.js';

/** The options that an engine is opened with. */
export interface EngineOptions {
  readonly clock: Clock;
  /** The class of lanes, as it is stored. */
  readonly lanes: ClassSpec;
}

/**
 * Identifies a lane: the queue of one thing that must have one holder at a time, such as one webhook. A kind has no
 * colon.
 */
export interface LaneId {
  readonly kind: string;
  readonly key: string;
}

/** State that each holder of a lane passes to the next; a small JSON object. */
export type LaneState = Readonly<Record<string, unknown>>;

/** Proof that this process holds a lane until `endsAtMs`. Only `hold` makes one. */
export interface Hold extends LaneId {
  readonly token: Brand<string, 'HoldToken'>;
  /** On the process's monotonic clock, counted from before the request was sent. No new work starts near it. */
  readonly endsAtMs: number;
  readonly state: LaneState;
}

export interface LaneWake extends LaneId {
  /** When the lane becomes due. Default: the database's current time. */
  readonly dueAt?: Date;
}

export interface LaneRelease {
  readonly hold: Hold;
  /**
   * When the lane is due again, as far as the holder knows. Omitted: nothing is waiting. Taking a lane clears the time
   * it was due, so the holder reads this from the lane's rows (`nextDue`).
   */
  readonly nextDueAt?: Date | undefined;
  /** Replaces the state of the lane. Omitted: the state stays. */
  readonly state?: LaneState | undefined;
}

export interface DueRequest {
  readonly key: string;
  /** Continues after this row. Omitted: starts with the first one. */
  readonly after?: { readonly dueAt: Date; readonly id: string } | undefined;
  readonly limit: number;
}

/**
 * New values of one row, applied only while the row still has the values `was`; there `undefined` means that the field
 * is empty, and in `set` it empties the field. `updatedAt` is set besides. Compare scalars and dates only.
 */
export interface RowChange<C extends ClassSpec> {
  readonly id: string;
  readonly was: Partial<RowOf<C>>;
  readonly set: { readonly [K in keyof RowOf<C>]?: RowOf<C>[K] | undefined };
  /** The Parse roles that may read the row from now on. Omitted: its ACL stays. For `change` only. */
  readonly readers?: readonly string[] | undefined;
}

/** New values and readers of every row whose pointer has this value. */
export interface BulkChange<C extends ClassSpec> {
  readonly field: keyof C['fields'] & string;
  readonly value: string;
  readonly set: RowChange<C>['set'];
  readonly readers: readonly string[];
}

/**
 * Finds rows whose list field contains one of these texts, in the order of a field. For lists that an index of the
 * class names.
 */
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

/**
 * Parents with their children. A crash while they are stored leaves either nothing or something that the sweep
 * completes.
 */
export interface Family<P extends ClassSpec, C extends ClassSpec> {
  readonly parentClass: P;
  readonly parents: readonly NewRow<P>[];
  readonly childClass: C;
  readonly children: readonly NewRow<C>[];
  /** The pointer field of a child that names its parent. */
  readonly link: keyof C['fields'] & string;
  /**
   * A Date field of the parent, which the caller leaves empty. An engine that cannot store parents and children in one
   * atomic step sets it with the parent and empties it once the children are stored and their lanes awake. A parent
   * that still has it after a minute is half stored.
   */
  readonly openSince: keyof P['fields'] & string;
  /** Woken in any case: a publisher that retries after an error wakes what its first try may have left asleep. */
  readonly wake: readonly LaneId[];
}

/**
 * The hub's interface to the database that Parse Server is connected to, beyond Parse's own: many rows in one
 * statement, lanes, compare-and-set. One conformance suite (spec/platform/database) runs on both engines.
 *
 * Comparisons with the current time use the database's time (plus `Clock.offsetMs`), never the process's. Dates are
 * whole milliseconds. Text is stored unchanged, except that U+0000 and unpaired surrogates become U+FFFD. Errors of the
 * driver are passed on; a failed call may be repeated as it was.
 */
export interface Database {
  readonly engine: 'postgres' | 'mongodb';

  /**
   * Returns the database's current time (plus `Clock.offsetMs`) and aligns the clock, as other calls do every ten
   * seconds.
   */
  now(): Promise<Date>;

  /**
   * Creates the missing indexes of these classes: unique ones and those of queues, which Parse cannot declare, and
   * ordinary ones where Parse did not. The tables must exist. Safe to repeat, and in several processes at once.
   */
  prepare(classes: readonly ClassSpec[]): Promise<void>;

  /**
   * Stores rows that do not exist yet. A row whose id or unique fields are taken is skipped. Returns the ids that this
   * call stored.
   */
  insertMany<C extends ClassSpec>(cls: C, rows: readonly NewRow<C>[]): Promise<ReadonlySet<string>>;

  /**
   * Stores new parents, then the children of those parents only, then wakes the lanes. Returns the ids of the stored
   * parents. On PostgreSQL parents and children are one atomic step. A crash before the wake leaves `sleepingLanes`.
   */
  insertFamily<P extends ClassSpec, C extends ClassSpec>(
    family: Family<P, C>,
  ): Promise<ReadonlySet<string>>;

  /** Returns rows by id, in no particular order; missing ones are omitted. */
  loadMany<C extends ClassSpec>(cls: C, ids: readonly string[]): Promise<RowOf<C>[]>;

  /** Returns the rows of a `Search`. Uses the index of the list, which Parse's own queries do not on PostgreSQL. */
  search<C extends ClassSpec>(cls: C, search: Search<C>): Promise<RowOf<C>[]>;

  /**
   * Returns the names of the Parse roles that users are in directly. Users without roles, and deleted users, are
   * omitted.
   */
  roleNames(userIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;

  /**
   * Returns the due rows of a queue class, per lane in the order of (dueAt, id); ids compare as the database orders
   * text. One round trip for all requests; each lane may be in one of them only.
   */
  loadDue<C extends ClassSpec>(cls: C, requests: readonly DueRequest[]): Promise<RowOf<C>[]>;

  /** Returns the earliest dueAt of each lane's rows, due or not. Lanes without open rows are omitted. */
  nextDue(cls: ClassSpec, keys: readonly string[]): Promise<ReadonlyMap<string, Date>>;

  /**
   * Stores `log` rows, then applies the changes; each row may be in one change only. Returns how many changes were
   * applied: a change whose row no longer has the values `was` is skipped, but its log rows stay. Atomic on PostgreSQL.
   */
  settleMany<C extends ClassSpec, L extends ClassSpec>(settlement: {
    readonly cls: C;
    readonly changes: readonly RowChange<C>[];
    readonly logClass: L;
    readonly log: readonly NewRow<L>[];
  }): Promise<number>;

  /**
   * Changes one row if it still has the values `was`. Returns whether it was changed: of concurrent callers, exactly
   * one gets true.
   */
  change<C extends ClassSpec>(cls: C, change: RowChange<C>): Promise<boolean>;

  /** Changes all rows of a `BulkChange` in one statement, whatever their values. Returns how many there are. */
  changeAll<C extends ClassSpec>(cls: C, change: BulkChange<C>): Promise<number>;

  /** Deletes up to `limit` rows whose date field is before `before` and that are not due. Returns how many. */
  deleteBefore(
    cls: ClassSpec,
    where: { readonly field: string; readonly before: Date; readonly limit: number },
  ): Promise<number>;

  /**
   * Makes lanes due, now or at a time, and creates those that do not exist. A lane that is due earlier stays so. Store
   * what a lane is woken for first: a lane that is already awake is not written to. A wake for a time after the end of
   * the current hold brings the lane back at that end.
   */
  wake(lanes: readonly LaneWake[]): Promise<void>;

  /**
   * Takes up to `count` lanes of these kinds that are due and free, for `holdMs`. Two callers never get the same lane.
   * The lane of a crashed holder is free once its hold has ended.
   */
  hold(request: {
    readonly kinds: readonly string[];
    readonly count: number;
    readonly holdMs: number;
  }): Promise<Hold[]>;

  /** Takes one lane if it is free, due or not, and creates it if needed; `undefined` when it is held. */
  holdOne(lane: LaneId, holdMs: number): Promise<Hold | undefined>;

  /**
   * Extends holds to `holdMs` from now. Returns the renewed holds that are still ours; the others are lost. A hold that
   * ran out without another process taking the lane is still ours.
   */
  prolong(holds: readonly Hold[], holdMs: number): Promise<Hold[]>;

  /** Releases lanes. A wake during the hold is kept. A hold that was lost meanwhile is skipped. */
  release(releases: readonly LaneRelease[]): Promise<void>;

  /**
   * Returns when the earliest lane of these kinds can be taken (for a held one: when its hold ends); `undefined` when
   * none waits.
   */
  nextLaneDue(kinds: readonly string[]): Promise<Date | undefined>;

  /**
   * Returns lanes that have rows due for longer than `overdueMs` but that are neither held nor due now: their wake was
   * lost.
   */
  sleepingLanes(
    cls: ClassSpec,
    options: { readonly overdueMs: number; readonly limit: number },
  ): Promise<LaneId[]>;
}
