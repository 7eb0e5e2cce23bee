import { type ForkedHub, forkHub } from '../support/forkHub.js';
import {
  createHubStore,
  type Json,
  startHub,
  type TestHub,
  type TestUser,
} from '../support/hub.js';
import { isLong, rounds } from '../support/rounds.js';
import type { Store } from '../support/store.js';
import { CODE, type Provider, startProvider } from './provider.js';

const HOUR = 3_600_000;
/** Longer than a refresh may take with loading and storing. */
const HOLD_MS = 61_000;
/** At once, in each process. */
const CALLERS = isLong ? 100 : 20;
const ROUNDS = rounds(10);
const CLIENT = { clientId: 'client of the hub', clientSecret: 'secret_canary7f3c' };

let store: Store;
let provider: Provider;
/** Runs no loop; it connects, and reads the database. */
let observer: TestHub;
let owner: TestUser;
const forked: Forked[] = [];
/** Connections of the test. */
const connected: string[] = [];
interface Forked {
  readonly hub: ForkedHub;
  /** Whether its loops run. */
  loops: boolean;
  offsetMs: number;
}

beforeAll(async () => {
  provider = await startProvider();
  store = await createHubStore();
  observer = await startHub({
    store,
    hub: { connectors: [provider.connector], oauthClients: { acme: CLIENT } },
  });
  owner = await observer.signUp();
  await client().createOrganization({ name: 'Acme' });
});
afterAll(async () => {
  for (const { hub } of forked) hub.kill();
  await Promise.all(forked.map(({ hub }) => hub.ended));
  await observer.stop();
  provider.close();
  await store.drop();
});
afterEach(async () => {
  provider.onTokenRequest = undefined;
  // Otherwise the loops of the next test would refresh it as well.
  for (const connectionId of connected.splice(0))
    await client().disconnectConnection({ connectionId });
  provider.tokens.clear();
});

const client = () => observer.as(owner);

interface Made {
  readonly connectionId: string;
  readonly integrationId: string;
}

/** A connection by consent with an integration; the token requests that created it are forgotten. */
async function make(): Promise<Made> {
  const { url, connection } = await client().startConnection({
    connector: 'acme',
    name: 'Ours',
    browser: false,
  });
  const state = new URL(url).searchParams.get('state') ?? '';
  connected.push(connection.id);
  await client().finishConnection({ state, code: CODE });
  const { integration } = await client().createIntegration({
    name: 'Made',
    connector: 'acme',
    connectionId: connection.id,
    retry: { attempts: 1 },
  });
  provider.tokenRequests.length = 0;
  provider.requests.length = 0;
  return { connectionId: connection.id, integrationId: integration.id };
}

const find = async (connectionId: string): Promise<Json> =>
  (await client().getConnections({ limit: 100 })).items.find(({ id }) => id === connectionId);

/** Three processes whose clocks are the observer's; those of the last test are reused. No loop is ever stopped. */
async function takeThree(loops: boolean): Promise<readonly ForkedHub[]> {
  const one = async (): Promise<Forked> => {
    const hub = await forkHub({
      store,
      inFlightMax: 64,
      lanesMax: 10,
      loops: false,
      appId: observer.appId,
      provider: { url: provider.url, client: CLIENT },
    });
    return { hub, loops: false, offsetMs: 0 };
  };
  const missing = Array.from({ length: 3 - forked.length }, one);
  forked.push(...(await Promise.all(missing)));
  // No clock goes back: the observer follows.
  const aheadMs = Math.max(...forked.map(({ offsetMs }) => offsetMs));
  observer.clock.advance(Math.max(0, aheadMs - observer.clock.offsetMs));
  const hubs = forked.map(({ hub }) => hub);
  await setClocks(hubs, 0);
  for (const each of forked.filter((other) => other.loops !== loops)) {
    if (each.loops) throw new Error('Its loops run already.');
    await each.hub.startLoops();
    each.loops = true;
  }
  return hubs;
}

/** Ahead of the observer's. */
async function setClocks(hubs: readonly ForkedHub[], aheadMs: number): Promise<void> {
  const offsetMs = observer.clock.offsetMs + aheadMs;
  for (const each of forked.filter(({ hub }) => hubs.includes(hub))) {
    await each.hub.advance(offsetMs - each.offsetMs);
    each.offsetMs = offsetMs;
  }
}

/** Makes the previous tokens invalid, and lets this much time pass. */
async function expire(hubs: readonly ForkedHub[], laterMs = 2 * HOUR): Promise<void> {
  provider.tokens.clear();
  await setClocks(hubs, laterMs);
}

const callsOf = ({ integrationId }: Made, times: number) => ({
  times,
  integrationId,
  action: 'getMe',
  sessionToken: owner.sessionToken,
});

/** The token endpoint does not respond until `open`; `requested` resolves when it is called. */
function shut(respond: () => ReturnType<NonNullable<Provider['onTokenRequest']>>) {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const requested = new Promise<URLSearchParams>((resolve) => {
    provider.onTokenRequest = async (request) => {
      resolve(request);
      await opened;
      return respond();
    };
  });
  return { requested, open };
}

const grantsRequested = () => provider.tokenRequests.map((request) => request.get('grant_type'));
/** What the observer's log says of refreshes. */
const refreshesLogged = () =>
  observer.logLines.flatMap((line) => /"event":"(connection\.refresh\w+)"/.exec(line)?.[1] ?? []);
const all = (times: number, outcome: string) => Array.from({ length: times }, () => outcome);

async function callAll(loops: boolean, laterMs: number) {
  const hubs = await takeThree(loops);
  const made = await make();
  const gate = shut(() => Promise.resolve(undefined));
  await expire(hubs, laterMs);
  const called = await Promise.all(hubs.map((hub) => hub.call(callsOf(made, CALLERS))));
  await gate.requested;
  gate.open();
  const outcomes = await Promise.all(called.map(({ outcomes }) => outcomes));
  expect(outcomes).toEqual(hubs.map(() => all(CALLERS, 'succeeded')));
  expect(grantsRequested()).toEqual(['refresh_token']);
  expect(await find(made.connectionId)).toMatchObject({ state: 'connected' });
}

describe('a token', () => {
  it('that has expired is refreshed once for all callers in each of three processes', async () => {
    await callAll(false, 2 * HOUR);
  }, 120_000);

  it('that has expired is refreshed once for twenty callers of one process, round after round', async () => {
    const made = await make();
    const { integrationId } = made;
    for (let round = 1; round <= ROUNDS; round += 1) {
      observer.clock.advance(2 * HOUR);
      provider.tokens.clear();
      const called = await Promise.all(
        Array.from({ length: 20 }, () =>
          client().executeIntegration({ integrationId, action: 'getMe' }),
        ),
      );
      expect(called.map(({ state }) => state)).toEqual(all(20, 'succeeded'));
      expect(grantsRequested()).toEqual(all(round, 'refresh_token'));
      // What it did not store it would have to request again.
      expect(refreshesLogged()).toEqual(all(round, 'connection.refreshed'));
    }
    expect(await find(made.connectionId)).toMatchObject({ state: 'connected' });
  }, 120_000);
});

describe('when the process that refreshes is killed before it has its response', () => {
  /** The victim sends the request, the others wait for it; then it is killed, and its hold runs out. */
  async function kill(before: (request: URLSearchParams) => void) {
    const hubs = await takeThree(false);
    const [victim, ...survivors] = hubs as [ForkedHub, ...ForkedHub[]];
    const made = await make();
    const gate = shut(() => Promise.resolve({ status: 503, body: {} }));
    await expire(hubs);
    await victim.call(callsOf(made, 20));
    before(await gate.requested);
    const called = await Promise.all(survivors.map((hub) => hub.call(callsOf(made, 20))));
    victim.kill();
    expect(await victim.ended).toBe('SIGKILL');
    forked.splice(
      forked.findIndex(({ hub }) => hub === victim),
      1,
    );
    expect(provider.tokenRequests).toHaveLength(1);
    provider.onTokenRequest = undefined;
    gate.open();
    await setClocks(survivors, 2 * HOUR + HOLD_MS);
    const outcomes = await Promise.all(called.map(({ outcomes }) => outcomes));
    return { made, survivors, outcomes };
  }

  it('another takes over, and refreshes once where the service had not changed the token yet', async () => {
    const { made, survivors, outcomes } = await kill(() => undefined);
    expect(outcomes).toEqual(survivors.map(() => all(20, 'succeeded')));
    expect(provider.tokenRequests).toHaveLength(2);
    expect(await find(made.connectionId)).toMatchObject({ state: 'connected' });
  }, 120_000);

  it('a user has to reconnect where it had: the service is called once more, and no more', async () => {
    const { made, survivors, outcomes } = await kill((request) => {
      // The service's next token is lost with its response.
      provider.refreshTokens.delete(request.get('refresh_token') ?? '');
    });
    const expectedMessage =
      '7703: The connection cannot be used now. Its state is reconnect: The service refused to renew the token: Too late.';
    expect(outcomes).toEqual(survivors.map(() => all(20, expectedMessage)));
    expect(provider.tokenRequests).toHaveLength(2);
    expect(await find(made.connectionId)).toMatchObject({
      state: 'reconnect',
      problem: 'The service refused to renew the token: Too late',
    });
    const again = await Promise.all(survivors.map((hub) => hub.call(callsOf(made, CALLERS))));
    const refused = await Promise.all(again.map(({ outcomes }) => outcomes));
    expect(refused).toEqual(survivors.map(() => all(CALLERS, expectedMessage)));
    expect(provider.tokenRequests).toHaveLength(2);
    expect(provider.requests).toEqual([]);
  }, 120_000);
});

describe('beside loops that would refresh it as well, a token', () => {
  it.each([
    ['that has expired', 2 * HOUR],
    ['that is refused although it should be valid', 0],
  ])(
    '%s is refreshed once for all callers in each of three processes',
    async (_, laterMs) => {
      await callAll(true, laterMs);
    },
    120_000,
  );
});
