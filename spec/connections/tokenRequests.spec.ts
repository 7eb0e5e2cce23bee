import { tokenRequest } from '../../src/connections/tokens/request.js';
import type { OAuth2ClientCredentials } from '../../src/contract/index.js';

const AUTH_METHOD: OAuth2ClientCredentials = {
  kind: 'oauth2ClientCredentials',
  tokenUrl: '{tokenUrl}',
  scopes: {},
  defaultScopes: [],
  token: { params: { resource: 'fixed', audience: '{audience}', scope: '{scope}' } },
};

describe('the request for a token', () => {
  const bodyWith = (fields: Readonly<Record<string, string>>) => {
    const client = { clientId: 'a', clientSecret: 'b' };
    const tokenUrl = 'https://login.example.com/token';
    const params = { grant_type: 'client_credentials' };
    const sent = tokenRequest({
      authMethod: AUTH_METHOD,
      client,
      fields: { tokenUrl, ...fields },
      params,
    });
    expect(sent.url.href).toBe(tokenUrl);
    return Object.fromEntries(new URLSearchParams(sent.body?.toString()));
  };

  it('has the fields that a user entered, and not those that are empty', () => {
    const client = { grant_type: 'client_credentials', client_id: 'a', client_secret: 'b' };
    expect(bodyWith({ audience: 'https://api.example.com' })).toEqual({
      ...client,
      resource: 'fixed',
      audience: 'https://api.example.com',
    });
    expect(bodyWith({ scope: '' })).toEqual({ ...client, resource: 'fixed' });
  });
});
