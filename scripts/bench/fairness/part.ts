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
  /** What the loud organization does meanwhile. */
  readonly loud: LoudLoad;
}

/** Calls that a client in another process makes one after the other, in so many lanes at once. They may fail. */
export interface LoudLoad {
  readonly headers: Readonly<Record<string, string>>;
  readonly calls: readonly { readonly name: string; readonly params: object }[];
  readonly atOnce: number;
}

/** In the parameters of a call, the number of the call stands for this text. */
export const NTH = '{nth}';
