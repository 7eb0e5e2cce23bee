import { defineConnector, path } from '../../../src/contract/index.js';
import { authMethods,grantFields } from '../authMethods.js';
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
    'From the documentation of the API take its base URL: what stands before all of its paths, such as https://api.example.com/v1.',
    'Choose how it wants to be told who calls: a bearer token, a user name and password, a key in a header or in the query, OAuth client credentials, or nothing.',
    'Choose a path that answers a GET with a status of 200 to whoever has the credential, such as /me: the connection is tested by it.',
    'Create the credential where the documentation says, and fill it in. For OAuth client credentials fill in the token endpoint as well, and scopes or an audience where it wants them.',
  ],
  servers: { api: '{baseUrl}' },
  fields: {
    baseUrl: {
      title: 'Base URL',
      type: 'url',
      help: 'What stands before all paths of the API',
      example: 'https://api.example.com/v1',
    },
    testPath: {
      title: 'Path of the test',
      type: 'path',
      help: 'A path that answers a GET with a status of 200 to whoever has the credential',
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
  // Members that https://www.rfc-editor.org/rfc/rfc9457 and many an API have.
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
