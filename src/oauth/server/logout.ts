import type { Client, Provider } from 'oidc-provider';

import { hubOf } from '../apps/client.js';
import { isSameRedirectUri } from '../apps/redirectUri.js';
import { oauthErrors } from '../errors.js';

/** The parameters of an app’s request to log a user out: https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout */
export const LOGOUT_PARAMETERS = [
  'id_token_hint',
  'client_id',
  'post_logout_redirect_uri',
  'state',
] as const;
export type LogoutParameters = { readonly [K in (typeof LOGOUT_PARAMETERS)[number]]?: string };

/** A checked request to log out. */
export interface LogoutRequest {
  /** The user that an ID token of the app names: then they need not be asked. */
  readonly userId?: string | undefined;
  /** The app, if the request names one. */
  readonly appId?: string | undefined;
  /** Where the browser is sent afterwards, with `state`. */
  readonly redirectTo?: string | undefined;
}

/**
 * Checks a request to log out. Throws LogoutNotValid, also for a redirect URI that the app has not registered, and
 * OAuthAppDisabled.
 */
export async function readLogoutRequest(
  provider: Provider,
  parameters: LogoutParameters,
): Promise<LogoutRequest> {
  const { id_token_hint: hint, post_logout_redirect_uri: uri, state } = parameters;
  const claims = hint === undefined ? undefined : claimsOf(hint);
  const audience = claims?.aud;
  const { client_id: clientId = audience } = parameters;
  if (claims && clientId !== audience)
    throw notValid('client_id is not the app that the id_token_hint was issued to.');
  if (clientId === undefined) {
    if (uri !== undefined)
      throw notValid('post_logout_redirect_uri needs id_token_hint or client_id beside it.');
    return {};
  }
  const client = await loadClient(provider, clientId);
  if (hint !== undefined) await checkHint(provider, hint, client);
  const { postLogoutRedirectUris: known } = hubOf(client);
  if (uri !== undefined && !known.some((each) => isSameRedirectUri(each, uri)))
    throw notValid(
      'post_logout_redirect_uri is not one of the postLogoutRedirectUris of the app. Its owner adds it with updateOAuthApp.',
    );
  return {
    appId: clientId,
    ...(claims?.sub !== undefined && { userId: claims.sub }),
    ...(uri !== undefined && { redirectTo: withState(uri, state) }),
  };
}

function notValid(problem: string): Error {
  return oauthErrors.LogoutNotValid({ problem });
}

interface HintClaims {
  readonly aud?: string;
  readonly sub?: string;
}

/** Returns the claims of a token that has not been verified. */
function claimsOf(hint: string): HintClaims {
  try {
    const [, payload = ''] = hint.split('.');
    const { aud, sub } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as {
      readonly aud?: unknown;
      readonly sub?: unknown;
    };
    if (typeof aud === 'string' && typeof sub === 'string') return { aud, sub };
  } catch {
    // The same as a token without the claims.
  }
  throw notValid('id_token_hint is not an ID token.');
}

async function loadClient(provider: Provider, clientId: string): Promise<Client> {
  const client = await provider.Client.find(clientId).catch((error: unknown) => {
    if ((error as Error).name === 'InvalidClient') throw oauthErrors.OAuthAppDisabled();
    throw error;
  });
  if (!client) throw notValid('there is no such app.');
  return client;
}

/** Checks the signature and the issuer. An ID token that has expired is still a hint. */
async function checkHint(provider: Provider, hint: string, client: Client): Promise<void> {
  const { IdToken } = provider as unknown as {
    readonly IdToken: { validate(jwt: string, client: Client): Promise<unknown> };
  };
  try {
    await IdToken.validate(hint, client);
  } catch {
    throw notValid('id_token_hint was not issued by this server, or was changed.');
  }
}

function withState(uri: string, state: string | undefined): string {
  const url = new URL(uri);
  if (state !== undefined) url.searchParams.set('state', state);
  return url.href;
}
