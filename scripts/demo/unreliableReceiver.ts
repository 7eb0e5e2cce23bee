import { type Receiver, startReceiver } from '../start/receiver.js';

interface ReceiverCounts {
  /** Ids of messages with a valid signature, by the path of the request. */
  readonly verified: Map<string, Set<string>>;
  /** Requests with a wrong signature, by path. */
  readonly unverified: Map<string, number>;
  /** Requests that got 503 on purpose. */
  refused: number;
}

export interface UnreliableReceiver extends Receiver {
  readonly tally: ReceiverCounts;
  readonly secrets: Map<string, string>;
}

/** The first attempt of every third message is refused. */
const REFUSED_EVERY = 3;

/** Starts a receiver that verifies every signature and sometimes fails, as real receivers do. */
export async function startUnreliableReceiver(): Promise<UnreliableReceiver> {
  const secrets = new Map<string, string>();
  const tally: ReceiverCounts = { verified: new Map(), unverified: new Map(), refused: 0 };
  let messages = 0;
  const receiver = await startReceiver({
    secretOf: (path) => secrets.get(path),
    receive: ({ id, path, isVerified, attempt }) => {
      if (!isVerified) {
        tally.unverified.set(path, (tally.unverified.get(path) ?? 0) + 1);
        return 401;
      }
      const seen = tally.verified.get(path) ?? new Set();
      tally.verified.set(path, seen.add(id));
      if (attempt > 1) return 200;
      messages += 1;
      if (messages % REFUSED_EVERY !== 0) return 200;
      tally.refused += 1;
      return 503;
    },
  });
  return { ...receiver, tally, secrets };
}
