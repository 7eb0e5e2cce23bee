import { defineConnector, path } from '../../../src/contract/index.js';
import { authMethods, grantFields } from '../authMethods.js';
import { accept, mutate, query } from './actions.js';

export const graphql = defineConnector({
  key: 'graphql',
  name: 'Any GraphQL API',
  category: 'generic',
  description: 'Query and change the data of a GraphQL API that has no connector of its own.',
  docs: 'https://graphql.github.io/graphql-over-http/draft/',
  support: 'verified',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'From the documentation of the API take the exact URL of its endpoint, such as https://api.example.com/graphql.',
    'Choose how the API authenticates callers: a bearer token, a user name and password, a key in a header or in the query, OAuth client credentials, or nothing.',
    'Create the credential as the API’s documentation describes, and fill it in. The connection is tested with the query { __typename }, which every GraphQL API supports.',
  ],
  servers: { api: '{endpoint}' },
  fields: {
    endpoint: {
      title: 'Endpoint',
      type: 'url',
      help: 'The address that all requests go to',
      example: 'https://api.example.com/graphql',
    },
    ...grantFields,
  },
  auth: authMethods,
  test: {
    // https://spec.graphql.org/October2021/#sec-Type-Name-Introspection
    request: {
      method: 'POST',
      path: path``,
      headers: { accept },
      body: { json: { query: '{ __typename }' } },
    },
    expect: { at: '/data/__typename' },
    example: {
      url: 'https://api.example.com/graphql/',
      body: { data: { __typename: 'Query' } },
    },
  },
  actions: [query, mutate],
  limits: {
    docs: 'https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3',
    budgets: [],
    headers: [{ name: 'Retry-After', kind: 'wait', unit: 'retryAfter' }],
  },
  failures: {
    // https://spec.graphql.org/October2021/#sec-Errors: if present, it is not empty, and the data beside it is incomplete.
    when: { at: '/errors/0' },
    code: ['/errors/0/extensions/code', '/errors/0/extensions/type', '/errors/0/type'],
    message: ['/errors/0/message', '/error/message', '/message', '/error'],
    codes: {
      // https://www.apollographql.com/docs/apollo-server/data/errors
      GRAPHQL_PARSE_FAILED: 'validation',
      GRAPHQL_VALIDATION_FAILED: 'validation',
      BAD_USER_INPUT: 'validation',
      BAD_REQUEST: 'validation',
      OPERATION_RESOLUTION_FAILURE: 'validation',
      PERSISTED_QUERY_NOT_FOUND: 'validation',
      PERSISTED_QUERY_NOT_SUPPORTED: 'validation',
      INTERNAL_SERVER_ERROR: 'provider',
      UNAUTHENTICATED: 'authentication',
      FORBIDDEN: 'permission',
      NOT_FOUND: 'notFound',
      // https://shopify.dev/docs/api/admin-graphql: status 200
      THROTTLED: 'rateLimit',
      ACCESS_DENIED: 'permission',
      RATE_LIMITED: 'rateLimit',
    },
  },
  example: {
    // With the trailing slash, which some servers require.
    endpoint: 'https://api.example.com/graphql/',
    tokenUrl: 'https://login.example.com/oauth/token',
  },
});
