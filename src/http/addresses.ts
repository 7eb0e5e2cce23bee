/** One of the hub's own URLs, below `publicUrl`. */
export interface HubAddress {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Its purpose, as a part of a sentence. */
  readonly summary: string;
}

/** Every public URL of the hub; the router, its 404 and the output of `npm start` use this list. */
export const hubAddresses = {
  openApi: { method: 'GET', path: '/openapi.json', summary: 'what can be called' },
  ready: { method: 'GET', path: '/health/ready', summary: 'whether it can do its work' },
  live: { method: 'GET', path: '/health/live', summary: 'whether the process responds' },
  health: { method: 'GET', path: '/health', summary: 'the same as /health/ready' },
  authorizationServer: {
    method: 'GET',
    path: '/oauth/.well-known/oauth-authorization-server',
    summary: 'the metadata for OAuth apps',
  },
  leakedKeys: {
    method: 'POST',
    path: '/leaks/api-keys',
    summary: 'where leaked keys are reported',
  },
} as const satisfies Readonly<Record<string, HubAddress>>;

/** Returns the URLs in one line, as others reach them. */
export function addressesText(publicUrl: string): string {
  const shown: readonly HubAddress[] = Object.values(hubAddresses);
  return shown
    .map(({ method, path, summary }) => `${method} ${publicUrl}${path} (${summary})`)
    .join(', ');
}
