import type { AnyAction } from '../../src/contract/index.js';
import { slack } from '../../templates/slack/index.js';
import type { Json } from '../support/hub.js';
import { at } from './at.js';
import { CLIENT, type Input, refusal, startWorld, type World } from './world.js';

const TOKEN = 'xoxb-of-grace';
const POOR_TOKEN = 'xoxb-that-may-only-read';
const DEAD_TOKEN = 'xoxb-of-nobody';
const SCOPES = ['channels:history', 'channels:manage', 'reactions:write'];

/**
 * Methods that the emulator accepts only by POST and Slack by both, as its documentation shows GET:
 * https://docs.slack.dev/apis/web-api/#basics
 */
function byPost(action: AnyAction): AnyAction {
  return {
    ...action,
    request(input) {
      const { method, path, query, body } = action.request(input);
      if (method === 'POST') return { method, path, ...(body && { body }) };
      return { method: 'POST', path, body: { form: query ?? {} } };
    },
    ...(action.pages?.kind === 'cursor' && { pages: { ...action.pages, in: 'body' } }),
  };
}

// The emulator lacks auth.revoke, so that disconnecting revokes nothing; the rotation of tokens, so that none expires;
// the header with a token's scopes; and limits.
describe('Slack', () => {
  let world: World;
  let integration: string;
  beforeAll(async () => {
    world = await startWorld({
      service: 'slack',
      connectors: (url) => [
        at(slack, {
          servers: { api: `${url}/api` },
          consent: {
            oauth: {
              authorizeUrl: `${url}/oauth/v2/authorize`,
              tokenUrl: `${url}/api/oauth.v2.access`,
            },
          },
          instead: { actions: slack.actions.map(byPost) },
        }),
      ],
      seed: (callback) => ({
        team: { name: 'Acme', domain: 'acme' },
        users: [
          { name: 'grace', real_name: 'Grace Hopper', email: 'grace@example.com' },
          { name: 'ada', real_name: 'Ada Lovelace', email: 'ada@example.com' },
        ],
        channels: [{ name: 'compilers' }],
        oauth_apps: [
          {
            client_id: CLIENT.clientId,
            client_secret: CLIENT.clientSecret,
            name: 'The hub',
            redirect_uris: [callback],
            bot_name: 'hubbot',
          },
        ],
        tokens: [
          { token: TOKEN, user: 'grace' },
          { token: POOR_TOKEN, user: 'ada', scopes: ['channels:read', 'users:read'] },
        ],
        strict_scopes: true,
      }),
      deadTokens: [DEAD_TOKEN],
    });
    integration = await world.integrate('slackEmulated', (await byToken()).id);
  });
  afterAll(() => world.stop());
  // Slack allows one message a second.
  afterEach(() => world.hub.clock.advance(2_000));

  const byToken = async (token = TOKEN) => {
    const { connection } = await world.client().createConnection({
      connector: 'slackEmulated',
      authMethod: 'botToken',
      name: 'Ours',
      credential: { token },
    });
    return connection;
  };
  const call = (action: string, input: Input = {}) => world.call(integration, action, input);
  const channelOf = async (name: string) => {
    const { channels } = await call('listChannels');
    return channels.find((each: Json) => each.name === name).id;
  };

  it('is connected by a token, tested and disconnected', async () => {
    const { id } = await byToken();
    const { connection } = await world.client().testConnection({ connectionId: id });
    expect(connection).toMatchObject({ state: 'connected', identity: { name: 'grace' } });
    const left = await world.client().disconnectConnection({ connectionId: id });
    expect(left.connection.state).toBe('disconnected');
  });

  it('is connected by consent, as the bot of the app', async () => {
    const id = await world.connectByConsent('slackEmulated', 'ada', { scopes: SCOPES });
    expect(await world.connectionOf(id)).toMatchObject({
      state: 'connected',
      identity: { name: 'hubbot' },
      grantedScopes: ['channels:read', 'chat:write', 'users:read', ...SCOPES],
    });
    const bots = await world.integrate('slackEmulated', id);
    const { channel } = await world.call(bots, 'createChannel', { name: 'of-the-bot' });
    const sent = await world.call(bots, 'sendMessage', { channel: channel.id, text: 'Hello' });
    const { messages } = await world.call(bots, 'getMessages', { channel: channel.id });
    expect(messages).toMatchObject([{ ts: sent.ts, text: 'Hello' }]);
    await world.client().disconnectConnection({ connectionId: id });
    expect((await world.connectionOf(id)).state).toBe('disconnected');
  });

  it('refuses an unknown token, and the client with a wrong secret', async () => {
    expect(await refusal(byToken(DEAD_TOKEN))).toMatchObject({
      code: 7710,
      message: expect.stringContaining('invalid_auth'),
    });
    expect(await world.consentInVain('slackEmulated', 'ada')).toContain('invalid_client_id');
  });

  it('handles messages: sent with blocks, read, changed, reacted to, deleted', async () => {
    const channel = await channelOf('compilers');
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*Deployed* & well' } }];
    const { ts } = await call('sendMessage', { channel, text: 'Deployed', blocks });
    const read = async () => (await call('getMessages', { channel })).messages;
    expect(await read()).toMatchObject([{ ts, text: 'Deployed', blocks }]);
    await call('updateMessage', { channel, ts, text: 'Deployed 1.2.3' });
    await call('addReaction', { channel, timestamp: ts, name: 'tada' });
    expect(await read()).toMatchObject([
      { text: 'Deployed 1.2.3', reactions: [{ name: 'tada', count: 1 }] },
    ]);
    const again = { channel, timestamp: ts, name: 'tada' };
    expect(await world.callInVain(integration, 'addReaction', again)).toMatchObject({ code: 8013 });
    await call('deleteMessage', { channel, ts });
    expect(await read()).toEqual([]);
    expect(await world.callInVain(integration, 'deleteMessage', { channel, ts })).toMatchObject({
      code: 8012,
      message: expect.stringContaining('message_not_found'),
    });
  });

  it('handles channels and people: created, invited, listed page by page', async () => {
    const { channel } = await call('createChannel', { name: 'engines' });
    expect(await channelOf('engines')).toBe(channel.id);
    expect(await world.callInVain(integration, 'createChannel', { name: 'engines' })).toMatchObject(
      {
        code: 8013,
      },
    );
    const people: Json[] = [];
    const request = { integrationId: integration, action: 'listUsers', input: { limit: 2 } };
    let cursor: string | undefined;
    do {
      const page = await world
        .client()
        .executeIntegration({ ...request, ...(cursor && { cursor }) });
      people.push(...(page.output as Json).members);
      cursor = page.nextCursor;
    } while (cursor);
    const ada = people.find(({ name }) => name === 'ada');
    expect(await call('getUser', { user: ada.id })).toMatchObject({ user: { name: 'ada' } });
    const invited = await call('inviteToChannel', { channel: channel.id, users: [ada.id] });
    expect(invited.channel).toMatchObject({ id: channel.id, num_members: 2 });
  });

  it('names the scope that a token lacks', async () => {
    const poor = await world.integrate('slackEmulated', (await byToken(POOR_TOKEN)).id);
    const sent = world.callInVain(poor, 'sendMessage', { channel: 'C000000001', text: 'Hello' });
    expect(await sent).toMatchObject({
      code: 8011,
      message: expect.stringContaining('missing_scope'),
    });
  });
});
