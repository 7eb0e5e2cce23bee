import { type HubClient, type HubConnection, itemsOf } from '../../client.js';
import { connectionErrors } from '../../src/connections/index.js';
import { paint, say } from '../start/say.js';
import { StartProblem } from '../start/startProblem.js';
import type { Arguments } from './arguments.js';
import { choose } from './choose.js';
import { askFields, type Field } from './fields.js';
import type { Terminal } from './terminal.js';

type Connector = Awaited<ReturnType<HubClient['getConnector']>>['connector'];
type AuthMethod = Connector['authMethods'][number];

interface ConnectContext {
  readonly hub: HubClient;
  readonly terminal: Terminal;
  readonly given: Arguments;
}

/** Guides the user through connecting a service. Returns the connection once it is connected. */
export async function connect(context: ConnectContext): Promise<HubConnection> {
  const { hub, terminal, given } = context;
  const organizationId = (await chooseOrganization(context)).id;
  const connectors = await allOf(itemsOf(hub.getConnectors, { organizationId, limit: 100 }));
  const service = await choose(terminal, {
    what: 'service',
    choices: connectors.map(({ key, name }) => ({ name: key, label: name })),
    given: given.connector,
  });
  const { connector } = await hub.getConnector({
    organizationId,
    connector: service.name,
    schemas: false,
  });
  say(`${paint('bold', connector.name)}: ${connector.description}`);
  connector.setup.forEach((step, nth) => {
    say(`  ${String(nth + 1)}. ${step}`);
  });
  say();
  const authMethod = await choose(terminal, {
    what: 'auth method',
    choices: connector.authMethods.map((each) => ({ ...each, label: each.title ?? each.name })),
    given: given.authMethod,
  });
  const fields = await askFields(terminal, connector.fields);
  const params = {
    organizationId,
    connector: connector.key,
    authMethod: authMethod.name,
    fields,
    name: given.name ?? connector.name,
  };
  if (!authMethod.consent) {
    const credential = await askFields(terminal, authMethod.credential);
    return (await hub.createConnection({ ...params, credential })).connection;
  }
  return connectByConsent(context, authMethod, params);
}

async function chooseOrganization({ hub, terminal, given }: ConnectContext) {
  const { items } = await hub.getOrganizations({ limit: 100 });
  if (items.length === 0) {
    throw new StartProblem('There is no organization yet: create one with createOrganization');
  }
  return choose(terminal, {
    what: 'organization',
    choices: items.map(({ id, name }) => ({ id, name: id, label: `${name} (${id})` })),
    given: given.organization,
  });
}

type Params = Parameters<HubClient['startConnection']>[0];

/** Connects by consent in a browser: prints the address, and waits until the hub has the result. */
async function connectByConsent(
  { hub, terminal }: ConnectContext,
  authMethod: AuthMethod,
  params: Params,
): Promise<HubConnection> {
  const started = await hub.startConnection(params).catch(async (error: unknown) => {
    const { code } = error as { readonly code?: unknown };
    if (code !== connectionErrors.ClientMissing.spec.code) throw error;
    say('The hub has no OAuth client for this service: enter the one that you registered there.');
    return hub.startConnection({
      ...params,
      client: await askClient(terminal, authMethod.credential),
    });
  });
  say();
  say('Open this address in a browser and consent:');
  say();
  say(`  ${started.url}`);
  say();
  say('Waiting for the consent …');
  // No more prompts follow: Ctrl-C ends the process again.
  terminal.close();
  return untilConsent(hub, params, started.connection);
}

async function askClient(terminal: Terminal, fields: readonly Field[]) {
  const { clientId = '', clientSecret = '' } = await askFields(terminal, fields);
  return { clientId, clientSecret };
}

const POLL_EVERY_MS = 1_000;
/** After this time the hub does not accept the consent either. */
const CONSENT_WITHIN_MS = 15 * 60_000;

async function untilConsent(
  hub: HubClient,
  { organizationId, connector }: Params,
  { id }: HubConnection,
): Promise<HubConnection> {
  const within = Date.now() + CONSENT_WITHIN_MS;
  while (Date.now() < within) {
    const { items } = await hub.getConnections({ organizationId, connector, limit: 100 });
    const connection = items.find((each) => each.id === id);
    if (!connection)
      throw new StartProblem('The connection was removed while waiting for the consent');
    const { state, problem } = connection;
    if (problem !== undefined) throw new StartProblem(problem);
    if (state !== 'waiting') return connection;
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS));
  }
  throw new StartProblem('No consent was given within 15 minutes: start again');
}

async function allOf<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}
