import type { ConnectorSpec } from '../../src/contract/index.js';
import { type Json, startHub, type TestHub, type TestUser } from '../support/hub.js';
import { consent } from './consent.js';
import {
  addressOf,
  type Emulator,
  type EmulatorOptions,
  freePort,
  startEmulator,
} from './emulator.js';

type Client = ReturnType<TestHub['as']>;
export type Input = NonNullable<Parameters<Client['executeIntegration']>[0]['input']>;

/** The code and the message of an error. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** A hub, an organization with its owner, and the emulator of a service. */
export interface World {
  readonly hub: TestHub;
  /** The emulator's address. */
  readonly url: string;
  readonly client: () => Client;
  /** Connects by startConnection, the emulator's consent page and the hub's callback; returns the id of the connection. */
  connectByConsent(connector: string, login: string, more?: object): Promise<string>;
  /** Does the same with a wrong client secret; returns the page that the user sees. */
  consentInVain(connector: string, login: string, more?: object): Promise<string>;
  /** The connection as getConnections returns it. */
  connectionOf(id: string): Promise<Json>;
  /** Creates an integration without settings; returns its id. */
  integrate(connector: string, connectionId: string): Promise<string>;
  /** Makes a call that must succeed; returns its output. */
  call(integrationId: string, action: string, input?: Input): Promise<Json>;
  /** Makes a call that must fail; returns its error. */
  callInVain(integrationId: string, action: string, input: Input): Promise<Refusal>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly service: EmulatorOptions['service'];
  readonly connectors: (url: string) => readonly ConnectorSpec[];
  /** `callback`: the URL that the service redirects browsers to. */
  readonly seed: (callback: string) => EmulatorOptions['seed'];
  readonly deadTokens?: EmulatorOptions['deadTokens'];
}

/** The hub's OAuth client at every emulator. */
export const CLIENT = { clientId: 'client-of-the-hub', clientSecret: 'secret-of-the-hub' };

export async function startWorld({
  service,
  connectors,
  seed,
  deadTokens,
}: WorldOptions): Promise<World> {
  const port = await freePort();
  const url = addressOf(port);
  const made = connectors(url);
  const hub = await startHub({
    hub: {
      connectors: made,
      oauthClients: Object.fromEntries(made.map(({ key }) => [key, CLIENT])),
    },
  });
  let emulator: Emulator | undefined;
  try {
    const seeded = seed(`${hub.url}/hub/oauth/callback`);
    emulator = await startEmulator({ service, port, seed: seeded, deadTokens });
    const owner = await hub.signUp();
    await hub.as(owner).createOrganization({ name: 'Acme' });
    return worldOf({ hub, url, owner, emulator });
  } catch (error) {
    await emulator?.stop();
    await hub.stop();
    throw error;
  }
}

interface Parts {
  readonly hub: TestHub;
  readonly url: string;
  readonly owner: TestUser;
  readonly emulator: Emulator;
}

function worldOf({ hub, url, owner, emulator }: Parts): World {
  const client = () => hub.as(owner);
  const start = (connector: string, more: object) =>
    client().startConnection({ connector, authMethod: 'oauth', name: 'By consent', ...more });
  return {
    hub,
    url,
    client,
    async connectByConsent(connector, login, more = {}) {
      const { connection, url: page } = await start(connector, more);
      const response = await consent(page, login);
      if (!response.ok) throw new Error(`Not connected: ${await response.text()}`);
      return connection.id;
    },
    async consentInVain(connector, login, more = {}) {
      const wrong = { ...CLIENT, clientSecret: 'a-secret-of-nobody' };
      const { url: page } = await start(connector, { client: wrong, ...more });
      const response = await consent(page, login);
      if (response.ok) throw new Error('Connected with a wrong secret.');
      return response.text();
    },
    async connectionOf(id) {
      const { items } = await client().getConnections({ limit: 100 });
      return items.find((each) => each.id === id);
    },
    async integrate(connector, connectionId) {
      const { integration } = await client().createIntegration({
        name: 'Made',
        connector,
        connectionId,
      });
      return integration.id;
    },
    async call(integrationId, action, input = {}) {
      const done = await client().executeIntegration({ integrationId, action, input });
      if (done.state !== 'succeeded' || done.attempts !== 1) {
        throw new Error(`${action} was ${done.state} after ${done.attempts} attempts`);
      }
      return done.output;
    },
    callInVain: (integrationId, action, input) =>
      refusal(client().executeIntegration({ integrationId, action, input })),
    async stop() {
      await emulator.stop();
      await hub.stop();
    },
  };
}

/** Returns the error of a call. Throws when it succeeds. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  return call.then(
    (result) => {
      throw new Error(`It was not refused: ${JSON.stringify(result)}`);
    },
    ({ code, message }: Json) => ({ code, message }),
  );
}
