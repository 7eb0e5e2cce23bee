import { github } from '../../templates/github/index.js';
import type { Json } from '../support/hub.js';
import { at } from './at.js';
import { CLIENT, type Input, refusal, startWorld, type World } from './world.js';

const TOKEN = `ghp_${'a'.repeat(36)}`;
const DEAD_TOKEN = `ghp_${'d'.repeat(36)}`;
const HERE = { owner: 'grace', repo: 'compiler' };

// The emulator issues no refresh tokens, like GitHub for OAuth apps, does not check PKCE, and has only the hourly limit.
describe('GitHub', () => {
  let world: World;
  let integration: string;
  beforeAll(async () => {
    world = await startWorld({
      service: 'github',
      connectors: (url) => [
        at(github, {
          servers: { api: url },
          consent: {
            oauth: {
              authorizeUrl: `${url}/login/oauth/authorize`,
              tokenUrl: `${url}/login/oauth/access_token`,
            },
          },
        }),
      ],
      seed: (callback) => ({
        users: [
          { login: 'grace', name: 'Grace Hopper', email: 'grace@example.com' },
          { login: 'ada', name: 'Ada Lovelace', email: 'ada@example.com' },
        ],
        repos: [{ owner: 'grace', name: 'compiler', auto_init: true, language: 'COBOL' }],
        oauth_apps: [
          {
            client_id: CLIENT.clientId,
            client_secret: CLIENT.clientSecret,
            name: 'The hub',
            redirect_uris: [callback],
          },
        ],
      }),
      deadTokens: [DEAD_TOKEN],
    });
    integration = await world.integrate('githubEmulated', (await byToken()).id);
  });
  afterAll(() => world.stop());

  const byToken = async (token = TOKEN) => {
    const { connection } = await world.client().createConnection({
      connector: 'githubEmulated',
      authMethod: 'token',
      name: 'Ours',
      credential: { token },
    });
    return connection;
  };
  const call = (action: string, input: Input = {}) =>
    world.call(integration, action, { ...HERE, ...input });
  const numbersOf = (issues: Json) => issues.map(({ number }: Json) => number);

  it('is connected by a token, tested and disconnected', async () => {
    const { id } = await byToken();
    const { connection } = await world.client().testConnection({ connectionId: id });
    expect(connection).toMatchObject({ state: 'connected', identity: { name: 'grace' } });
    const left = await world.client().disconnectConnection({ connectionId: id });
    expect(left.connection.state).toBe('disconnected');
  });

  it('is connected by the consent of the user who signs in there', async () => {
    const id = await world.connectByConsent('githubEmulated', 'ada', { scopes: ['workflow'] });
    expect(await world.connectionOf(id)).toMatchObject({
      state: 'connected',
      identity: { name: 'ada' },
      grantedScopes: ['repo', 'read:user', 'workflow'],
    });
    const adas = await world.integrate('githubEmulated', id);
    const issue = await world.call(adas, 'createIssue', { ...HERE, title: 'Of Ada' });
    expect(issue.user.login).toBe('ada');
    await world.client().disconnectConnection({ connectionId: id });
    expect((await world.connectionOf(id)).state).toBe('disconnected');
  });

  it('refuses an unknown token, and the client with a wrong secret', async () => {
    expect(await refusal(byToken(DEAD_TOKEN))).toMatchObject({ code: 7710 });
    const page = await world.consentInVain('githubEmulated', 'ada');
    expect(page).toContain('The client_id and/or client_secret passed are incorrect.');
  });

  it('handles issues: opened, read, commented, closed, listed page by page', async () => {
    const made = await call('createIssue', { title: 'Moth', body: 'In relay 70', labels: ['bug'] });
    const one = { issue_number: made.number };
    expect(await call('getIssue', one)).toMatchObject({ title: 'Moth', body: 'In relay 70' });
    await call('createComment', { ...one, body: 'Taped to the log' });
    expect(await call('listComments', one)).toMatchObject([{ body: 'Taped to the log' }]);
    await call('updateIssue', { ...one, state: 'closed', state_reason: 'completed' });
    expect(await call('getIssue', one)).toMatchObject({ state: 'closed' });
    const other = await call('createIssue', { title: 'Another' });

    const request = {
      integrationId: integration,
      action: 'listIssues',
      input: { ...HERE, state: 'all', creator: 'grace', per_page: 1 },
    };
    const first = await world.client().executeIntegration(request);
    expect(numbersOf(first.output)).toEqual([other.number]);
    const second = await world
      .client()
      .executeIntegration({ ...request, cursor: first.nextCursor });
    expect(numbersOf(second.output)).toEqual([made.number]);
  });

  it('handles files: written, read, changed, deleted', async () => {
    const file = { path: 'docs/notes & plans.md' };
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const put = await call('putFile', { ...file, message: 'Add', content: base64('one') });
    const read = await call('getFile', file);
    expect(read).toMatchObject({ sha: put.content.sha });
    expect(Buffer.from(read.content, 'base64').toString()).toBe('one');
    await call('putFile', { ...file, message: 'Change', content: base64('two'), sha: read.sha });
    const changed = await call('getFile', file);
    expect(Buffer.from(changed.content, 'base64').toString()).toBe('two');
    const commits = await call('listCommits', { path: file.path });
    expect(commits.map(({ commit }: Json) => commit.message)).toEqual(['Change', 'Add']);
    await call('deleteFile', { ...file, message: 'Remove', sha: changed.sha });
    const gone = world.callInVain(integration, 'getFile', { ...HERE, ...file });
    expect(await gone).toMatchObject({ code: 8012 });
  });

  it('merges a pull request of a new branch', async () => {
    const [main] = await call('listBranches');
    await call('createBranch', { branch: 'fix', sha: main.commit.sha });
    const content = Buffer.from('fixed').toString('base64');
    await call('putFile', { path: 'fix.txt', message: 'Fix', content, branch: 'fix' });
    const pull = await call('createPullRequest', { title: 'Fix', head: 'fix', base: main.name });
    const one = { pull_number: pull.number };
    await call('mergePullRequest', one);
    expect(await call('getPullRequest', one)).toMatchObject({ state: 'closed', merged: true });
    expect(await call('getFile', { path: 'fix.txt' })).toHaveProperty('sha');
  });
});
