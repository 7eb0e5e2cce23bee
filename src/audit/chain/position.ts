/** A position in a chain. */
export interface ChainPosition {
  readonly seq: number;
  readonly hash: string;
}

/** Before the first entry. */
export const START: ChainPosition = { seq: 0, hash: '0'.repeat(64) };
