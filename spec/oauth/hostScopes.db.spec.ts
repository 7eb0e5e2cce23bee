import * as client from 'openid-client';

import { type Json, master } from '../support/hub.js';
import { type MadeApp, type OAuthSetting, startOAuth } from './setting.js';

const SCOPES = {
  'posts:read': {
    description: 'Read posts',
    classes: { Post: ['get', 'find'] },
    functions: ['whoCalls'],
  },
  'posts:write': {
    description: 'Write posts',
    classes: { Post: ['create'] },
    roles: ['owner'],
  },
} as const;
const OPEN = { '*': true };

let oauth: OAuthSetting;
let callerOf: ((request: object) => Promise<Json>) | undefined;
beforeAll(async () => {
  const cloud = (Parse: Json) => {
    Parse.Cloud.define('whoCalls', async (request: Json) => {
      const caller = await callerOf?.(request);
      return { user: request.user?.id, ...caller, permissions: [...(caller?.permissions ?? [])] };
    });
    Parse.Cloud.define('closed', () => 'open after all');
  };
  oauth = await startOAuth({ hub: { scopes: SCOPES }, host: { cloud } });
  ({ callerOf } = oauth.hub);
  for (const className of ['Post', 'Secret']) {
    const classLevelPermissions = { find: OPEN, get: OPEN, create: OPEN, count: OPEN };
    await oauth.hub.rest('POST', `/schemas/${className}`, master, { classLevelPermissions });
    await oauth.hub.rest('POST', `/classes/${className}`, master, { word: className });
  }
});
afterAll(() => oauth.hub.stop());

const withToken = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
async function tokenOf(app: MadeApp, scope: string): Promise<string> {
  const configuration = await oauth.discover(app);
  return (await client.clientCredentialsGrant(configuration, { scope })).access_token;
}
const makeProgram = (scopes: string[]) =>
  oauth.make({ grants: ['clientCredentials'], redirectUris: [], scopes });

describe('a token with a scope of the host', () => {
  it('has access to the classes and functions of the scope, as its user', async () => {
    const app = await makeProgram(['posts:read']);
    const as = withToken(await tokenOf(app, 'posts:read'));
    const { rest, call } = oauth.hub;
    expect(await rest('GET', '/classes/Post', as)).toMatchObject({
      status: 200,
      body: { results: [{ word: 'Post' }] },
    });
    const batch = { requests: [{ method: 'GET', path: '/parse/classes/Post' }] };
    expect((await rest('POST', '/batch', as, batch)).body).toMatchObject([
      { success: { results: [{ word: 'Post' }] } },
    ]);
    expect((await call('whoCalls', {}, as)).body.result).toMatchObject({
      user: oauth.team.owner.id,
      oauthAppId: app.id,
      permissions: ['posts:read'],
    });
  });

  it('has access to nothing else, by any entry point', async () => {
    const app = await makeProgram(['posts:read', 'posts:write']);
    const as = withToken(await tokenOf(app, 'posts:read'));
    const { rest, call } = oauth.hub;
    expect((await rest('GET', '/classes/Secret', as)).body.code).toBe(8113);
    expect((await rest('POST', '/classes/Post', as, { word: 'x' })).body.code).toBe(8113);
    expect((await rest('GET', '/classes/Post?count=1&limit=0', as)).body.code).toBe(8113);
    const inner = { word: { $inQuery: { where: {}, className: 'Secret' } } };
    const where = encodeURIComponent(JSON.stringify(inner));
    expect((await rest('GET', `/classes/Post?where=${where}`, as)).status).not.toBe(200);
    expect((await call('closed', {}, as)).body.code).toBe(8113);
    expect((await rest('GET', '/users', as)).status).toBe(403);
    expect((await rest('GET', '/schemas', as)).status).toBe(403);
  });

  it('is revoked with the app there too', async () => {
    const { hub, team, organizationId } = oauth;
    const app = await makeProgram(['posts:read']);
    const as = withToken(await tokenOf(app, 'posts:read'));
    expect((await hub.rest('GET', '/classes/Post', as)).status).toBe(200);
    await hub.as(team.owner).deleteOAuthApp({ organizationId, oauthAppId: app.id });
    expect(await hub.rest('GET', '/classes/Post', as)).toMatchObject({
      status: 401,
      body: { code: 7011 },
    });
  });
});
