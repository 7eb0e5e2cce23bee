import type { LaneState } from '../database/index.js';

/** A lane as its worker sees it. */
export interface HeldLane {
  readonly kind: string;
  readonly key: string;
  /** What the holder before handed on. */
  readonly state: LaneState;
  /** Whether something that takes up to `forMs` may still be started: the hold outlasts it and nobody is stopping. */
  mayStart(forMs: number): boolean;
  /** Aborted when work under way must end at once: the hold is lost, or stopping takes too long. */
  readonly signal: AbortSignal;
}

/** What a worker knows when it lets go of a lane. */
export interface LaneOutcome {
  /** When there is something to do again; left out: nothing waits. A wake meanwhile counts anyway. */
  readonly nextDueAt?: Date | undefined;
  /** Handed on to the next holder; left out: what was there stays. */
  readonly state?: LaneState | undefined;
}

/** Works the lanes of one kind. An exception means that we failed: the lane is due again in a few seconds. */
export type LaneWorker = (lane: HeldLane) => Promise<LaneOutcome>;
