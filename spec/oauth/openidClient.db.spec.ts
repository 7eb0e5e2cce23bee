import * as client from 'openid-client';

import { type OAuthSetting, startOAuth } from './setting.js';

let oauth: OAuthSetting;
beforeAll(async () => {
  oauth = await startOAuth();
});
afterAll(() => oauth.hub.stop());

describe('an app of a third party', () => {
  it('gets from discovery to a token by code and PKCE, and refreshes it', async () => {
    const app = await oauth.make();
    const { url, configuration, verifier, state } = await oauth.consent(app);
    expect(url.searchParams.get('iss')).toBe(oauth.issuer);
    const tokens = await client.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: verifier,
      expectedState: state,
    });
    expect(tokens).toMatchObject({
      access_token: expect.stringMatching(/^hub_oat_[\w-]{43}$/),
      refresh_token: expect.stringMatching(/^hub_ort_[\w-]{43}$/),
      expires_in: 600,
      scope: 'webhooks:read',
    });
    const next = await client.refreshTokenGrant(configuration, tokens.refresh_token ?? '');
    expect(next.refresh_token).not.toBe(tokens.refresh_token);
    expect(next.access_token).not.toBe(tokens.access_token);
  });
});
