import { fillIn, type Outgoing } from '../../connectors/index.js';
import {
  type JwtServiceAccount,
  type OAuth2ClientCredentials,
  type OAuth2Code,
  slotsOf,
  type TokenQuirks,
} from '../../contract/index.js';
import type { OAuthClient } from '../credential.js';

/** Auth methods that end in a token. */
export type TokenAuthMethod = OAuth2Code | OAuth2ClientCredentials | JwtServiceAccount;

export interface TokenRequest {
  readonly authMethod: TokenAuthMethod;
  /** `undefined` for a service account, whose assertion identifies it. */
  readonly client: OAuthClient | undefined;
  readonly fields: Readonly<Record<string, string>>;
  /** `grant_type` and the parameters of that grant. */
  readonly params: Readonly<Record<string, string>>;
  /** The refresh endpoint, where it is not the token endpoint. */
  readonly url?: string | undefined;
}

/** Builds the request for a token: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3, with the connector's quirks. */
export function tokenRequest({ authMethod, client, fields, params, url }: TokenRequest): Outgoing {
  const isBasic =
    'clientAuthentication' in authMethod && authMethod.clientAuthentication === 'basic';
  const quirks = quirksOf(authMethod);
  const values: Record<string, string> = {
    ...params,
    ...fillParams(quirks.params ?? {}, fields),
    ...(client && !isBasic && { client_id: client.clientId, client_secret: client.clientSecret }),
  };
  const isJson = quirks.format === 'json';
  return {
    method: 'POST',
    url: new URL(fillIn(url ?? authMethod.tokenUrl, fields)),
    headers: {
      accept: 'application/json',
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      ...(client && isBasic && { authorization: basicHeader(client) }),
    },
    body: Buffer.from(isJson ? JSON.stringify(values) : new URLSearchParams(values).toString()),
  };
}

/** Returns how a service's token endpoint differs from RFC 6749. */
export function quirksOf(authMethod: TokenAuthMethod): TokenQuirks {
  return ('token' in authMethod ? authMethod.token : undefined) ?? {};
}

/** Fills in parameters, and drops those with a field that is empty. */
function fillParams(
  params: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(params)
      .filter(([, text]) => slotsOf(text).every((slot) => (fields[slot] ?? '') !== ''))
      .map(([name, text]) => [name, fillIn(text, fields)]),
  );
}

/**
 * Returns the header of basic authentication. Both parts are form-encoded first:
 * https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
function basicHeader({ clientId, clientSecret }: OAuthClient): string {
  const pair = [clientId, clientSecret].map((text) =>
    new URLSearchParams({ '': text }).toString().slice(1),
  );
  return `Basic ${Buffer.from(pair.join(':')).toString('base64')}`;
}
