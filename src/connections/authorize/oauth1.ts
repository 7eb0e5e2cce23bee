import { fillIn, type ProviderFailure, signOAuth1 } from '../../connectors/index.js';
import type { ConnectorSpec, ConsentAuthMethod } from '../../contract/index.js';
import { sendProviderRequest } from '../call/providerRequest.js';
import { connectionErrors } from '../errors.js';
import { problemText } from '../problemText.js';
import { BODY_BYTES_MAX, TIMEOUT_MS } from '../tokens/requestToken.js';
import { isToken, isUnavailable } from '../tokens/tokens.js';
import { type Consent, type ConsentDeps, consentRefused, type ConsentRequest } from './consent.js';

type OAuth1AuthMethod = Extract<ConsentAuthMethod, { kind: 'oauth1' }>;

/** A token with the secret that requests are signed with. */
interface Token {
  readonly token: string;
  readonly tokenSecret: string;
}

/** https://www.rfc-editor.org/rfc/rfc5849#section-2: a request token, a person's consent, an access token. */
export function oauth1Consent(deps: ConsentDeps, authMethod: OAuth1AuthMethod): Consent {
  return {
    async authorizationRequest({ connector, fields, client, state, callbackUrl }) {
      const callback = new URL(callbackUrl);
      // OAuth 1 has no state of its own, and sends back to the address that it is given.
      callback.searchParams.set('state', state);
      const response = await requestOAuth1Token(deps, {
        authMethod,
        connector,
        fields,
        url: authMethod.consent.requestTokenUrl,
        credential: consumerOf(client),
        extra: { oauth_callback: callback.href },
      });
      if ('failure' in response) throw unreachable(connector, response.failure);
      // https://www.rfc-editor.org/rfc/rfc5849#section-2.1; who does not confirm would let a stranger finish.
      if (response.body.get('oauth_callback_confirmed') !== 'true') {
        const problem = 'it does not confirm our callback, as OAuth 1.0a does';
        throw connectionErrors.ServiceUnreachable({ connector: connector.name, problem });
      }
      const url = new URL(fillIn(authMethod.consent.authorizeUrl, fields));
      url.searchParams.set('oauth_token', response.token.token);
      return { url: url.href, kept: { requestToken: response.token } };
    },

    async redeem({ connector, row, stored, client, code }) {
      const { requestToken, ...lasting } = stored;
      const consumer = consumerOf(client);
      const response = await requestOAuth1Token(deps, {
        authMethod,
        connector,
        fields: row.fields,
        url: authMethod.consent.accessTokenUrl,
        credential: { ...consumer, ...requestToken },
        extra: { oauth_verifier: code },
      });
      if ('failure' in response) {
        const { failure, hasResponse: isAnswer } = response;
        throw isAnswer && !isUnavailable(failure)
          ? consentRefused(connector.name, problemText(failure.message ?? 'no reason given'))
          : unreachable(connector, failure);
      }
      return {
        state: 'connected',
        problem: undefined,
        expiresAt: undefined,
        refreshedAt: deps.clock.now(),
        sealedCredential: await deps.credentials.seal(row, {
          ...lasting,
          values: { ...lasting.values, ...consumer, ...response.token },
        }),
      };
    },
  };
}

function consumerOf({ clientId, clientSecret }: ConsentRequest['client']) {
  return { consumerKey: clientId, consumerSecret: clientSecret };
}

interface OAuth1TokenRequest {
  readonly authMethod: OAuth1AuthMethod;
  readonly connector: ConnectorSpec;
  readonly fields: Readonly<Record<string, string>>;
  readonly url: string;
  readonly credential: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, string>>;
}

type OAuth1TokenResponse =
  | { readonly token: Token; readonly body: URLSearchParams }
  | { readonly failure: ProviderFailure; readonly hasResponse: boolean };

async function requestOAuth1Token(
  deps: ConsentDeps,
  { authMethod: way, connector, fields, url, credential, extra }: OAuth1TokenRequest,
): Promise<OAuth1TokenResponse> {
  const { clock, tokenTimeoutMs = TIMEOUT_MS } = deps;
  const outgoing = { method: 'POST', url: new URL(fillIn(url, fields)), headers: {} } as const;
  const signed = signOAuth1(outgoing, {
    authMethod: way,
    credential,
    extra,
    now: clock.now(),
    realm: way.realm && fillIn(way.realm, fields),
  });
  const outcome = await sendProviderRequest(deps, signed, {
    connector: { limits: connector.limits },
    timeoutMs: tokenTimeoutMs,
    bodyBytesMax: BODY_BYTES_MAX,
    secrets: [
      credential['consumerSecret'],
      extra['oauth_verifier'],
      credential['tokenSecret'],
    ].filter((secret) => secret !== undefined),
  });
  if (outcome.kind === 'failure') {
    return { failure: outcome.failure, hasResponse: outcome.response !== undefined };
  }
  const { status, body: text } = outcome.response;
  const body = new URLSearchParams(typeof text === 'string' ? text : '');
  const token = body.get('oauth_token') ?? '';
  const tokenSecret = body.get('oauth_token_secret') ?? '';
  if (isToken(token) && isToken(tokenSecret)) return { token: { token, tokenSecret }, body };
  const message = 'its answer has no token with a secret';
  return { failure: { kind: 'provider', status, message, retryable: false }, hasResponse: true };
}

function unreachable({ name }: ConnectorSpec, { message = 'no reason given' }: ProviderFailure) {
  return connectionErrors.ServiceUnreachable({ connector: name, problem: problemText(message) });
}
