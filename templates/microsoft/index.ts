import { defineConnector, path } from '../../src/contract/index.js';
import { getSchedule, listCalendars } from './calendars.js';
import { createChat, listChatMessages, listChats, sendChatMessage } from './chats.js';
import {
  createEvent,
  deleteEvent,
  getEvent,
  listCalendarView,
  listEvents,
  updateEvent,
} from './events.js';
import { failures, limits, scopes, triggers } from './facts.js';
import { createDraft, getMessage, listMessages, replyToMessage, sendMail } from './mail.js';
import { listAttachments, listMailFolders, moveMessage, updateMessage } from './mailFolders.js';
import { ADELE, getUser, listUsers } from './people.js';
import { GRAPH } from './shapes.js';
import { createSubscription, deleteSubscription, renewSubscription } from './subscriptions.js';
import {
  listChannelMessages,
  listChannels,
  listJoinedTeams,
  replyToChannelMessage,
  sendChannelMessage,
} from './teams.js';

const APP_SCOPE = 'https://graph.microsoft.com/.default';

export const microsoft = defineConnector({
  key: 'microsoft',
  name: 'Microsoft 365',
  category: 'productivity',
  description:
    'Send and read mail, plan meetings, and write to channels and chats: Outlook and Teams, by Microsoft Graph.',
  docs: 'https://learn.microsoft.com/graph/api/overview',
  support: 'verified',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'At https://entra.microsoft.com under App registrations choose New registration, which accounts may connect, and under Redirect URI the platform Web with the address that the hub shows.',
    'Copy the Application (client) ID from Overview. Under Certificates & secrets choose New client secret and copy its Value: it is shown once, and expires on the day that you choose.',
    'Under API permissions, Microsoft Graph add what you need: delegated permissions for people who connect, application permissions for an app without a user. An administrator must consent there to application permissions and to reading channels.',
    'As tenant fill in common to allow any account, organizations to allow work and school accounts, else the Directory (tenant) ID, which an app without a user always needs. A personal account can connect only if no scope of Teams is requested.',
    'An app without a user also needs Organization.Read.All, with which the connection is tested. It must name the user of the mailbox or calendar in userId, and cannot write to Teams.',
  ],
  servers: { graph: 'https://graph.microsoft.com/v1.0' },
  fields: {
    tenant: {
      title: 'Tenant',
      type: 'host',
      help: 'common, organizations, consumers, or the Directory (tenant) ID or domain of your organization',
      example: 'common',
    },
  },
  auth: {
    // https://learn.microsoft.com/graph/auth-v2-user
    oauth: {
      kind: 'oauth2Code',
      authorizeUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize',
      tokenUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
      // https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow
      pkce: true,
      authorizeParams: { response_mode: 'query' },
      scopes,
      // Without offline_access there is no refresh token; reading channels is not among the defaults, as an administrator must consent.
      defaultScopes: [
        'offline_access',
        'User.Read',
        'Mail.ReadWrite',
        'Mail.Send',
        'Calendars.ReadWrite',
        'Team.ReadBasic.All',
        'Channel.ReadBasic.All',
        'ChannelMessage.Send',
        'Chat.ReadWrite',
      ],
      // The old refresh token stays valid: https://learn.microsoft.com/entra/identity-platform/refresh-tokens
      refresh: { singleUse: false },
    },
    // https://learn.microsoft.com/graph/auth-v2-service
    app: {
      kind: 'oauth2ClientCredentials',
      title: 'App without a user',
      tokenUrl: 'https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token',
      scopes: { [APP_SCOPE]: 'All that an administrator consented to for the app' },
      defaultScopes: [APP_SCOPE],
    },
  },
  // https://learn.microsoft.com/graph/api/user-get
  test: {
    request: { method: 'GET', path: path`/me` },
    identity: { id: '/id', name: '/userPrincipalName' },
    example: { url: `${GRAPH}/me`, body: ADELE },
  },
  // https://learn.microsoft.com/graph/api/organization-list
  tests: {
    app: {
      request: { method: 'GET', path: path`/organization` },
      identity: { id: '/value/0/id', name: '/value/0/displayName' },
      example: {
        url: `${GRAPH}/organization`,
        body: {
          value: [
            {
              id: '84841066-274d-4ec0-a5c1-276be684bdd3',
              displayName: 'Contoso',
              tenantType: 'AAD',
              verifiedDomains: [{ isDefault: true, name: 'Contoso.onmicrosoft.com' }],
            },
          ],
        },
      },
    },
  },
  actions: [
    getUser,
    listUsers,
    listMessages,
    getMessage,
    sendMail,
    replyToMessage,
    createDraft,
    moveMessage,
    updateMessage,
    listAttachments,
    listMailFolders,
    listCalendars,
    getSchedule,
    listEvents,
    listCalendarView,
    getEvent,
    createEvent,
    updateEvent,
    deleteEvent,
    listJoinedTeams,
    listChannels,
    listChannelMessages,
    sendChannelMessage,
    replyToChannelMessage,
    listChats,
    createChat,
    listChatMessages,
    sendChatMessage,
    createSubscription,
    renewSubscription,
    deleteSubscription,
  ],
  triggers,
  sync: [
    {
      name: 'messages',
      action: 'listMessages',
      id: '/id',
      changed: { at: '/lastModifiedDateTime' },
    },
    { name: 'mailFolders', action: 'listMailFolders', id: '/id' },
    { name: 'calendars', action: 'listCalendars', id: '/id' },
    { name: 'events', action: 'listEvents', id: '/id', changed: { at: '/lastModifiedDateTime' } },
    { name: 'teams', action: 'listJoinedTeams', id: '/id' },
    { name: 'chats', action: 'listChats', id: '/id', changed: { at: '/lastUpdatedDateTime' } },
    { name: 'users', action: 'listUsers', id: '/id' },
  ],
  limits,
  failures,
  example: { tenant: 'common' },
});
