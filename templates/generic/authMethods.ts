import { type AuthSpec, type FieldSpecs, HEADER_NAME_PATTERN } from '../../src/contract/index.js';

/** The common auth methods of HTTP APIs. */
export const authMethods = {
  bearer: {
    kind: 'bearer',
    title: 'Bearer token',
    token: { title: 'Token', help: 'Sent as Authorization: Bearer …' },
  },
  basic: {
    kind: 'basic',
    title: 'User name and password',
    username: { title: 'User name', type: 'text' },
    password: { title: 'Password', type: 'secret' },
  },
  apiKeyHeader: {
    kind: 'custom',
    title: 'API key in a header',
    fields: {
      headerName: {
        title: 'Name of the header',
        type: 'text',
        pattern: HEADER_NAME_PATTERN,
        help: 'As in the documentation of the service',
        example: 'X-Api-Key',
      },
      key: {
        title: 'Key',
        type: 'secret',
        help: 'The whole value of the header, with a prefix before the key if the service needs one',
      },
    },
    headers: { '{headerName}': '{key}' },
  },
  apiKeyQuery: {
    kind: 'custom',
    title: 'API key in the query',
    fields: {
      parameterName: {
        title: 'Name of the parameter',
        type: 'text',
        pattern: '[\\w.~-]{1,100}',
        example: 'api_key',
      },
      key: { title: 'Key', type: 'secret' },
    },
    query: { '{parameterName}': '{key}' },
  },
  clientCredentials: {
    kind: 'oauth2ClientCredentials',
    title: 'OAuth client credentials',
    tokenUrl: '{tokenUrl}',
    scopes: {},
    defaultScopes: [],
    clientAuthentication: 'post',
    token: { params: { scope: '{scope}', audience: '{audience}' } },
  },
  clientCredentialsBasic: {
    kind: 'oauth2ClientCredentials',
    title: 'OAuth client credentials, sent as a password',
    tokenUrl: '{tokenUrl}',
    scopes: {},
    defaultScopes: [],
    clientAuthentication: 'basic',
    token: { params: { scope: '{scope}', audience: '{audience}' } },
  },
  none: { kind: 'none', title: 'Open to all' },
} as const satisfies Readonly<Record<string, AuthSpec>>;

/** The fields that OAuth client credentials need besides the client. */
export const grantFields = {
  tokenUrl: {
    title: 'Token endpoint',
    type: 'url',
    required: false,
    help: 'For OAuth client credentials: the token endpoint',
    example: 'https://login.example.com/oauth/token',
  },
  scope: {
    title: 'Scopes',
    type: 'text',
    required: false,
    // https://www.rfc-editor.org/rfc/rfc6749#section-3.3
    pattern: '[\\x21\\x23-\\x5b\\x5d-\\x7e ]{1,2000}',
    help: 'For OAuth client credentials, separated by spaces, if the service needs any',
  },
  audience: {
    title: 'Audience',
    type: 'text',
    required: false,
    pattern: '[\\x21-\\x7e]{1,500}',
    help: 'For OAuth client credentials, if the service needs one',
  },
} as const satisfies FieldSpecs;
