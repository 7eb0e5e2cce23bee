import type { LaneState } from '../database/index.js';

/** A lane as its worker sees it. */
export interface HeldLane {
  readonly kind: string;
  readonly key: string;
  /** The state that the previous holder left. */
  readonly state: LaneState;
  /**
   * Returns whether work that takes up to `forMs` may still be started: the hold outlasts it and the loop is not
   * stopping.
   */
  mayStart(forMs: number): boolean;
  /** Aborted when work under way must end at once: the hold is lost, or stopping takes too long. */
  readonly signal: AbortSignal;
}

/** The result of a worker when it is done with a lane. */
export interface LaneOutcome {
  /** When the lane is due again. Omitted: nothing waits. A wake in the meantime counts anyway. */
  readonly nextDueAt?: Date | undefined;
  /** The state for the next holder. Omitted: the state stays. */
  readonly state?: LaneState | undefined;
}

/** Works the lanes of one kind. An exception means that the hub failed: the lane is due again in a few seconds. */
export type LaneWorker = (lane: HeldLane) => Promise<LaneOutcome>;
