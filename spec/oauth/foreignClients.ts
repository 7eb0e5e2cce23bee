import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { type Browser, leftFor, openBrowser, type Page, pageOf, post } from './browser.js';
import type { MadeApp, OAuthSetting } from './setting.js';

/** What a program of clients/ is given. */
interface Given {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where the program itself listens. */
  readonly origin: string;
  readonly redirectUri: string;
  readonly scope: string;
  /** A URL that needs an access token. */
  readonly resource: string;
  /** Opens an authorization URL as a user, who approves; returns the URL that the user is redirected to. */
  approve(url: string): Promise<URL>;
  /** Serves the program’s own pages at `origin`. */
  serve(pages: RequestListener): void;
  /** Opens a page of the program as a user, who logs in through it; returns the page that the user ends on. */
  visit(path: string): Promise<Visited>;
}
interface Visited {
  readonly page: Page;
  readonly browser: {
    open(path: string): Promise<{ readonly page: Page }>;
    /** Sends a form; returns the body of the response. */
    send(path: string, fields: Record<string, string>): Promise<string>;
  };
}
/** A program that is logged in. */
export interface Connected {
  readonly accessToken: string;
  /** Returns the new access token. */
  refresh(): Promise<string>;
  revoke?(): Promise<unknown>;
}
type Connect = (given: Given) => Promise<Connected>;

const FOLDER = path.join(import.meta.dirname, 'clients');

/** Installs the packages of clients/ as locked, unless they are. */
export async function installClients(): Promise<void> {
  const [wanted, installed] = await Promise.all(
    ['package-lock.json', 'node_modules/.package-lock.json'].map(lockedIn),
  );
  if (wanted === installed) return;
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
  });
}

async function lockedIn(file: string): Promise<string | undefined> {
  const text = await readFile(path.join(FOLDER, file), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { packages } = JSON.parse(text) as { packages: Record<string, { integrity?: string }> };
  // Optional packages for other machines are locked, but not installed.
  const names = Object.keys(packages).filter((name) => name !== '');
  return JSON.stringify(names.map((name) => [name, packages[name]?.integrity]));
}

/** Runs a program of clients/ as an app of its own: it logs a user in. */
export async function connectClient(
  oauth: OAuthSetting,
  { file, exported = 'connect', scope }: { file: string; exported?: string; scope: string },
): Promise<Connected & { readonly app: MadeApp; stop(): void }> {
  const program = (await import(pathToFileURL(path.join(FOLDER, file)).href)) as {
    readonly redirectPath: string;
    readonly [name: string]: unknown;
  };
  const server = await listen();
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const redirectUri = origin + program.redirectPath;
  const app = await oauth.make({ redirectUris: [redirectUri] });
  const connected = await (program[exported] as Connect)({
    issuer: oauth.issuer,
    clientId: app.id,
    clientSecret: app.secret ?? '',
    origin,
    redirectUri,
    scope,
    resource: `${oauth.hub.url}/parse/functions/getWebhooks`,
    approve: async (url) => (await oauth.approve(new URL(url), { scope })).url,
    serve: (pages) => server.on('request', pages),
    visit: (start) => visit(oauth, { origin, start, scope }),
  });
  return {
    ...connected,
    app,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function listen(): Promise<Server> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function visit(
  oauth: OAuthSetting,
  { origin, start, scope }: { origin: string; start: string; scope: string },
): Promise<Visited> {
  const browser = openBrowser(origin);
  let shown = await browser.open(start);
  // A page with a button for each provider.
  if (shown.page?.html.includes('<form')) shown = await browser.submit(shown.page, {});
  const { url } = await oauth.approve(leftFor(shown), { scope });
  return { page: pageOf(await browser.open(url.href)), browser: pagesOf(browser, origin) };
}

function pagesOf(browser: Browser, origin: string): Visited['browser'] {
  return {
    open: async (path) => ({ page: pageOf(await browser.open(path)) }),
    send: async (path, fields) => (await post(browser, origin + path, fields)).text(),
  };
}
