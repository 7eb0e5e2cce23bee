import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';

import { TEXTS } from '../../src/oauth/pages/texts.js';
import { errorCode } from './errorCode.js';
import { StartProblem } from './startProblem.js';

/**
 * Throws unless Parse Server loads router 2.2. With 2.3 it starts without a warning, and then each query from cloud code
 * and each batch fails. https://github.com/parse-community/parse-server/pull/10530
 */
export function checkRouter(version: string = loadRouterVersion()): string {
  if (/^2\.2\.\d+$/.test(version)) return version;
  throw new StartProblem(
    `Parse Server 9.10 needs router 2.2, but finds ${version}: run npm ci, or add "router": "2.2.0" to dependencies and "router": "$router" to overrides in package.json`,
  );
}

/** Returns the version that `require('router')` loads inside parse-server. */
function loadRouterVersion(): string {
  const found = requireOfParseServer()('router/package.json') as { readonly version: string };
  return found.version;
}

/** Returns a `require` that resolves as inside parse-server, so that it loads the same drivers. */
export function requireOfParseServer(): NodeJS.Require {
  const ours = createRequire(import.meta.url);
  return createRequire(ours.resolve('parse-server'));
}

/** Throws when a name is not that of a text of the pages. */
export function checkTexts(texts: Readonly<Record<string, string>> = {}): void {
  const unknown = Object.keys(texts).find((name) => !Object.hasOwn(TEXTS, name));
  if (unknown === undefined) return;
  throw new StartProblem(
    `HUB_BRAND_TEXTS has the name ${JSON.stringify(unknown)}, which no text of the pages has: see their names in src/oauth/pages/texts.ts`,
  );
}

export interface Listening {
  readonly port: number;
  readonly address: string;
}

/** Throws if the port cannot be used. Another program may still take it before the server does. */
export async function checkPort(at: Listening): Promise<string> {
  const server = createServer();
  try {
    server.listen(at.port, at.address);
    await once(server, 'listening');
  } catch (error) {
    throw portProblem(error, at);
  }
  server.close();
  await once(server, 'close');
  return `${at.address}:${String(at.port)} is free`;
}

/** Returns the message for why a server could not listen. */
export function portProblem(error: unknown, { port, address }: Listening): StartProblem {
  const code = errorCode(error);
  const other = port < 65_000 ? port + 1 : port - 1;
  if (code === 'EADDRINUSE') {
    return new StartProblem(
      `PORT ${String(port)} is in use by another program: stop it, or choose another port, for example PORT=${String(other)}`,
    );
  }
  if (code === 'EACCES') {
    return new StartProblem(
      `PORT ${String(port)} needs privileges that this user does not have: choose one above 1023, for example PORT=8080`,
    );
  }
  if (code === 'EADDRNOTAVAIL') {
    return new StartProblem(
      `BIND_ADDRESS ${address} is not an address of this machine: choose one that is, for example BIND_ADDRESS=127.0.0.1`,
    );
  }
  return new StartProblem(
    `The server cannot listen on ${address}, port ${String(port)} (${code}): choose another PORT or BIND_ADDRESS`,
  );
}
