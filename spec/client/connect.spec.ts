import {
  type BrowserWindow,
  connectByRedirect,
  connectInPopup,
  type HubConnection,
  type PopupOptions,
} from '../../client.js';

const HUB = 'https://api.example.com';
const URL_OF_START = `${HUB}/hub/oauth/start?state=x`;
const params = { connector: 'slack', name: 'Ours', organizationId: 'o1' };

type Listener = Parameters<BrowserWindow['addEventListener']>[1];

/** A browser's window with a manual clock, and a hub with one connection. */
function setup({ isBlocked = false } = {}) {
  const calls: string[] = [];
  const listeners = new Set<Listener>();
  const timers: (() => void)[] = [];
  const popup = {
    closed: false,
    location: { href: '' },
    close: () => {
      popup.closed = true;
    },
  };
  const location = { href: 'https://app.example.com/settings?tab=1#top', assign: visit };
  function visit(url: string) {
    calls.push(`visit ${url}`);
  }
  const window: BrowserWindow = {
    location,
    open: (url) => {
      calls.push(`open ${url}`);
      return isBlocked ? null : popup;
    },
    addEventListener: (_, listener) => listeners.add(listener),
    removeEventListener: (_, listener) => listeners.delete(listener),
    setTimeout: (callback) => timers.push(callback),
    clearTimeout: () => (timers.length = 0),
  };
  const connection = { id: 'c1', name: 'Ours', state: 'waiting' } as HubConnection;
  const hub = { connection, fails: false };
  const client = {
    startConnection(given: object) {
      calls.push(`start ${JSON.stringify(given)}`);
      return Promise.resolve({ connection, url: URL_OF_START });
    },
    getConnections(given: object = {}) {
      calls.push(`get ${JSON.stringify(given)}`);
      if (hub.fails) return Promise.reject(new Error('offline'));
      return Promise.resolve({ items: [hub.connection] });
    },
  };
  const begin = (options: PopupOptions = {}) => {
    const connected = connectInPopup(client, params, { window, ...options });
    // Checked later, when the browser has navigated.
    connected.catch(() => undefined);
    return connected;
  };
  const tick = async () => {
    for (let n = 0; n < 10; n += 1) await Promise.resolve();
  };
  return {
    calls,
    hub,
    popup,
    window,
    client,
    begin,
    tick,
    listeners,
    timers,
    become(change: Partial<HubConnection>) {
      hub.connection = { ...hub.connection, ...change };
    },
    async postMessage(data: object, from: { origin?: string; source?: object } = {}) {
      const { origin = HUB, source = popup } = from;
      for (const listener of [...listeners]) listener({ origin, source, data });
      await tick();
    },
    async poll() {
      timers.shift()?.();
      await tick();
    },
  };
}

const DONE = { type: 'hub:connection', connectionId: 'c1', state: 'connected' };

describe('connectInPopup', () => {
  it('opens the window in the click itself, sends it to the hub and waits for its message', async () => {
    const { begin, calls, popup, become, postMessage, tick, listeners, timers } = setup();
    const connected = begin();
    expect(calls[0]).toBe('open ');
    await tick();
    expect(popup.location.href).toBe(URL_OF_START);
    become({ state: 'connected' });
    await postMessage(DONE);
    await expect(connected).resolves.toMatchObject({ id: 'c1', state: 'connected' });
    expect(calls).toEqual([
      'open ',
      `start ${JSON.stringify(params)}`,
      'get {"connector":"slack","limit":100,"organizationId":"o1"}',
    ]);
    expect([popup.closed, listeners.size, timers.length]).toEqual([true, 0, 0]);
  });

  it('reports that the browser blocked the window, and calls no function', async () => {
    const { begin, calls } = setup({ isBlocked: true });
    await expect(begin()).rejects.toThrow('The browser blocked the window');
    expect(calls).toEqual(['open ']);
  });

  it('closes the window when the hub refuses to begin, and passes its error on', async () => {
    const { client, window, popup } = setup();
    const refused = new Error('There is no OAuth client for Slack.');
    const refusing = { ...client, startConnection: () => Promise.reject(refused) };
    await expect(connectInPopup(refusing, params, { window })).rejects.toBe(refused);
    expect(popup.closed).toBe(true);
  });

  it.each([
    ['of another origin', DONE, { origin: 'https://evil.example' }],
    ['of another window', DONE, { source: {} }],
    ['of another kind', { type: 'other' }, {}],
    ['without a kind', {}, {}],
  ])('ignores messages %s', async (_, data, from) => {
    const { begin, calls, postMessage, tick, listeners } = setup();
    void begin();
    await tick();
    await postMessage(data, from);
    expect([calls.length, listeners.size]).toEqual([2, 1]);
  });

  it('rejects with the message of the hub', async () => {
    const { begin, postMessage, tick } = setup();
    const connected = begin();
    await tick();
    await postMessage({
      type: 'hub:connection',
      problem: 'The service Slack refused the consent: no.',
    });
    await expect(connected).rejects.toThrow('The service Slack refused the consent: no.');
  });

  it('also polls, because the window may be cut off from its opener', async () => {
    const { begin, become, poll, tick, hub } = setup();
    const connected = begin();
    await tick();
    await poll();
    hub.fails = true;
    await poll();
    hub.fails = false;
    become({ state: 'connected' });
    await poll();
    await expect(connected).resolves.toMatchObject({ state: 'connected' });
  });

  it.each(['reconnect', 'waiting'] as const)('rejects with why it failed: %s', async (state) => {
    const { begin, become, poll, tick } = setup();
    const connected = begin();
    await tick();
    become({ state, problem: 'The service refused to renew the token: no' });
    await poll();
    await expect(connected).rejects.toThrow('The service refused to renew the token: no');
  });

  it('rejects when the window was closed, after a grace period', async () => {
    const { begin, popup, poll, tick, timers } = setup();
    const connected = begin();
    await tick();
    popup.closed = true;
    await poll();
    expect(timers).toHaveLength(1);
    await poll();
    await expect(connected).rejects.toThrow('The window was closed before');
    expect(timers).toHaveLength(0);
  });

  it('rejects when it takes too long', async () => {
    const { begin, poll, tick, popup } = setup();
    const connected = begin({ timeoutMs: 4_000 });
    await tick();
    await poll();
    expect(popup.closed).toBe(false);
    await poll();
    await expect(connected).rejects.toThrow('The consent was not given in time.');
    expect(popup.closed).toBe(true);
  });

  it('a message during a poll ends it once', async () => {
    const { begin, postMessage, tick, timers } = setup();
    const connected = begin();
    await tick();
    timers.shift()?.();
    await postMessage({ type: 'hub:connection', problem: 'no' });
    await expect(connected).rejects.toThrow('no');
    expect(timers).toHaveLength(0);
  });
});

describe('connectByRedirect', () => {
  it.each([
    [{}, 'https://app.example.com/settings?tab=1'],
    [{ returnUrl: 'https://app.example.com/done' }, 'https://app.example.com/done'],
  ])('redirects this window and returns to it: %j', async (given, returnUrl) => {
    const { client, window, calls } = setup();
    const connection = await connectByRedirect(client, { ...params, ...given }, { window });
    expect(connection.id).toBe('c1');
    expect(calls).toEqual([
      `start ${JSON.stringify({ ...params, returnUrl })}`,
      `visit ${URL_OF_START}`,
    ]);
  });
});
