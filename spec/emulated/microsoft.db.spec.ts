import { microsoft } from '../../templates/microsoft/index.js';
import { at } from './at.js';
import { recordRequests } from './requests.js';
import { CLIENT, type Input, startWorld, type World } from './world.js';

const HOUR = 3_600_000;
const FIELDS = { tenant: 'common' };

// The emulator supports only profiles of Graph: mail, calendars and Teams are not tested, and nothing is written. It lacks
// /organization, with which an app without a user is tested, so none connects. It refuses no token, because it accepts an
// unknown one as that of its first account.
describe('Microsoft 365', () => {
  let world: World;
  let connectionId: string;
  let integration: string;
  beforeAll(async () => {
    world = await startWorld({
      service: 'microsoft',
      connectors: (url) => [
        at(microsoft, {
          servers: { graph: `${url}/v1.0` },
          consent: {
            oauth: {
              authorizeUrl: `${url}/oauth2/v2.0/authorize`,
              tokenUrl: `${url}/oauth2/v2.0/token`,
            },
          },
        }),
      ],
      seed: (callback) => ({
        users: [
          { email: 'grace@contoso.com', name: 'Grace Hopper' },
          { email: 'ada@contoso.com', name: 'Ada Lovelace' },
        ],
        oauth_clients: [
          {
            client_id: CLIENT.clientId,
            client_secret: CLIENT.clientSecret,
            name: 'The hub',
            redirect_uris: [callback],
          },
        ],
      }),
    });
    connectionId = await connect('ada@contoso.com');
    integration = await world.integrate('microsoftEmulated', connectionId);
  });
  afterAll(() => world.stop());

  const connect = (login: string) =>
    world.connectByConsent('microsoftEmulated', login, { fields: FIELDS });
  const call = (action: string, input: Input = {}) => world.call(integration, action, input);

  it('is connected by the consent of the user who signs in there, tested and disconnected', async () => {
    const id = await connect('grace@contoso.com');
    const { connection } = await world.client().testConnection({ connectionId: id });
    expect(connection).toMatchObject({
      state: 'connected',
      identity: { name: 'grace@contoso.com' },
      grantedScopes: expect.arrayContaining(['offline_access', 'Mail.Send', 'Chat.ReadWrite']),
    });
    // Microsoft has no endpoint to revoke a token: the hub only deletes it.
    const left = await world.client().disconnectConnection({ connectionId: id });
    expect(left.connection.state).toBe('disconnected');
  });

  it('refuses the client with a wrong secret', async () => {
    const page = await world.consentInVain('microsoftEmulated', 'ada@contoso.com', {
      fields: FIELDS,
    });
    expect(page).toContain('The client_secret is incorrect.');
  });

  it('reads the profile of the user who consented, and of another', async () => {
    const me = await call('getUser');
    expect(me).toMatchObject({
      displayName: 'Ada Lovelace',
      mail: 'ada@contoso.com',
      userPrincipalName: 'ada@contoso.com',
    });
    expect((await world.connectionOf(connectionId)).identity.id).toBe(me.id);
    expect(await call('getUser', { userId: me.id })).toMatchObject({ displayName: 'Ada Lovelace' });
    const graces = await world.integrate('microsoftEmulated', await connect('grace@contoso.com'));
    const grace = await world.call(graces, 'getUser');
    expect(grace.displayName).toBe('Grace Hopper');
    expect(await call('getUser', { userId: grace.id })).toMatchObject({ mail: grace.mail });
    const missing = world.callInVain(integration, 'getUser', { userId: 'nobody' });
    expect(await missing).toEqual({
      code: 8012,
      message: expect.stringContaining("Resource 'nobody' does not exist"),
    });
  });

  it('has its expired token refreshed once, with the latest refresh token', async () => {
    const requests = recordRequests();
    try {
      for (const nth of [1, 2]) {
        world.hub.clock.advance(2 * HOUR);
        await Promise.all([1, 2, 3, 4, 5].map(() => call('getUser')));
        const refreshed = requests.lines.filter((line) => line.includes('/token'));
        expect(refreshed).toEqual(Array(nth).fill('POST /oauth2/v2.0/token 200'));
      }
    } finally {
      requests.stop();
    }
    const { expiresAt } = await world.connectionOf(connectionId);
    expect(Date.parse(expiresAt)).toBeGreaterThan(world.hub.clock.now().getTime());
  });
});
