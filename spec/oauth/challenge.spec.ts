import { apiKeyErrors } from '../../src/apiKeys/index.js';
import { challengeOf } from '../../src/authentication/challenge.js';
import { type AppError, commonErrors } from '../../src/contract/index.js';

const METADATA = 'https://api.example.com/.well-known/oauth-protected-resource/parse';
const published = { resourceMetadata: () => METADATA };
const unpublished = { resourceMetadata: () => undefined };

describe('a challenge', () => {
  it.each<[string, AppError, string, readonly string[], RegExp | undefined]>([
    [
      'a dead token',
      commonErrors.OAuthTokenNotValid(),
      'bearer',
      [],
      /^Bearer realm="parse", error="invalid_token", error_description="This access token is not valid: [^"]+", resource_metadata="https:/,
    ],
    [
      'a missing scope',
      commonErrors.PermissionDenied({ permission: 'webhooks:write', reason: 'it’s "missing"\n' }),
      'bearer',
      ['webhooks:write'],
      /^Bearer realm="parse", error="insufficient_scope", error_description="The permission webhooks:write is missing: it's 'missing'\?\.", scope="webhooks:write", /,
    ],
    [
      'a missing scope of the host',
      apiKeyErrors.OutOfScope({ what: 'the function f' }),
      'dpop',
      ['a:b', 'c:d'],
      /^DPoP realm="parse", error="insufficient_scope", .*, scope="a:b c:d", algs="ES256 EdDSA", resource_metadata=/,
    ],
    [
      'a bad proof',
      commonErrors.OAuthTokenNotValid({}, { detail: { challenge: 'invalid_dpop_proof' } }),
      'dpop',
      [],
      /^DPoP realm="parse", error="invalid_dpop_proof", error_description="The DPoP proof [^"]+", algs="ES256 EdDSA", /,
    ],
    [
      'a bound token without proof',
      commonErrors.OAuthTokenNotValid({}, { detail: { challenge: 'invalid_token' } }),
      'bearer',
      [],
      /^DPoP realm="parse", error="invalid_token", .*, algs="ES256 EdDSA", /,
    ],
    ['another refusal', apiKeyErrors.FunctionsOnly(), 'bearer', [], undefined],
    ['a bad request', apiKeyErrors.CredentialsMixed(), 'bearer', [], undefined],
  ])('for %s', (_what, error, scheme, scopes, expected) => {
    const text = challengeOf(error, { scheme, scopes }, published);
    if (expected) expect(text).toMatch(expected);
    else expect(text).toBeUndefined();
    expect(challengeOf(error, { scheme, scopes }, unpublished) ?? '').not.toContain('metadata');
  });
});
