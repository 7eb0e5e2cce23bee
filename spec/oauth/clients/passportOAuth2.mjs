// A site whose visitors log in with passport-oauth2: https://www.passportjs.org/packages/passport-oauth2/
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OAuth2Strategy from 'passport-oauth2';

export const redirectPath = '/auth/hub/callback';

export async function connect(given) {
  const { issuer, clientId, clientSecret, redirectUri, scope, serve, visit } = given;
  const authenticator = new passport.Passport();
  const strategy = new OAuth2Strategy(
    {
      authorizationURL: `${issuer}/auth`,
      tokenURL: `${issuer}/token`,
      clientID: clientId,
      clientSecret,
      callbackURL: redirectUri,
      scope: scope.split(' '),
      state: true,
      pkce: true,
    },
    // eslint-disable-next-line max-params -- the library's
    (accessToken, refreshToken, _profile, done) => {
      done(null, { accessToken, refreshToken });
    },
  );
  authenticator.use(strategy);
  authenticator.serializeUser((user, done) => done(null, user));
  authenticator.deserializeUser((user, done) => done(null, user));

  const app = express();
  app.use(session({ secret: 'cookies-of-the-site', resave: false, saveUninitialized: false }));
  app.use(authenticator.session());
  app.get('/login', authenticator.authenticate('oauth2'));
  app.get(redirectPath, authenticator.authenticate('oauth2'), (_req, res) => res.redirect('/'));
  app.get('/', (req, res) => res.json(req.user));
  serve(app);

  const { page } = await visit('/login');
  let { accessToken, refreshToken } = JSON.parse(page.html);
  return {
    accessToken,
    // The library refreshes through the client that it is built on, as passport-oauth2-refresh does.
    refresh: () =>
      new Promise((resolve, reject) => {
        strategy._oauth2.getOAuthAccessToken(
          refreshToken,
          { grant_type: 'refresh_token' },
          (error, access, refresh) => {
            if (error) return reject(new Error(JSON.stringify(error)));
            [accessToken, refreshToken] = [access, refresh];
            resolve(access);
          },
        );
      }),
  };
}
