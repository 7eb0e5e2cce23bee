/** One address of the hub's own, below `publicUrl`. */
export interface HubAddress {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What it is for, as a part of a sentence. */
  readonly summary: string;
}

/** Every address of the hub that people and machines are told of; the router, its 404 and what `npm start` prints come from here. */
export const hubAddresses = {
  openApi: { method: 'GET', path: '/openapi.json', summary: 'what can be called' },
  ready: { method: 'GET', path: '/health/ready', summary: 'whether it can do its work' },
  live: { method: 'GET', path: '/health/live', summary: 'whether the process answers' },
  health: { method: 'GET', path: '/health', summary: 'the same as /health/ready' },
  authorizationServer: {
    method: 'GET',
    path: '/oauth/.well-known/oauth-authorization-server',
    summary: 'where OAuth apps find everything',
  },
  leakedKeys: {
    method: 'POST',
    path: '/leaks/api-keys',
    summary: 'where leaked keys are reported',
  },
} as const satisfies Readonly<Record<string, HubAddress>>;

/** The addresses in one line, as others reach them. */
export function addressesText(publicUrl: string): string {
  const shown: readonly HubAddress[] = Object.values(hubAddresses);
  return shown
    .map(({ method, path, summary }) => `${method} ${publicUrl}${path} (${summary})`)
    .join(', ');
}
