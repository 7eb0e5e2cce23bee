import { readTokens } from '../../src/connections/tokens/response.js';
import { github } from '../../templates/github/index.js';
import { slack } from '../../templates/slack/index.js';

const NOW = new Date('2026-11-21T12:00:00Z');

const read = (authMethod: Parameters<typeof readTokens>[0], body: unknown) =>
  readTokens(authMethod, { status: 200, headers: {}, body }, NOW);

describe('a token endpoint that returns 200 for every request', () => {
  const { oauth: ofGithub } = github.auth;
  const { oauth: ofSlack } = slack.auth;

  it.each([
    // https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
    [ofGithub, { access_token: 'gho_1', scope: 'repo,gist', token_type: 'bearer' }],
    // https://docs.slack.dev/reference/methods/oauth.v2.access
    [ofSlack, { ok: true, access_token: 'gho_1', scope: 'repo,gist', token_type: 'bot' }],
  ])('gives a token if the response does not report a failure', (authMethod, body) => {
    expect(read(authMethod, body)).toEqual({
      tokens: { accessToken: 'gho_1', scopes: ['repo', 'gist'], kept: {} },
    });
  });

  it.each([
    [ofGithub, { error: 'bad_verification_code', error_description: 'It is incorrect.' }],
    [ofSlack, { ok: false, error: 'bad_verification_code' }],
  ])('gives none if the response reports a failure', (authMethod, body) => {
    expect(read(authMethod, body)).toMatchObject({ failure: { code: 'bad_verification_code' } });
  });
});
