import { createRequire } from 'node:module';

import type { Application } from 'express';

// It has no types of its own; only what is used of it.
type ParseDashboard = new (
  config: {
    readonly apps: readonly object[];
    readonly users: readonly { readonly user: string; readonly pass: string }[];
  },
  options: { readonly cookieSessionSecret: string; readonly allowInsecureHTTP: boolean },
) => Application;

export interface DashboardOptions {
  /** As the administrator's browser reaches it. */
  readonly parseUrl: string;
  readonly appId: string;
  readonly masterKey: string;
  readonly user: string;
  readonly password: string;
  readonly sessionSecret: string;
  /** Over plain HTTP the password and the master key can be read on the way: only on one's own machine. */
  readonly allowInsecureHttp: boolean;
}

/** Parse Dashboard, to be mounted. It works from the browser with the master key, so MASTER_KEY_IPS must let that in. */
export function createDashboard(options: DashboardOptions): Application {
  const Dashboard = createRequire(import.meta.url)('parse-dashboard') as ParseDashboard;
  const { parseUrl, appId, masterKey, user, password, sessionSecret } = options;
  const app = { appName: 'Integration Hub', serverURL: parseUrl, appId, masterKey };
  return new Dashboard(
    { apps: [app], users: [{ user, pass: password }] },
    { cookieSessionSecret: sessionSecret, allowInsecureHTTP: options.allowInsecureHttp },
  );
}
