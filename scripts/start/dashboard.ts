import { createRequire } from 'node:module';

import type { Application, Express } from 'express';

// parse-dashboard has no types. These are the members used here.
type ParseDashboard = new (
  config: {
    readonly apps: readonly object[];
    readonly users: readonly { readonly user: string; readonly pass: string }[];
  },
  options: { readonly cookieSessionSecret: string; readonly allowInsecureHTTP: boolean },
) => Application;

export interface DashboardOptions {
  /** The address for the administrator's browser. */
  readonly parseUrl: string;
  readonly appId: string;
  readonly masterKey: string;
  readonly user: string;
  readonly password: string;
  readonly sessionSecret: string;
  /** Plain HTTP exposes the password and the master key to the network: allow it only on a developer's machine. */
  readonly allowInsecureHttp: boolean;
}

/** Creates Parse Dashboard as an app to mount. Its browser sends the master key, so MASTER_KEY_IPS must allow its address. */
export function createDashboard(options: DashboardOptions): Application {
  const Dashboard = createRequire(import.meta.url)('parse-dashboard') as ParseDashboard;
  const { parseUrl, appId, masterKey, user, password, sessionSecret } = options;
  const app = { appName: 'Integration Hub', serverURL: parseUrl, appId, masterKey };
  return new Dashboard(
    { apps: [app], users: [{ user, pass: password }] },
    { cookieSessionSecret: sessionSecret, allowInsecureHTTP: options.allowInsecureHttp },
  );
}

/**
 * Mounts Dashboard, which writes the path where it is mounted into its pages and redirects. Behind a proxy that is the path
 * that browsers see, of which the proxy removes what is above `/dashboard`.
 */
export function mountDashboard(app: Express, dashboard: Application, publicUrl: string): void {
  const { pathname } = new URL(publicUrl);
  const above = pathname.slice(0, -PATH.length);
  app.use((req, _res, next) => {
    if (above !== '' && /^\/dashboard(?=[/?]|$)/.test(req.url)) {
      req.url = above + req.url;
      // Redirects to the same path with a slash follow from this one.
      req.originalUrl = req.url;
    }
    next();
  });
  app.use(pathname, dashboard);
}

const PATH = '/dashboard';
