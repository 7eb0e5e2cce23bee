import { type Json, master, startHub, type TestHub, type TestUser } from '../support/hub.js';
import { APP, arrived, comeBack } from './browser.js';
import { CONSUMER, type OAuth1Service, startOAuth1Service } from './oauth1Service.js';

describe('a service with OAuth 1', () => {
  let hub: TestHub;
  let service: OAuth1Service;
  let owner: TestUser;
  beforeAll(async () => {
    service = await startOAuth1Service();
    hub = await startHub({
      hub: {
        connectors: [service.connector],
        oauthClients: { elder: CONSUMER },
        returnUrls: ['https://app.example.com/'],
      },
    });
    owner = await hub.signUp();
    await hub.as(owner).createOrganization({ name: 'Acme' });
  });
  afterAll(async () => {
    service.close();
    await hub.stop();
  });
  afterEach(() => {
    service.override = undefined;
    expect(service.refused.splice(0)).toEqual([]);
  });

  const client = () => hub.as(owner);
  const params = {
    connector: 'elder',
    authMethod: 'consent',
    name: 'Ours',
    fields: { region: 'eu' },
  };
  const refusal = (call: Promise<unknown>): Promise<Json> =>
    call.then(
      () => undefined,
      ({ code, message }: Json) => ({ code, message }),
    );

  /** Goes from the hub to the service and back, as a browser does. */
  async function consent(url: string): Promise<Response> {
    const begun = await fetch(url, {
      redirect: 'manual' as const,
      headers: { referer: APP },
    });
    const page = begun.headers.get('location') ?? '';
    const back = new URL(service.consent(page));
    return fetch(back, { redirect: 'manual', headers: { cookie: arrived(begun).cookie } });
  }

  async function find(connectionId: string, q: string): Promise<Json> {
    const { integration } = await client().createIntegration({
      name: 'i',
      connector: 'elder',
      connectionId,
    });
    const request = { integrationId: integration.id, action: 'find', input: { q } };
    return (await client().executeIntegration(request)).output;
  }

  it('is connected by consent and called with the same signatures as an independent library makes', async () => {
    const { connection, url } = await client().startConnection(params);
    expect(connection.state).toBe('waiting');
    expect((await consent(url)).status).toBe(200);
    const [connected] = (await client().getConnections({ connector: 'elder' })).items;
    expect(connected).toMatchObject({
      id: connection.id,
      state: 'connected',
      identity: { id: 'acc1', name: 'Grace' },
    });
    const q = "a b+c&d=e!'()*~é😀";
    expect(await find(connection.id, q)).toMatchObject({ q });
    const rows = await hub.rest('GET', '/classes/ServiceConnection', master);
    const seen = JSON.stringify([rows, connected]) + hub.logLines.join('\n');
    for (const secret of service.secrets) expect(seen).not.toContain(secret);
  });

  it('is connected by a page of the host’s that passes the verifier on', async () => {
    const { url } = await client().startConnection({ ...params, browser: false });
    expect(new URL(url).searchParams.get('lang')).toBe('en');
    const back = new URL(service.consent(url)).searchParams;
    const { connection } = await client().finishConnection({
      state: back.get('state') ?? '',
      code: back.get('oauth_verifier') ?? '',
    });
    expect(connection.state).toBe('connected');
  });

  it('is connected with a token that was created there', async () => {
    const { connection } = await client().createConnection({
      ...params,
      authMethod: 'tokens',
      credential: {
        consumerKey: CONSUMER.clientId,
        consumerSecret: CONSUMER.clientSecret,
        ...service.make(),
      },
    });
    expect(connection).toMatchObject({ state: 'connected', identity: { id: 'acc1' } });
    expect(await find(connection.id, 'x')).toMatchObject({ q: 'x' });
  });

  it('is distinguished from one that needs no consent', async () => {
    const { connector } = await client().getConnector({ connector: 'elder' });
    expect(connector.authMethods.map(({ name, consent: needs }) => [name, needs])).toEqual([
      ['consent', true],
      ['tokens', false],
    ]);
    const credential = { clientId: 'a', clientSecret: 'b' };
    expect(await refusal(client().createConnection({ ...params, credential }))).toMatchObject({
      code: 7704,
    });
    expect(
      await refusal(client().startConnection({ ...params, authMethod: 'tokens' })),
    ).toMatchObject({
      code: 7705,
    });
  });

  it.each([
    ['refuses', { status: 401, body: 'Not this consumer' }, 'Not this consumer'],
    ['gives no token', { status: 200, body: 'hello=1' }, 'its response has no token with a secret'],
    [
      'does not confirm the callback',
      { status: 200, body: 'oauth_token=a&oauth_token_secret=b' },
      'it did not confirm the callback',
    ],
    ['repeats a secret', { status: 500, body: `No ${CONSUMER.clientSecret}` }, 'No [removed]'],
  ])('that %s at the beginning leaves nothing', async (_, condition, expectedMessage) => {
    const before = (await client().getConnections({ limit: 100 })).items.length;
    service.override = condition;
    const refused = await refusal(client().startConnection(params));
    expect(refused).toMatchObject({
      code: 7711,
      message: expect.stringContaining(expectedMessage),
    });
    expect((await client().getConnections({ limit: 100 })).items).toHaveLength(before);
  });

  it('that refuses at the end is reported with a message, and the attempt is over', async () => {
    const { url, connection } = await client().startConnection(params);
    const page = await fetch(url, { redirect: 'manual', headers: { referer: APP } });
    const back = new URL(service.consent(page.headers.get('location') ?? ''));
    const state = back.searchParams.get('state') ?? '';
    const { cookie } = arrived(page);
    const callbackResponse = await comeBack(hub.url, {
      state,
      cookie,
      callback: { denied: 'token' },
    });
    expect(await callbackResponse.text()).toContain(
      'The service Elder refused the consent: access was denied',
    );
    const [waiting] = (await client().getConnections({ connector: 'elder' })).items;
    expect(waiting).toMatchObject({ id: connection.id, state: 'waiting' });
    const callback = { oauth_verifier: back.searchParams.get('oauth_verifier') ?? '' };
    const late = await comeBack(hub.url, { state, cookie, callback });
    expect(late.status).toBe(400);
  });

  it('that does not know the verifier refuses', async () => {
    const { url } = await client().startConnection({ ...params, browser: false });
    const state = new URL(service.consent(url)).searchParams.get('state') ?? '';
    expect(await refusal(client().finishConnection({ state, code: 'guess' }))).toEqual({
      code: 7708,
      message: 'The service Elder refused the consent: The verifier is another.',
    });
    expect(service.refused.splice(0)).toEqual(['The verifier is another.']);
  });

  it('has to be reconnected when it no longer accepts the token', async () => {
    const { url, connection } = await client().startConnection({ ...params, browser: false });
    const back = new URL(service.consent(url)).searchParams;
    const [state, code] = [back.get('state') ?? '', back.get('oauth_verifier') ?? ''];
    await client().finishConnection({ state, code });
    service.forget();
    expect(await refusal(find(connection.id, 'x'))).toMatchObject({ code: 8010 });
    expect(service.refused.splice(0)).not.toEqual([]);
    const [lost] = (await client().getConnections({ connector: 'elder' })).items;
    expect(lost).toMatchObject({ id: connection.id, state: 'reconnect' });
  });
});
