import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import Parse from 'parse/node';
import { ParseServer } from 'parse-server';

import type { Caller, Json, TestHub } from '../hub.js';
import { AppCache } from '../parseServerInside.js';

/** One message that a LiveQuery server sent for a subscription. */
export interface LiveEvent {
  readonly event: string;
  readonly className: string;
  readonly row: Json;
}

/** Somebody who listens: real LiveQuery client, real WebSocket. */
export interface Listener {
  readonly events: readonly LiveEvent[];
  /** Subscriptions that the server refused, by class. */
  readonly refused: readonly string[];
  /** Answers when the subscription stands, or is refused. */
  subscribe(className: string, where?: Json): Promise<void>;
  /** Answers when an event of this class has come, as soon as `count` have. */
  received(className: string, count?: number): Promise<void>;
  close(): Promise<void>;
}

export interface LiveQueries {
  listen(as: Caller): Promise<Listener>;
  close(): Promise<void>;
}

/** Parse Server's LiveQuery server beside a hub; the classes are those of the host's option `liveQuery`. */
export async function startLiveQueries(hub: TestHub): Promise<LiveQueries> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running = (await ParseServer.createLiveQueryServer(
    server,
    // Roles are remembered for no time; the timer of a closed connection ends after two of its periods.
    { appId: hub.appId, cacheTimeout: 1, websocketTimeout: 1000 },
    AppCache.get(hub.appId) as never,
  )) as unknown as { shutdown(): Promise<void> };
  const listeners: Listener[] = [];
  return {
    async listen(as) {
      const listener = await listen({ url, appId: hub.appId, as });
      listeners.push(listener);
      return listener;
    },
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()));
      await running.shutdown();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function listen({
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
      // What is refused emits an error besides, which would be thrown if nobody listened.
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
