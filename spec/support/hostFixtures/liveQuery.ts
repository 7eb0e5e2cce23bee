import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { ParseServer } from 'parse-server';

import type { Caller, TestHub } from '../hub.js';
import { AppCache } from '../parseServerInside.js';
import { listen, type Listener } from './liveQueryListener.js';

export type { Listener } from './liveQueryListener.js';

export interface LiveQueries {
  listen(as: Caller): Promise<Listener>;
  close(): Promise<void>;
}

/** Starts Parse Server's LiveQuery server for a hub. The classes are those of the host's option `liveQuery`. */
export async function startLiveQueries(hub: TestHub): Promise<LiveQueries> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running = (await ParseServer.createLiveQueryServer(
    server,
    // Roles are cached for 1 ms only. The timer of a closed connection ends after two of its periods.
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
