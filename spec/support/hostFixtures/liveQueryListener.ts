import Parse from 'parse/node';

import type { Caller, Json } from '../hub.js';

/** One message that a LiveQuery server sent for a subscription. */
interface LiveEvent {
  readonly event: string;
  readonly className: string;
  readonly row: Json;
}

/** A subscriber: a real LiveQuery client on a real WebSocket. */
export interface Listener {
  readonly events: readonly LiveEvent[];
  /** Subscriptions that the server refused, by class. */
  readonly refused: readonly string[];
  /** Resolves when the subscription is confirmed or refused. */
  subscribe(className: string, where?: Json): Promise<void>;
  /** Resolves as soon as `count` events of this class have come. */
  received(className: string, count?: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a real LiveQuery client at `url`. */
export async function listen({
  url,
  appId,
  as,
}: {
  url: string;
  appId: string;
  as: Caller;
}): Promise<Listener> {
  const { sessionToken, masterKey } = as;
  const client = new Parse.LiveQueryClient({
    applicationId: appId,
    serverURL: url,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(masterKey !== undefined && { masterKey }),
  });
  const opened = new Promise((resolve) => client.on('open', () => resolve(undefined)));
  client.open();
  await opened;
  const events: LiveEvent[] = [];
  const refused: string[] = [];
  const waiting = new Set<() => void>();
  const countOf = (className: string) =>
    events.filter((each) => each.className === className).length;
  return {
    events,
    refused,
    async subscribe(className, where = {}) {
      const query = Parse.Query.fromJSON(className, { where });
      const subscription = client.subscribe(query, sessionToken);
      if (!subscription) throw new Error('The client did not subscribe.');
      for (const event of ['create', 'update', 'enter', 'leave', 'delete']) {
        subscription.on(event, (row: Parse.Object) => {
          events.push({ event, className, row: row.toJSON() });
          for (const look of waiting) look();
        });
      }
      // A refused subscription also emits an error, which would be thrown without a listener.
      subscription.on('error', () => undefined);
      await (subscription.subscribePromise as Promise<unknown>).catch(() =>
        refused.push(className),
      );
    },
    async received(className, count = 1) {
      await new Promise<void>((resolve) => {
        const look = () => {
          if (countOf(className) < count) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      });
    },
    async close() {
      await client.close();
    },
  };
}
