import { commonErrors } from '../../src/contract/index.js';
import { KEY, type Provider, startProvider } from '../connections/provider.js';
import { type Caller, type Json, master, startHub, type TestHub } from '../support/hub.js';
import { anotherOrganization, startTeam, type Team } from './team.js';

const TOO_MANY = commonErrors.TooManyCalls.spec.code;

let provider: Provider;
let hub: TestHub;
let team: Team;
let integrationId: string;
beforeAll(async () => {
  provider = await startProvider();
  const outgoing = { inFlightMax: 3, inFlightPerOrganizationMax: 2, inFlightPerCallerMax: 1 };
  const gate = { outgoing, waitingPerOrganizationMax: 3, waitingPerCallerMax: 2 };
  hub = await startHub({ hub: { connectors: [provider.connector], gate } });
  team = await startTeam(hub);
  integrationId = await integrationOf(team.organizationId);
});
afterAll(async () => {
  provider.close();
  await hub.stop();
});

async function integrationOf(organizationId: string): Promise<string> {
  const client = hub.as(team.owner);
  const { connection } = await client.createConnection({
    organizationId,
    connector: 'acme',
    authMethod: 'key',
    name: 'Ours',
    credential: { token: KEY },
  });
  const { integration } = await client.createIntegration({
    organizationId,
    name: 'Made',
    connector: 'acme',
    connectionId: connection.id,
  });
  return integration.id;
}

/** Calls the service, which responds when the spec lets it. */
function holdProvider() {
  let release = () => undefined as void;
  const held = new Promise<void>((resolve) => (release = resolve));
  let arrived = () => undefined as void;
  const first = new Promise<void>((resolve) => (arrived = resolve));
  provider.onRequest = async () => {
    arrived();
    await held;
    return undefined;
  };
  return { release, first };
}

const params = () => ({
  organizationId: team.organizationId,
  integrationId,
  action: 'getThing',
  input: { id: 't1' },
});
async function call(as: Caller, more: object = {}): Promise<Json> {
  const response = await fetch(`${hub.url}/parse/functions/executeIntegration`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-parse-application-id': hub.appId,
      ...(as.sessionToken !== undefined && { 'x-parse-session-token': as.sessionToken }),
      ...as.headers,
    },
    body: JSON.stringify({ ...params(), ...more }),
  });
  const { status, headers } = response;
  return { status, retryAfter: headers.get('retry-after'), headers, body: await response.json() };
}
const isHandled = ({ status }: Json) => status === 200;

describe('too many calls at once', () => {
  it('wait in turns, and one too many is refused with 429 and Retry-After', async () => {
    const { release, first } = holdProvider();
    const begun = [call(team.owner)];
    await first;
    // One in flight and two waiting; the others are refused, whichever they are.
    begun.push(...Array.from({ length: 5 }, () => call(team.owner)));
    const settled = begun.map(async (each) => (await each).status);
    await Promise.race(settled.slice(1));
    // Another caller of the organization, and another organization, have turns of their own.
    const others = [call(team.admin), call(team.owner, await elsewhere())];
    release();
    expect((await Promise.all(others)).map(isHandled)).toEqual([true, true]);
    const responses = await Promise.all(begun);
    const refused = responses.filter((each) => !isHandled(each));
    expect(refused).toHaveLength(3);
    for (const { status, retryAfter, headers, body } of refused) {
      expect([status, body.code]).toEqual([429, TOO_MANY]);
      expect(body.error).toMatch(/^Too many calls .* Try again in \d+ seconds?, /);
      expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
      expect(Number(retryAfter)).toBeLessThanOrEqual(10);
      expect(headers.get('access-control-expose-headers')).toContain('Retry-After');
    }
    const { items } = await hub.as(team.owner).getAuditLog({ organizationId: team.organizationId });
    expect(items.filter(({ code }) => code === TOO_MANY)).toEqual([]);
  });

  it('are refused one by one within a batch', async () => {
    const { release, first } = holdProvider();
    const request = { method: 'POST', path: '/parse/functions/executeIntegration', body: params() };
    const sent = fetch(`${hub.url}/parse/batch`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-parse-application-id': hub.appId,
        'x-parse-session-token': team.owner.sessionToken,
      },
      body: JSON.stringify({ requests: Array.from({ length: 5 }, () => request) }),
    });
    await first;
    release();
    const response = await sent;
    expect([response.status, Number(response.headers.get('retry-after'))]).toEqual([200, 1]);
    const parts: Json = await response.json();
    const codes = parts.map(({ error }: Json) => error?.code ?? 'ok').sort();
    expect(codes).toEqual([TOO_MANY, TOO_MANY, 'ok', 'ok', 'ok']);
  });

  it('are refused when their turn does not come in time', async () => {
    const { release, first } = holdProvider();
    const running = call(team.owner);
    await first;
    const late = call(team.owner);
    // It waits before the next call of this caller, which finds the queue full, is refused.
    await Promise.race([call(team.owner), call(team.owner)]);
    hub.clock.advance(30_000);
    expect(await late).toMatchObject({ status: 429, body: { code: TOO_MANY } });
    release();
    expect(await running).toMatchObject({ status: 200 });
  });

  it('do not hold up the master key, nor other functions', async () => {
    const { release, first } = holdProvider();
    const running = Array.from({ length: 3 }, () => call(team.owner));
    await first;
    provider.onRequest = undefined;
    const { status } = await hub.call('executeIntegration', params(), master);
    expect(status).toBe(200);
    const { organizationId } = team;
    expect((await hub.call('getWebhooks', { organizationId }, team.owner)).status).toBe(200);
    release();
    await Promise.all(running);
  });

  it('are counted for each key', async () => {
    const { organizationId } = team;
    const make = async () => {
      const scopes = ['integrations:execute'];
      const given = { organizationId, name: 'k', scopes };
      return (await hub.as(team.owner).createApiKey(given)).key;
    };
    const [one, other] = [await make(), await make()];
    const { release, first } = holdProvider();
    const running = call({ headers: { 'x-api-key': one } });
    await first;
    const more = Array.from({ length: 4 }, () => call({ headers: { 'x-api-key': one } }));
    await Promise.race(more);
    const another = call({ headers: { 'x-api-key': other } });
    release();
    expect((await another).status).toBe(200);
    const statuses = (await Promise.all([running, ...more])).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
  });
});

async function elsewhere(): Promise<object> {
  const organizationId = await anotherOrganization(hub, team);
  return { organizationId, integrationId: await integrationOf(organizationId) };
}
