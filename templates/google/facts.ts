import type { ConnectorSpec, FailureSpec } from '../../src/contract/index.js';
import { SCOPE } from './shapes.js';

/** https://developers.google.com/identity/protocols/oauth2/scopes */
export const scopes: Readonly<Record<string, string>> = {
  openid: 'Know who is connected',
  [SCOPE.email]: 'See the address of the account',
  [SCOPE.gmailSend]: 'Send mail',
  [SCOPE.gmailRead]: 'Read mail and its labels',
  [SCOPE.gmailCompose]: 'Write drafts and send mail',
  [SCOPE.gmailLabels]: 'See, create and change labels',
  [SCOPE.gmail]: 'Read, send, label and bin mail',
  [SCOPE.calendarRead]: 'See calendars and their events',
  [SCOPE.calendarEventsRead]: 'See the events of calendars',
  [SCOPE.calendarEvents]: 'See and change the events of calendars',
  [SCOPE.calendar]: 'See, change and share calendars and their events',
  [SCOPE.driveFile]: 'See and change the files that this app created or was given',
  [SCOPE.driveRead]: 'See and download all files in Drive',
  [SCOPE.drive]: 'See, change, share and delete all files in Drive',
  [SCOPE.sheetsRead]: 'See all spreadsheets',
  [SCOPE.sheets]: 'See, change and create all spreadsheets',
};

/** The identity, and the smallest scope of each service that most actions work with. */
export const defaultScopes = [
  SCOPE.email,
  SCOPE.gmail,
  SCOPE.calendar,
  SCOPE.driveFile,
  SCOPE.sheets,
] as const;

/**
 * Each of the four counts by itself, for each user and project. A project that used them before May 2026 may have more.
 * Gmail and Drive count units; these are the numbers of the most expensive requests.
 */
export const limits: ConnectorSpec['limits'] = {
  docs: 'https://developers.google.com/workspace/gmail/api/reference/quota',
  budgets: [
    // 6,000 units a minute and user, 1,200,000 a project; sending and watching are 100, a thread or draft 10, all others less.
    {
      requests: 60,
      perSeconds: 60,
      scope: 'connection',
      actions: ['sendMessage', 'sendRawMessage', 'sendDraft', 'watchMailbox'],
    },
    {
      requests: 600,
      perSeconds: 60,
      scope: 'connection',
      actions: [
        'createDraft',
        'createLabel',
        'getAttachment',
        'getMessage',
        'getThread',
        'listHistory',
        'listLabels',
        'listMessages',
        'modifyMessage',
        'trashMessage',
        'unwatchMailbox',
      ],
    },
    ...[
      // https://developers.google.com/workspace/calendar/api/guides/quota
      { requests: 600, scope: 'connection' } as const,
      { requests: 10_000, scope: 'app' } as const,
    ].map((budget) => ({
      ...budget,
      perSeconds: 60,
      actions: [
        'createEvent',
        'deleteEvent',
        'getEvent',
        'listCalendars',
        'listEvents',
        'queryFreeBusy',
        'updateEvent',
        'watchEvents',
      ],
    })),
    // 325,000 units a minute and user; a download is 200, a list 100, a change 50: https://developers.google.com/workspace/drive/api/guides/limits
    {
      requests: 1625,
      perSeconds: 60,
      scope: 'connection',
      actions: [
        'copyFile',
        'createFolder',
        'deleteFile',
        'downloadFile',
        'exportFile',
        'getFile',
        'getStartPageToken',
        'listChanges',
        'listFiles',
        'listPermissions',
        'shareFile',
        'unshareFile',
        'updateFile',
        'uploadFile',
        'watchChanges',
      ],
    },
    // Reading and writing count apart, 60 a user and 300 a project: https://developers.google.com/workspace/sheets/api/limits
    ...[
      ['batchGetValues', 'getSpreadsheet', 'getValues'],
      [
        'appendValues',
        'batchUpdateSpreadsheet',
        'batchUpdateValues',
        'clearValues',
        'createSpreadsheet',
        'updateValues',
      ],
    ].flatMap((actions) => [
      { requests: 60, perSeconds: 60, scope: 'connection' as const, actions },
      { requests: 300, perSeconds: 60, scope: 'app' as const, actions },
    ]),
  ],
  headers: [{ name: 'Retry-After', kind: 'wait', unit: 'retryAfter' }],
};

/**
 * Google signals a rate limit with 403 as well as with 429; the reason distinguishes them. https://developers.google.com/workspace/drive/api/guides/handle-errors,
 * https://developers.google.com/workspace/calendar/api/guides/errors, https://developers.google.com/workspace/gmail/api/guides/handle-errors
 */
export const failures: FailureSpec = {
  code: ['/error/errors/0/reason', '/error/details/0/reason', '/error/status', '/error'],
  message: ['/error/message', '/error_description'],
  codes: {
    authError: 'authentication',
    UNAUTHENTICATED: 'authentication',
    dailyLimitExceeded: 'rateLimit',
    quotaExceeded: 'rateLimit',
    rateLimitExceeded: 'rateLimit',
    RATE_LIMIT_EXCEEDED: 'rateLimit',
    RESOURCE_EXHAUSTED: 'rateLimit',
    sharingRateLimitExceeded: 'rateLimit',
    userRateLimitExceeded: 'rateLimit',
    accessNotConfigured: 'permission',
    SERVICE_DISABLED: 'permission',
    ACCESS_TOKEN_SCOPE_INSUFFICIENT: 'permission',
    PERMISSION_DENIED: 'permission',
    activeItemCreationLimitExceeded: 'permission',
    appNotAuthorizedToFile: 'permission',
    cannotDownloadAbusiveFile: 'permission',
    domainPolicy: 'permission',
    forbidden: 'permission',
    forbiddenForNonOrganizer: 'permission',
    insufficientFilePermissions: 'permission',
    insufficientPermissions: 'permission',
    storageQuotaExceeded: 'permission',
    exportSizeLimitExceeded: 'validation',
    fileNotDownloadable: 'validation',
    FAILED_PRECONDITION: 'validation',
    INVALID_ARGUMENT: 'validation',
    deleted: 'notFound',
    NOT_FOUND: 'notFound',
    notFound: 'notFound',
    conditionNotMet: 'conflict',
    channelIdNotUnique: 'conflict',
    duplicate: 'conflict',
    // The list must be read again from its beginning.
    fullSyncRequired: 'conflict',
    updatedMinTooLongAgo: 'conflict',
    backendError: 'provider',
    INTERNAL: 'provider',
    internalError: 'provider',
    UNAVAILABLE: 'provider',
  },
};

/**
 * The notifications of channels and subscriptions: https://developers.google.com/workspace/calendar/api/guides/push,
 * https://developers.google.com/workspace/drive/api/guides/push
 */
export const triggers: NonNullable<ConnectorSpec['triggers']> = [
  {
    name: 'calendarChanged',
    summary:
      'Something in a calendar changed; listEvents with updatedMin or syncToken returns the changes.',
    docs: 'https://developers.google.com/workspace/calendar/api/guides/push',
    match: { header: 'x-goog-resource-state', is: 'exists' },
  },
  {
    name: 'driveChanged',
    summary: 'Something in Drive changed; listChanges returns the changes.',
    docs: 'https://developers.google.com/workspace/drive/api/guides/push',
    match: { header: 'x-goog-resource-state', is: 'change' },
  },
  {
    name: 'mailboxChanged',
    summary: 'Something in a mailbox changed; listHistory returns the changes.',
    // Pub/Sub puts the address and historyId into message.data, as base64.
    docs: 'https://developers.google.com/workspace/gmail/api/guides/push',
  },
];
