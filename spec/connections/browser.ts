import { CODE } from './provider.js';

/** A page of the host's, from which users start. */
export const APP = 'https://app.example.com/';

/**
 * Goes from a page of the host's through the hub to the service. Returns the parameters that the service gets, and the
 * cookie.
 */
export async function begin(url: string) {
  const response = await fetch(url, { redirect: 'manual', headers: { referer: APP } });
  return arrived(response);
}

/** Where the hub redirected a browser, and the cookie that it set. */
export function arrived(response: Response) {
  const [set = ''] = response.headers.getSetCookie();
  const authorizationParams = new URL(response.headers.get('location') ?? 'about:blank')
    .searchParams;
  const state = authorizationParams.get('state') ?? '';
  return {
    authorizationParams,
    state,
    set,
    cookie: set.split(';')[0] ?? '',
    status: response.status,
  };
}

/** Goes from the service back to the hub. */
export async function comeBack(
  hubUrl: string,
  {
    state,
    cookie,
    callback: callbackParams = { code: CODE },
  }: { state: string; cookie: string; callback?: object },
) {
  const query = new URLSearchParams({ state, ...callbackParams }).toString();
  return fetch(`${hubUrl}/hub/oauth/callback?${query}`, {
    redirect: 'manual',
    headers: { cookie },
  });
}
