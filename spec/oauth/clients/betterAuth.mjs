// A site whose visitors log in with better-auth: https://better-auth.com/docs/plugins/generic-oauth
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { genericOAuth } from 'better-auth/plugins';
import express from 'express';

export const redirectPath = '/api/auth/callback/hub';

export async function connect(given) {
  const { issuer, clientId, clientSecret, origin, scope, serve, visit } = given;
  const auth = betterAuth({
    baseURL: origin,
    secret: 'cookies-of-the-site-0123456789abcdef',
    database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
    telemetry: { enabled: false },
    plugins: [
      genericOAuth({
        config: [
          {
            providerId: 'hub',
            clientId,
            clientSecret,
            discoveryUrl: `${issuer}/.well-known/openid-configuration`,
            requireIdTokenVerification: true,
            scopes: scope.split(' '),
            mapProfileToUser: (profile) => ({ name: profile.preferred_username }),
          },
        ],
      }),
    ],
  });

  const app = express();
  app.all('/api/auth/*path', toNodeHandler(auth));
  app.get('/login', async (req, res) => {
    const { headers, response } = await auth.api.signInSocial({
      body: { provider: 'hub', callbackURL: '/' },
      headers: new Headers(req.headers),
      returnHeaders: true,
    });
    res.setHeaders(headers).redirect(response.url);
  });
  const withSession = (ask) => async (req, res) => {
    const headers = new Headers(req.headers);
    const [{ id }] = await auth.api.listUserAccounts({ headers });
    res.json(await ask({ body: { accountId: id }, headers }));
  };
  app.get('/', withSession(auth.api.getAccessToken));
  app.get('/refresh', withSession(auth.api.refreshToken));
  serve(app);

  const { page, browser } = await visit('/login');
  return {
    accessToken: JSON.parse(page.html).accessToken,
    async refresh() {
      const { page: refreshed } = await browser.open('/refresh');
      return JSON.parse(refreshed.html).accessToken;
    },
  };
}
