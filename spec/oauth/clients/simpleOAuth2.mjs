// A program that logs in with simple-oauth2: https://github.com/lelylan/simple-oauth2
import { createHash, randomBytes } from 'node:crypto';

import { AuthorizationCode } from 'simple-oauth2';

export const redirectPath = '/callback';

export async function connect({ issuer, clientId, clientSecret, redirectUri, scope, approve }) {
  const { origin, pathname } = new URL(issuer);
  const client = new AuthorizationCode({
    client: { id: clientId, secret: clientSecret },
    auth: {
      tokenHost: origin,
      tokenPath: `${pathname}/token`,
      authorizePath: `${pathname}/auth`,
      revokePath: `${pathname}/token/revocation`,
    },
    // A revocation is answered without a body, which its default, `strict`, would not accept.
    http: { json: true },
  });
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const url = await approve(
    client.authorizeURL({
      redirect_uri: redirectUri,
      scope,
      state,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    }),
  );
  if (url.searchParams.get('state') !== state) throw new Error('The state is another one.');
  const first = await client.getToken({
    code: url.searchParams.get('code'),
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  let last = first;
  return {
    accessToken: first.token.access_token,
    async refresh() {
      // As a program does that has stored the token.
      last = await client.createToken(JSON.parse(JSON.stringify(last))).refresh();
      return last.token.access_token;
    },
    revoke: () => last.revokeAll(),
  };
}
