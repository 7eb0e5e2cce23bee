import type { Settings } from '../../src/platform/settings.js';

/** The public addresses. */
export interface Urls {
  readonly hub: string;
  readonly parse: string;
  readonly dashboard: string;
}

/** Parse Server and Dashboard are next to the hub, below the same path: https://x.example/api/hub and …/api/parse. */
export function publicUrls({ PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>): Urls {
  const beside = (name: string) => new URL(name, PUBLIC_URL).href;
  return { hub: PUBLIC_URL, parse: beside('parse'), dashboard: beside('dashboard') };
}

/** Returns the address of Parse Server for this process, without any proxy. */
export function ownParseUrl({
  PORT,
  BIND_ADDRESS,
}: Pick<Settings, 'PORT' | 'BIND_ADDRESS'>): string {
  const anywhere = BIND_ADDRESS === '0.0.0.0' || BIND_ADDRESS === '::';
  const host = anywhere ? '127.0.0.1' : BIND_ADDRESS;
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(PORT)}/parse`;
}

/** Returns whether the public address is this machine, so that only its own users can reach the server. */
export function isDevelopment({ PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>): boolean {
  const { hostname } = new URL(PUBLIC_URL);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
