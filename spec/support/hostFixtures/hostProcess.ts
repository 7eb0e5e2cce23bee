// A host with the hub in a separate process: `forkHost` starts it. Its one argument is a HostProcessOptions as JSON.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import express from 'express';
import { ParseServer } from 'parse-server';

import { createIntegrationHub, type HubOptions } from '../../../index.js';
import { hostCloud } from './hostCloud.js';

export interface HostProcessOptions {
  /** Options of Parse Server; omitted options have Parse Server's defaults. */
  readonly parse: { readonly appId: string } & Readonly<Record<string, unknown>>;
  readonly hub: Omit<HubOptions, 'publicUrl'>;
}

export type HostProcessNews =
  | { readonly kind: 'ready'; readonly url: string }
  /** The start was refused. */
  | { readonly kind: 'refused'; readonly message: string };

interface Server {
  readonly app: express.Express;
  readonly config: {
    readonly databaseController: { readonly adapter: { handleShutdown(): Promise<void> } };
  };
  start(): Promise<unknown>;
}
// The package's types declare it as a function only, but it is a class too.
const Server = ParseServer as unknown as new (options: object) => Server;

const options = JSON.parse(process.argv[2] ?? '') as HostProcessOptions;
const app = express();
const listening = createServer(app).listen(0, '127.0.0.1');
await once(listening, 'listening');
const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
const hub = createIntegrationHub({ ...options.hub, publicUrl: `${url}/hub` });
const serverURL = `${url}/parse`;
const parse = new Server(hub.parseServerOptions({ ...options.parse, serverURL, cloud: hostCloud }));

function notify(news: HostProcessNews): void {
  process.send?.(news);
}

async function stop(): Promise<void> {
  await hub.stop();
  listening.close();
  listening.closeAllConnections();
  await parse.config.databaseController.adapter.handleShutdown();
  // Nothing keeps the process alive any more, and the log reaches its files.
  process.disconnect();
}

process.once('message', () => void stop());
try {
  await parse.start();
  app.use('/hub', hub.router);
  app.use('/parse', hub.authenticate, parse.app);
  await hub.start();
  notify({ kind: 'ready', url });
} catch (error) {
  notify({ kind: 'refused', message: (error as Error).message });
}
