import type { Stage } from '../stage.js';

/** One thing that organizations share, and what two of them do with it at the same time. */
export interface FairnessPart {
  readonly what: string;
  prepare(stage: Stage): Promise<FairnessScene>;
}

export interface FairnessScene {
  /** One operation of the quiet organization. It is due every `quietEveryMs`, whether the one before has ended or not. */
  quiet(): Promise<unknown>;
  readonly quietEveryMs: number;
  /** One operation of the loud organization. It may fail. */
  loud(): Promise<unknown>;
  readonly loudAtOnce: number;
  close?(): Promise<unknown>;
}
