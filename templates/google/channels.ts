import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { CALENDAR, CALENDAR_REFERENCE, calendarId } from './calendars.js';
import { EVENTS_READ } from './eventShapes.js';
import { GMAIL, MAIL_READ } from './messages.js';
import { done, id, nothing } from './shapes.js';

/** A channel of https://developers.google.com/workspace/calendar/api/guides/push; Drive has the same. */
export const channelInput = {
  id: z
    .string()
    .regex(/^[A-Za-z0-9\-_+/=]{1,64}$/)
    .describe('An id of your own, such as a UUID; each notification contains it.'),
  address: z.url({ protocol: /^https$/ }),
  token: z
    .string()
    .max(256)
    .optional()
    .describe('A token that each notification contains, to verify the sender.'),
  expiration: z.int().min(0).optional().describe('Milliseconds since 1970.'),
};

export const channel = z.looseObject({
  id: z.string(),
  resourceId: z.string(),
  expiration: z.string().optional(),
});

export const OPENED = {
  kind: 'api#channel',
  id: '01234567-89ab-cdef-0123456789ab',
  resourceId: 'o3hgv1538sdjfh',
  resourceUri: 'https://www.googleapis.com/calendar/v3/calendars/primary/events',
  token: 'target=myApp-myCalendarChannelDest',
  expiration: '1426325213000',
};

export const watchEvents = defineAction({
  name: 'watchEvents',
  summary: 'Subscribes to notifications of changes in a calendar; listEvents returns the changes.',
  docs: `${CALENDAR_REFERENCE}/events/watch`,
  risk: 'write',
  scopes: EVENTS_READ,
  input: () => z.strictObject({ calendarId, ...channelInput }),
  output: () => channel,
  request: ({ calendarId: of, ...json }) => ({
    method: 'POST',
    server: 'calendar',
    path: path`/calendars/${of}/events/watch`,
    body: { json: { ...json, type: 'web_hook' } },
  }),
  example: {
    input: {
      id: '01234567-89ab-cdef-0123456789ab',
      address: 'https://mydomain.com/notifications',
      token: 'target=myApp-myCalendarChannelDest',
      expiration: 1_426_325_213_000,
    },
    sends: {
      method: 'POST',
      url: `${CALENDAR}/calendars/primary/events/watch`,
      json: {
        id: '01234567-89ab-cdef-0123456789ab',
        type: 'web_hook',
        address: 'https://mydomain.com/notifications',
        token: 'target=myApp-myCalendarChannelDest',
        expiration: 1_426_325_213_000,
      },
    },
    response: { body: OPENED },
  },
});

export const stopChannel = defineAction({
  name: 'stopChannel',
  summary: 'Ends a subscription of watchEvents or watchChanges.',
  docs: `${CALENDAR_REFERENCE}/channels/stop`,
  risk: 'write',
  idempotent: true,
  input: () =>
    z.strictObject({
      service: z.enum(['calendar', 'drive']),
      id,
      resourceId: id,
    }),
  output: () => nothing,
  request: ({ service, ...json }) => ({
    method: 'POST',
    server: service,
    path: path`/channels/stop`,
    body: { json },
  }),
  response: done,
  example: {
    input: {
      service: 'calendar',
      id: '4ba78bf0-6a47-11e2-bcfd-0800200c9a66',
      resourceId: 'ret08u3rv24htgh289g',
    },
    sends: {
      method: 'POST',
      url: `${CALENDAR}/channels/stop`,
      json: { id: '4ba78bf0-6a47-11e2-bcfd-0800200c9a66', resourceId: 'ret08u3rv24htgh289g' },
    },
    response: { status: 204, body: null },
  },
});

export const watchMailbox = defineAction({
  name: 'watchMailbox',
  summary: 'Subscribes to Pub/Sub notifications of changes in the mailbox, for seven days.',
  docs: 'https://developers.google.com/workspace/gmail/api/guides/push',
  risk: 'write',
  idempotent: true,
  scopes: MAIL_READ,
  input: () =>
    z.strictObject({
      topicName: z.string().regex(/^projects\/[^/]+\/topics\/[^/]+$/),
      labelIds: z.array(id).optional(),
      labelFilterBehavior: z.enum(['include', 'exclude']).optional(),
    }),
  output: () => z.looseObject({ historyId: z.string(), expiration: z.string() }),
  request: (json) => ({ method: 'POST', path: path`/users/me/watch`, body: { json } }),
  example: {
    input: {
      topicName: 'projects/myproject/topics/mytopic',
      labelIds: ['INBOX'],
      labelFilterBehavior: 'include',
    },
    sends: {
      method: 'POST',
      url: `${GMAIL}/watch`,
      json: {
        topicName: 'projects/myproject/topics/mytopic',
        labelIds: ['INBOX'],
        labelFilterBehavior: 'include',
      },
    },
    response: { body: { historyId: '1234567890', expiration: '1431990098200' } },
  },
});

export const unwatchMailbox = defineAction({
  name: 'unwatchMailbox',
  summary: 'Ends the notifications of changes in the mailbox.',
  docs: 'https://developers.google.com/workspace/gmail/api/reference/rest/v1/users/stop',
  risk: 'write',
  idempotent: true,
  scopes: MAIL_READ,
  input: () => z.strictObject({}),
  output: () => nothing,
  request: () => ({ method: 'POST', path: path`/users/me/stop` }),
  response: done,
  example: {
    input: {},
    sends: { method: 'POST', url: `${GMAIL}/stop` },
    response: { status: 204, body: null },
  },
});
