import type { HubClient } from './hubClient.js';

type StartParams = NonNullable<Parameters<HubClient['startConnection']>[0]>;

/** A connection as the hub's functions return it. */
export type HubConnection = Awaited<ReturnType<HubClient['startConnection']>>['connection'];

/** The used part of a browser's `window`. */
export interface BrowserWindow {
  open(url: string, target: string, features: string): PopupWindow | null;
  addEventListener(type: 'message', listener: (event: MessageLike) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageLike) => void): void;
  setTimeout(callback: () => void, ms: number): unknown;
  clearTimeout(timer: never): void;
  readonly location: { readonly href: string; assign(url: string): void };
}

export interface PopupWindow {
  readonly closed: boolean;
  readonly location: { href: string };
  close(): void;
}

interface MessageLike {
  readonly origin: string;
  readonly source: unknown;
  readonly data: unknown;
}

export interface PopupOptions {
  /** The window that opens the popup. Default `window`. */
  readonly window?: BrowserWindow | undefined;
  /** Size and position, as `window.open` takes them. */
  readonly features?: string | undefined;
  /** The maximum duration in milliseconds. Default 15 minutes, after which the hub refuses the callback too. */
  readonly timeoutMs?: number | undefined;
  /** The interval in milliseconds for polling the connection, in case the window sends no message. Default 2 seconds. */
  readonly pollMs?: number | undefined;
  /**
   * How long after the window was closed the connection may still become connected. Default 3 seconds. A service that cuts
   * windows off from their opener (Cross-Origin-Opener-Policy) makes them look closed at once: give it a minute or more.
   */
  readonly closedGraceMs?: number | undefined;
}

/**
 * Connects a service by consent in a popup window and returns the connection. Call it in a click handler, before any `await`:
 * browsers block popups that no user action opened. Without the page's origin in the operator's `returnUrls`, the user has to
 * confirm once more and the result is found by polling. Rejects with the hub's Parse.Error, or with an Error whose
 * message says that the window was blocked or closed, that the service refused, or that it took too long.
 */
export async function connectInPopup(
  client: Pick<HubClient, 'startConnection' | 'getConnections'>,
  params: Omit<StartParams, 'returnUrl' | 'browser'>,
  options: PopupOptions = {},
): Promise<HubConnection> {
  const { features = 'popup,width=560,height=720' } = options;
  const window = options.window ?? (globalThis as unknown as BrowserWindow);
  const popup = window.open('', '_blank', features);
  if (!popup) throw new Error('The browser blocked the window: allow popups for this page.');
  try {
    const { connection, url } = await client.startConnection(params);
    popup.location.href = url;
    await consentEnds({ window, popup, origin: new URL(url).origin, options }, async () => {
      const { state, problem } = await current(client, params, connection);
      return state !== 'waiting' || problem !== undefined;
    });
    const ended = await current(client, params, connection);
    if (ended.state === 'connected') return ended;
    throw new Error(ended.problem ?? ended.testProblem ?? `The connection is ${ended.state}.`);
  } finally {
    popup.close();
  }
}

/**
 * Connects a service by consent in this window, which returns to `returnUrl` (default: this page) with `connectionId` and
 * `state` in its query. Returns the waiting connection, just before the browser leaves the page.
 */
export async function connectByRedirect(
  client: Pick<HubClient, 'startConnection'>,
  params: Omit<StartParams, 'browser'>,
  options: Pick<PopupOptions, 'window'> = {},
): Promise<HubConnection> {
  const { location } = options.window ?? (globalThis as unknown as BrowserWindow);
  const returnUrl = params.returnUrl ?? location.href.replace(/#.*$/, '');
  const { connection, url } = await client.startConnection({ ...params, returnUrl });
  location.assign(url);
  return connection;
}

/** Returns the current state of the connection; a new one is on the first page. */
async function current(
  client: Pick<HubClient, 'getConnections'>,
  { organizationId, connector, endUser }: StartParams,
  connection: HubConnection,
): Promise<HubConnection> {
  const { items } = await client.getConnections({
    connector,
    limit: 100,
    ...(organizationId !== undefined && { organizationId }),
    ...(endUser !== undefined && { endUser }),
  });
  return items.find(({ id }) => id === connection.id) ?? connection;
}

interface ConsentWait {
  readonly window: BrowserWindow;
  readonly popup: PopupWindow;
  /** The hub's origin: messages from others are ignored. */
  readonly origin: string;
  readonly options: PopupOptions;
}

/** Waits until the window reports the result or `isOver` returns true. Rejects with the message of the problem. */
function consentEnds(
  { window, popup, origin, options }: ConsentWait,
  isOver: () => Promise<boolean>,
): Promise<void> {
  const { timeoutMs = 900_000, pollMs = 2_000, closedGraceMs = 3_000 } = options;
  return new Promise((resolve, reject) => {
    let timer: unknown;
    let waitedMs = 0;
    let closedMs = 0;
    let isEnded = false;
    const end = (problem?: string) => {
      isEnded = true;
      window.removeEventListener('message', onMessage);
      window.clearTimeout(timer as never);
      if (problem === undefined) resolve();
      else reject(new Error(problem));
    };
    const onMessage = (event: MessageLike) => {
      if (event.source !== popup || event.origin !== origin) return;
      const data = (event.data ?? {}) as { readonly type?: unknown; readonly problem?: unknown };
      if (data.type !== 'hub:connection') return;
      end(typeof data.problem === 'string' ? data.problem : undefined);
    };
    const poll = async () => {
      waitedMs += pollMs;
      if (popup.closed) closedMs += pollMs;
      // A poll that fails is repeated until the timeout.
      const isDone = await isOver().catch(() => false);
      if (isEnded) return;
      if (isDone) end();
      else if (closedMs > closedGraceMs)
        end('The window was closed before the service was connected.');
      else if (waitedMs >= timeoutMs) end('The consent was not given in time. Start again.');
      else again();
    };
    const again = () => {
      timer = window.setTimeout(() => void poll(), pollMs);
    };
    window.addEventListener('message', onMessage);
    again();
  });
}
