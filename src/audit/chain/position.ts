/** A place in a chain. */
export interface Place {
  readonly seq: number;
  readonly hash: string;
}

/** Before the first entry. */
export const START: Place = { seq: 0, hash: '0'.repeat(64) };
