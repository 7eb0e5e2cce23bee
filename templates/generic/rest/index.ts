import { defineConnector, path } from '../../../src/contract/index.js';
import { authMethods, grantFields } from '../authMethods.js';
import { get, patch, post, put, remove } from './actions.js';

export const rest = defineConnector({
  key: 'rest',
  name: 'Any REST API',
  category: 'generic',
  description:
    'Call any HTTP API that has no connector of its own: read, create, replace, change and delete.',
  docs: 'https://www.rfc-editor.org/rfc/rfc9110',
  support: 'verified',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'From the documentation of the API take its base URL, which precedes all of its paths, such as https://api.example.com/v1.',
    'Choose how the API authenticates callers: a bearer token, a user name and password, a key in a header or in the query, OAuth client credentials, or nothing.',
    'Choose a path that returns status 200 to a GET with the credential, such as /me. The connection is tested with it.',
    'Create the credential as the documentation describes, and fill it in. For OAuth client credentials also fill in the token endpoint, and scopes or an audience if the API needs them.',
  ],
  servers: { api: '{baseUrl}' },
  fields: {
    baseUrl: {
      title: 'Base URL',
      type: 'url',
      help: 'The part of the URL before all paths of the API',
      example: 'https://api.example.com/v1',
    },
    testPath: {
      title: 'Path of the test',
      type: 'path',
      help: 'A path that returns status 200 to a GET with the credential',
      example: '/me',
    },
    ...grantFields,
  },
  auth: authMethods,
  test: {
    request: { method: 'GET', path: path`{testPath}` },
    example: { url: 'https://api.example.com/v1/me', body: { id: 7 } },
  },
  actions: [get, post, put, patch, remove],
  limits: {
    docs: 'https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3',
    budgets: [],
    headers: [{ name: 'Retry-After', kind: 'wait', unit: 'retryAfter' }],
  },
  // Members of https://www.rfc-editor.org/rfc/rfc9457 and of many APIs.
  failures: {
    code: ['/error/code', '/code', '/error/type', '/errors/0/code', '/type', '/error'],
    message: [
      ...(['/error/message', '/message', '/error_description', '/detail', '/title'] as const),
      ...(['/errors/0/message', '/errors/0/detail', '/error'] as const),
    ],
  },
  example: {
    baseUrl: 'https://api.example.com/v1',
    testPath: '/me',
    tokenUrl: 'https://login.example.com/oauth/token',
  },
});
