// A site whose visitors log in with Auth.js: https://authjs.dev/guides/configuring-oauth-providers
import { ExpressAuth, getSession } from '@auth/express';
import express from 'express';

export const redirectPath = '/auth/callback/hub';

/** With a provider of the type `oidc`, which finds the addresses by discovery. */
export const connectByOidc = (given) =>
  connect({ ...given, provider: { type: 'oidc', issuer: given.issuer } });

/** With a provider of the type `oauth`, whose addresses are written down. */
export const connectByOAuth = (given) =>
  connect({
    ...given,
    provider: {
      type: 'oauth',
      issuer: given.issuer,
      token: `${given.issuer}/token`,
      userinfo: `${given.issuer}/me`,
      checks: ['pkce', 'state'],
      // By default it expects RS256.
      client: { id_token_signed_response_alg: 'ES256' },
    },
  });

async function connect({ issuer, clientId, clientSecret, scope, serve, visit, provider }) {
  const config = {
    secret: 'cookies-of-the-site-0123456789abcdef',
    trustHost: true,
    providers: [
      {
        id: 'hub',
        name: 'Hub',
        ...provider,
        clientId,
        clientSecret,
        authorization: { url: `${issuer}/auth`, params: { scope } },
        profile: (profile) => ({
          id: profile.sub,
          name: profile.preferred_username,
          email: profile.email,
        }),
      },
    ],
    // https://authjs.dev/guides/refresh-token-rotation
    callbacks: {
      async jwt({ token, account, trigger }) {
        if (account)
          return {
            ...token,
            accessToken: account.access_token,
            refreshToken: account.refresh_token,
            expiresAt: account.expires_at,
          };
        return trigger === 'update' ? refreshed(token) : token;
      },
      session: ({ session, token }) => ({ ...session, accessToken: token.accessToken }),
    },
  };

  async function refreshed(token) {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecret,
        grant_type: 'refresh_token',
        refresh_token: token.refreshToken,
      }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(body));
    return { ...token, accessToken: body.access_token, refreshToken: body.refresh_token };
  }

  const app = express();
  // It reads its path from the first group, as Express 4 would name it.
  app.use(/^\/auth\/(.*)/, ExpressAuth(config));
  app.get('/', async (req, res) => res.json(await getSession(req, config)));
  serve(app);

  const { page, browser } = await visit('/auth/signin');
  const { accessToken } = JSON.parse(page.html);
  return {
    accessToken,
    async refresh() {
      const { csrfToken } = JSON.parse((await browser.open('/auth/csrf')).page.html);
      // What `update()` of its React client sends.
      const updated = await browser.send('/auth/session', { csrfToken, data: {} });
      return JSON.parse(updated).accessToken;
    },
  };
}
