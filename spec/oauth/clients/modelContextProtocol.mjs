// A program that logs in with the client of the MCP SDK: https://modelcontextprotocol.io/specification/draft/basic/authorization
import { randomBytes } from 'node:crypto';

import { auth, extractWWWAuthenticateParams } from '@modelcontextprotocol/sdk/client/auth.js';

export const redirectPath = '/callback';

/** Follows the challenge of a refused request to the metadata of the resource, and from there to the authorization server. */
export async function connect(given) {
  const { clientId, clientSecret, redirectUri, scope, approve, resource } = given;
  const stored = {};
  const provider = {
    redirectUrl: redirectUri,
    clientMetadata: { redirect_uris: [redirectUri], scope },
    state: () => (stored.state = randomBytes(16).toString('base64url')),
    clientInformation: () => stored.client ?? { client_id: clientId, client_secret: clientSecret },
    saveClientInformation: (information) => {
      stored.client = information;
    },
    tokens: () => stored.tokens,
    saveTokens: (tokens) => {
      stored.tokens = tokens;
    },
    redirectToAuthorization: (url) => {
      stored.url = url;
    },
    saveCodeVerifier: (verifier) => {
      stored.verifier = verifier;
    },
    codeVerifier: () => stored.verifier,
  };
  // As with a token that has ended: without one, Parse Server asks for the id of its application instead.
  const headers = { authorization: `Bearer hub_oat_${'A'.repeat(43)}` };
  const refused = await fetch(resource, { method: 'POST', headers });
  const { resourceMetadataUrl } = extractWWWAuthenticateParams(refused);
  if (resourceMetadataUrl === undefined) throw new Error('There is no challenge with metadata.');
  const options = { serverUrl: resource, resourceMetadataUrl };

  if ((await auth(provider, options)) !== 'REDIRECT') throw new Error('Nobody was asked.');
  const url = await approve(stored.url.href);
  if (url.searchParams.get('state') !== stored.state) throw new Error('The state is another one.');
  await auth(provider, { ...options, authorizationCode: url.searchParams.get('code') });
  return {
    accessToken: stored.tokens.access_token,
    async refresh() {
      if ((await auth(provider, options)) !== 'AUTHORIZED')
        throw new Error('It was not refreshed.');
      return stored.tokens.access_token;
    },
  };
}
