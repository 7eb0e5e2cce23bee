// A program that logs in with oauth4webapi: https://github.com/panva/oauth4webapi/blob/main/examples/oauth.ts
import * as oauth from 'oauth4webapi';

export const redirectPath = '/callback';

/** Finds the metadata where RFC 8414 says: https://www.rfc-editor.org/rfc/rfc8414#section-3 */
export async function connect(given) {
  const { issuer, clientId, clientSecret, redirectUri, scope, approve, resource } = given;
  const insecure = { [oauth.allowInsecureRequests]: true };
  const expected = new URL(issuer);
  const as = await oauth
    .discoveryRequest(expected, { algorithm: 'oauth2', ...insecure })
    .then((response) => oauth.processDiscoveryResponse(expected, response));
  const client = { client_id: clientId };
  const auth = oauth.ClientSecretPost(clientSecret);

  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const url = new URL(as.authorization_endpoint);
  url.searchParams.set('client_id', clientId);
  url.searchParams.set('redirect_uri', redirectUri);
  url.searchParams.set('response_type', 'code');
  url.searchParams.set('scope', scope);
  url.searchParams.set('state', state);
  url.searchParams.set('code_challenge', await oauth.calculatePKCECodeChallenge(verifier));
  url.searchParams.set('code_challenge_method', 'S256');
  const parameters = oauth.validateAuthResponse(as, client, await approve(url.href), state);
  const first = await oauth
    .authorizationCodeGrantRequest(as, client, auth, parameters, redirectUri, verifier, insecure)
    .then((response) => oauth.processAuthorizationCodeResponse(as, client, response));
  const called = await oauth.protectedResourceRequest(
    first.access_token,
    'POST',
    new URL(resource),
    new Headers({ 'content-type': 'application/json' }),
    '{}',
    insecure,
  );
  if (!called.ok) throw new Error(await called.text());

  let last = first;
  return {
    accessToken: first.access_token,
    async refresh() {
      last = await oauth
        .refreshTokenGrantRequest(as, client, auth, last.refresh_token, insecure)
        .then((response) => oauth.processRefreshTokenResponse(as, client, response));
      return last.access_token;
    },
    revoke: () =>
      oauth
        .revocationRequest(as, client, auth, last.refresh_token, insecure)
        .then(oauth.processRevocationResponse),
  };
}
