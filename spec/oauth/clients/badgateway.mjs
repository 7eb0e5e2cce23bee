// A program that logs in with @badgateway/oauth2-client: https://github.com/badgateway/oauth2-client
import { generateCodeVerifier, OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client';

export const redirectPath = '/callback';

export async function connect(given) {
  const { issuer, clientId, clientSecret, redirectUri, scope, approve, resource } = given;
  const { origin, pathname } = new URL(issuer);
  const client = new OAuth2Client({
    server: origin,
    clientId,
    clientSecret,
    discoveryEndpoint: `/.well-known/oauth-authorization-server${pathname}`,
  });
  const codeVerifier = await generateCodeVerifier();
  const request = { redirectUri, state: 'some-state', codeVerifier };
  const start = await client.authorizationCode.getAuthorizeUri({
    ...request,
    scope: scope.split(' '),
  });
  const url = await approve(start);
  let token = await client.authorizationCode.getTokenFromCodeRedirect(url, request);
  const { accessToken } = token;

  const wrapper = new OAuth2Fetch({
    client,
    getNewToken: () => token,
    storeToken: (stored) => {
      token = stored;
    },
  });
  const called = await wrapper.fetch(resource, { method: 'POST' });
  if (!called.ok) throw new Error(await called.text());
  return {
    accessToken,
    async refresh() {
      token = await client.refreshToken(token);
      return token.accessToken;
    },
    revoke: () => client.revoke(token, 'refresh_token'),
  };
}
