import type { ConnectorSpec, FailureSpec } from '../../src/contract/index.js';

/** https://learn.microsoft.com/graph/permissions-reference */
export const scopes: Readonly<Record<string, string>> = {
  offline_access: 'Stay connected while the person is away',
  'User.Read': 'Sign in and read the own profile',
  'User.ReadBasic.All': 'Read the basic profiles of all people of the organization',
  'Mail.Read': 'Read mail',
  'Mail.ReadWrite': 'Read, change, move and draft mail',
  'Mail.Send': 'Send mail',
  'Calendars.Read': 'Read calendars',
  'Calendars.ReadWrite': 'Read and change calendars',
  'Team.ReadBasic.All': 'See the names of teams',
  'Channel.ReadBasic.All': 'See the names of channels',
  'ChannelMessage.Read.All': 'Read the messages of channels; an administrator must consent',
  'ChannelMessage.Send': 'Send messages to channels',
  'Chat.Read': 'Read chats',
  'Chat.ReadWrite': 'Read chats and send messages to them',
  'Chat.Create': 'Open chats',
  'ChatMessage.Send': 'Send messages to chats',
};

const perSecond = (requests: number, actions: readonly string[], appRequests: number) => [
  { requests, perSeconds: 1, scope: 'connection' as const, actions },
  { requests: appRequests, perSeconds: 1, scope: 'app' as const, actions },
];

/** Limits per app and tenant are limits of the connection. Outlook also allows only four concurrent requests of an app. */
export const limits: ConnectorSpec['limits'] = {
  docs: 'https://learn.microsoft.com/graph/throttling-limits',
  budgets: [
    { requests: 2000, perSeconds: 1, scope: 'app' },
    {
      requests: 10_000,
      perSeconds: 600,
      scope: 'connection',
      actions: [
        'createDraft',
        'createEvent',
        'deleteEvent',
        'getEvent',
        'getMessage',
        'getSchedule',
        'listAttachments',
        'listCalendars',
        'listCalendarView',
        'listEvents',
        'listMailFolders',
        'listMessages',
        'moveMessage',
        'replyToMessage',
        'sendMail',
        'updateEvent',
        'updateMessage',
      ],
    },
    // The smallest organizations have 3,500 units in ten seconds; a list of people is two.
    { requests: 1750, perSeconds: 10, scope: 'connection', actions: ['getUser', 'listUsers'] },
    ...perSecond(30, ['listJoinedTeams'], 300),
    ...perSecond(30, ['listChats'], 1500),
    ...perSecond(30, ['createChat'], 300),
    ...perSecond(20, ['listChatMessages'], 200),
    ...perSecond(20, ['sendChatMessage'], 200),
    // Four a second on one team or channel; all requests may go to the same one.
    ...perSecond(4, ['listChannels', 'listChannelMessages'], 200),
    ...perSecond(4, ['replyToChannelMessage', 'sendChannelMessage'], 500),
  ],
  headers: [{ name: 'Retry-After', kind: 'wait', unit: 'retryAfter' }],
};

/** https://learn.microsoft.com/graph/errors */
export const failures: FailureSpec = {
  code: ['/error/code'],
  message: ['/error/message'],
  codes: {
    InvalidAuthenticationToken: 'authentication',
    unauthenticated: 'authentication',
    accessDenied: 'permission',
    Authorization_RequestDenied: 'permission',
    ErrorAccessDenied: 'permission',
    ErrorSendAsDenied: 'permission',
    extensionError: 'permission',
    MailboxNotEnabledForRESTAPI: 'permission',
    notAllowed: 'permission',
    quotaLimitReached: 'permission',
    ErrorInvalidRecipients: 'validation',
    ErrorInvalidIdMalformed: 'validation',
    InefficientFilter: 'validation',
    invalidRange: 'validation',
    invalidRequest: 'validation',
    notSupported: 'validation',
    ErrorItemNotFound: 'notFound',
    itemNotFound: 'notFound',
    Request_ResourceNotFound: 'notFound',
    nameAlreadyExists: 'conflict',
    resourceModified: 'conflict',
    // The synchronization must start again from the beginning.
    resyncRequired: 'conflict',
    syncStateNotFound: 'conflict',
    activityLimitReached: 'rateLimit',
    ApplicationThrottled: 'rateLimit',
    throttledRequest: 'rateLimit',
    TooManyRequests: 'rateLimit',
    generalException: 'provider',
    serviceNotAvailable: 'provider',
  },
  statuses: { 423: 'conflict', 507: 'permission', 509: 'rateLimit' },
  retryStatuses: [408, 423, 425, 429, 500, 502, 503, 504, 509],
};

const DOCS = 'https://learn.microsoft.com/graph/change-notifications-overview';

const change = (type: string, changeType: string) =>
  [
    { at: '/value/0/resourceData/@odata.type', is: `#Microsoft.Graph.${type}` },
    { at: '/value/0/changeType', is: changeType },
  ] as const;

/** A subscription sends several notifications at once; the first one identifies the event. https://learn.microsoft.com/graph/api/resources/changenotification */
export const triggers: NonNullable<ConnectorSpec['triggers']> = [
  {
    name: 'mailReceived',
    summary: 'A mail was received or written.',
    docs: DOCS,
    match: change('Message', 'created'),
  },
  {
    name: 'mailChanged',
    summary: 'A mail was read, marked or changed.',
    docs: DOCS,
    match: change('Message', 'updated'),
  },
  {
    name: 'eventCreated',
    summary: 'An event was created in a calendar.',
    docs: DOCS,
    match: change('Event', 'created'),
  },
  {
    name: 'eventChanged',
    summary: 'An event was changed.',
    docs: DOCS,
    match: change('Event', 'updated'),
  },
  {
    name: 'eventDeleted',
    summary: 'An event was deleted.',
    docs: DOCS,
    match: change('Event', 'deleted'),
  },
  {
    name: 'teamsMessageSent',
    summary: 'A message was sent to a channel or chat.',
    docs: 'https://learn.microsoft.com/graph/teams-changenotifications-chatmessage',
    match: change('chatMessage', 'created'),
  },
];
