import { createHash, randomBytes } from 'node:crypto';

import { fillIn } from '../../connectors/index.js';
import type { OAuth2Code } from '../../contract/index.js';
import { connectionErrors } from '../errors.js';
import { problemText } from '../problemText.js';
import { applyTokens } from '../tokens/applyTokens.js';
import { requestToken } from '../tokens/requestToken.js';
import { isUnavailable } from '../tokens/response.js';
import { type Consent, type ConsentDeps, consentRefused } from './consent.js';

/** Returns the consent by the authorization code grant with PKCE: https://www.rfc-editor.org/rfc/rfc6749#section-4.1 */
export function oauth2Consent(deps: ConsentDeps, authMethod: OAuth2Code): Consent {
  return {
    authorizationRequest({ fields, client, scopes, state, callbackUrl }) {
      // 43 characters: https://www.rfc-editor.org/rfc/rfc7636#section-4.1
      const verifier = authMethod.pkce ? randomBytes(32).toString('base64url') : undefined;
      const { href: url } = authorizeUrl({
        authMethod,
        fields,
        scopes: [...new Set([...authMethod.defaultScopes, ...scopes])],
        params: {
          client_id: client.clientId,
          redirect_uri: callbackUrl,
          state,
          ...(verifier !== undefined && {
            code_challenge: createHash('sha256').update(verifier).digest('base64url'),
            code_challenge_method: 'S256',
          }),
        },
      });
      return Promise.resolve({ url, kept: { verifier } });
    },

    async redeem({ connector, row, stored, client, callbackUrl, code }) {
      const { verifier, ...lasting } = stored;
      const read = await requestToken(deps, connector, {
        authMethod,
        client,
        fields: row.fields,
        params: {
          grant_type: 'authorization_code',
          code,
          redirect_uri: callbackUrl,
          ...(verifier !== undefined && { code_verifier: verifier }),
        },
      });
      if ('tokens' in read) {
        const { tokens } = read;
        const change = await applyTokens(deps, row, { tokens, stored: lasting });
        // The scopes of a previous token say nothing about this one.
        return { ...change, grantedScopes: tokens.scopes };
      }
      const problem = problemText(read.failure.message ?? 'it gave no reason');
      throw read.hasResponse && !isUnavailable(read.failure)
        ? consentRefused(connector.name, problem)
        : connectionErrors.ServiceUnreachable({ connector: connector.name, problem });
    },
  };
}

interface AuthorizeUrlParts {
  readonly authMethod: OAuth2Code;
  readonly fields: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
}

/** Returns the address where a person consents: https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1 */
function authorizeUrl({ authMethod, fields, params, scopes }: AuthorizeUrlParts): URL {
  const { scopeSeparator = ' ' } = authMethod;
  const url = new URL(fillIn(authMethod.authorizeUrl, fields));
  const all = {
    response_type: 'code',
    ...params,
    ...(scopes.length > 0 && { scope: scopes.join(scopeSeparator) }),
    ...authMethod.authorizeParams,
  };
  for (const [name, value] of Object.entries(all)) url.searchParams.set(name, value);
  return url;
}
