import { defineConnector, path } from '../../src/contract/index.js';
import { createChannel, inviteToChannel, listChannels } from './channels.js';
import { addReaction, deleteMessage, getMessages, sendMessage, updateMessage } from './messages.js';
import { getUser, listUsers } from './people.js';

export const slack = defineConnector({
  key: 'slack',
  name: 'Slack',
  category: 'communication',
  description: 'Send messages, read channels and people, and receive the events of a workspace.',
  docs: 'https://docs.slack.dev/reference/methods',
  support: 'official',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'At https://api.slack.com/apps choose Create New App, From scratch, and a workspace.',
    'Under OAuth & Permissions add the redirect URL that the hub shows, and the scopes you need under Bot Token Scopes.',
    'Copy Client ID and Client Secret from Basic Information; or install the app there and copy the Bot User OAuth Token.',
  ],
  servers: { api: 'https://slack.com/api' },
  auth: {
    oauth: {
      kind: 'oauth2Code',
      authorizeUrl: 'https://slack.com/oauth/v2/authorize',
      tokenUrl: 'https://slack.com/api/oauth.v2.access',
      revoke: { url: 'https://slack.com/api/auth.revoke', by: 'bearer' },
      pkce: false,
      scopes: {
        'channels:history': 'Read the messages of public channels that the app is in',
        'channels:manage': 'Create public channels and add people to them',
        'channels:read': 'See public channels',
        'chat:write': 'Send messages',
        'groups:history': 'Read the messages of private channels that the app is in',
        'groups:read': 'See private channels that the app is in',
        'reactions:write': 'Add and remove emoji',
        'users:read': 'See the people of the workspace',
      },
      defaultScopes: ['channels:read', 'chat:write', 'users:read'],
      scopeSeparator: ',',
      // https://docs.slack.dev/authentication/installing-with-oauth
      token: { failsWhen: { at: '/ok', is: false, code: '/error' } },
      // Tokens expire after 12 hours with rotation, and never without: https://docs.slack.dev/authentication/using-token-rotation
      refresh: { singleUse: true },
    },
    botToken: {
      kind: 'bearer',
      title: 'Bot token',
      token: {
        title: 'Bot User OAuth Token',
        pattern: 'xox[bp]-[A-Za-z0-9-]+',
        help: 'OAuth & Permissions of the app, after it was installed',
        example: 'xoxb-…',
      },
    },
  },
  // https://docs.slack.dev/authentication/installing-with-oauth#scopes
  scopesDecide: true,
  test: {
    request: { method: 'POST', path: path`/auth.test` },
    identity: { id: '/user_id', name: '/user' },
    // https://docs.slack.dev/apis/web-api/
    grantedScopes: { header: 'x-oauth-scopes', separator: ',' },
    example: {
      url: 'https://slack.com/api/auth.test',
      body: {
        ok: true,
        url: 'https://subarachnoid.slack.com/',
        team: 'Subarachnoid Workspace',
        user: 'grace',
        team_id: 'T12345678',
        user_id: 'W12345678',
      },
    },
  },
  actions: [
    sendMessage,
    updateMessage,
    deleteMessage,
    listChannels,
    getMessages,
    createChannel,
    inviteToChannel,
    listUsers,
    getUser,
    addReaction,
  ],
  triggers: [
    {
      name: 'messagePosted',
      summary: 'A message was posted to a channel that the app is in.',
      docs: 'https://docs.slack.dev/reference/events/message',
      match: { at: '/event/type', is: 'message' },
    },
  ],
  sync: [
    {
      name: 'users',
      action: 'listUsers',
      id: '/id',
      changed: { at: '/updated' },
      deleted: { at: '/deleted', is: true },
    },
    {
      name: 'channels',
      action: 'listChannels',
      id: '/id',
      deleted: { at: '/is_archived', is: true },
    },
  ],
  limits: {
    // Tier 2 is 20 a minute, tier 3 is 50, tier 4 is 100; chat.postMessage about one a second and channel.
    docs: 'https://docs.slack.dev/apis/web-api/rate-limits',
    budgets: [
      {
        requests: 20,
        perSeconds: 60,
        scope: 'connection',
        actions: ['listChannels', 'listUsers', 'createChannel'],
      },
      {
        requests: 50,
        perSeconds: 60,
        scope: 'connection',
        actions: [
          'updateMessage',
          'deleteMessage',
          'getMessages',
          'inviteToChannel',
          'addReaction',
        ],
      },
      { requests: 100, perSeconds: 60, scope: 'connection', actions: ['getUser'] },
      { requests: 1, perSeconds: 1, scope: 'connection', actions: ['sendMessage'] },
    ],
    headers: [{ name: 'Retry-After', kind: 'wait', unit: 'seconds' }],
  },
  failures: {
    when: { at: '/ok', is: false },
    code: ['/error'],
    message: ['/response_metadata/messages/0', '/error'],
    codes: {
      account_inactive: 'authentication',
      invalid_auth: 'authentication',
      not_authed: 'authentication',
      token_expired: 'authentication',
      token_revoked: 'authentication',
      missing_scope: 'permission',
      not_in_channel: 'permission',
      restricted_action: 'permission',
      channel_not_found: 'notFound',
      message_not_found: 'notFound',
      user_not_found: 'notFound',
      users_not_found: 'notFound',
      already_reacted: 'conflict',
      name_taken: 'conflict',
      ratelimited: 'rateLimit',
      rate_limited: 'rateLimit',
      fatal_error: 'provider',
      internal_error: 'provider',
      service_unavailable: 'provider',
    },
  },
});
