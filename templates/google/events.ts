import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  CALENDAR,
  CALENDAR_REFERENCE,
  calendarId,
  MEETING,
  moment,
  timeZone,
} from './calendars.js';
import {
  conferenceVersion,
  details,
  event,
  EVENTS_READ,
  EVENTS_WRITE,
  sendUpdates,
} from './eventShapes.js';
import { done, id, nextPageToken, nothing, pageToken, time } from './shapes.js';

export const listEvents = defineAction({
  name: 'listEvents',
  summary:
    'Lists the events of a calendar; with singleEvents each occurrence of a series separately.',
  docs: `${CALENDAR_REFERENCE}/events/list`,
  risk: 'read',
  scopes: EVENTS_READ,
  input: () =>
    z.strictObject({
      calendarId,
      timeMin: time.optional().describe('Only events that end after this time.'),
      timeMax: time.optional().describe('Only events that start before this time.'),
      updatedMin: time
        .optional()
        .describe('Only events changed since this time, including deleted ones.'),
      singleEvents: z.boolean().optional(),
      orderBy: z
        .enum(['startTime', 'updated'])
        .optional()
        .describe('startTime needs singleEvents.'),
      q: z.string().optional().describe('Text to search for.'),
      showDeleted: z.boolean().optional(),
      iCalUID: z.string().optional(),
      eventTypes: z.array(z.string()).optional(),
      privateExtendedProperty: z.array(z.string()).optional().describe('As name=value.'),
      sharedExtendedProperty: z.array(z.string()).optional().describe('As name=value.'),
      maxAttendees: z.int().min(1).optional(),
      maxResults: z.int().min(1).max(2500).optional().describe('Default 250.'),
      timeZone: timeZone.optional(),
      syncToken: z
        .string()
        .optional()
        .describe('`nextSyncToken` of the last page of an earlier list.'),
      pageToken,
    }),
  output: () =>
    z.looseObject({
      items: z.array(event),
      nextPageToken,
      nextSyncToken: z.string().optional(),
    }),
  request: ({ calendarId: of, ...query }) => ({
    method: 'GET',
    server: 'calendar',
    path: path`/calendars/${of}/events`,
    query,
  }),
  pages: { kind: 'cursor', items: '/items', next: '/nextPageToken', param: 'pageToken' },
  example: {
    input: {
      timeMin: '2026-05-01T00:00:00Z',
      singleEvents: true,
      orderBy: 'startTime',
      maxResults: 10,
    },
    sends: {
      method: 'GET',
      url: `${CALENDAR}/calendars/primary/events?timeMin=2026-05-01T00%3A00%3A00Z&singleEvents=true&orderBy=startTime&maxResults=10`,
    },
    response: {
      body: {
        kind: 'calendar#events',
        summary: 'jane@example.com',
        updated: '2026-05-02T08:15:00.000Z',
        timeZone: 'America/Los_Angeles',
        accessRole: 'owner',
        items: [MEETING],
        nextSyncToken: 'CPDAlvWDx70CEPDAlvWDx70CGAU=',
      },
    },
  },
});

export const getEvent = defineAction({
  name: 'getEvent',
  summary: 'Reads an event.',
  docs: `${CALENDAR_REFERENCE}/events/get`,
  risk: 'read',
  scopes: EVENTS_READ,
  input: () =>
    z.strictObject({
      calendarId,
      eventId: id,
      maxAttendees: z.int().min(1).optional(),
      timeZone: timeZone.optional(),
    }),
  output: () => event,
  request: ({ calendarId: of, eventId, ...query }) => ({
    method: 'GET',
    server: 'calendar',
    path: path`/calendars/${of}/events/${eventId}`,
    query,
  }),
  example: {
    input: { eventId: MEETING.id, timeZone: 'America/Los_Angeles' },
    sends: {
      method: 'GET',
      url: `${CALENDAR}/calendars/primary/events/7cbh8rpc10lrc0ckih9tafss99?timeZone=America%2FLos_Angeles`,
    },
    response: { body: MEETING },
  },
});

export const createEvent = defineAction({
  name: 'createEvent',
  summary:
    'Creates an event. With an id of yours, a second event with that id is refused as a conflict.',
  docs: `${CALENDAR_REFERENCE}/events/insert`,
  risk: 'write',
  scopes: EVENTS_WRITE,
  input: () =>
    z.strictObject({
      calendarId,
      id: z
        .string()
        .regex(/^[a-v0-9]{5,1024}$/)
        .optional()
        .describe('Letters a to v and digits, such as a UUID without hyphens.'),
      start: moment,
      end: moment.describe('The end; for whole days the day after the last.'),
      ...details,
      sendUpdates,
    }),
  output: () => event,
  request: ({ calendarId: of, sendUpdates: updates, ...json }) => ({
    method: 'POST',
    server: 'calendar',
    path: path`/calendars/${of}/events`,
    query: { sendUpdates: updates, conferenceDataVersion: conferenceVersion(json) },
    body: { json },
  }),
  example: {
    // https://developers.google.com/workspace/calendar/api/guides/create-events
    input: {
      summary: 'Google I/O 2015',
      location: '800 Howard St., San Francisco, CA 94103',
      description: "A chance to hear more about Google's developer products.",
      start: { dateTime: '2015-05-28T09:00:00-07:00', timeZone: 'America/Los_Angeles' },
      end: { dateTime: '2015-05-28T17:00:00-07:00', timeZone: 'America/Los_Angeles' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
      attendees: [{ email: 'lpage@example.com' }, { email: 'sbrin@example.com' }],
      reminders: {
        useDefault: false,
        overrides: [
          { method: 'email', minutes: 1440 },
          { method: 'popup', minutes: 10 },
        ],
      },
      sendUpdates: 'all',
    },
    sends: {
      method: 'POST',
      url: `${CALENDAR}/calendars/primary/events?sendUpdates=all`,
      json: {
        summary: 'Google I/O 2015',
        location: '800 Howard St., San Francisco, CA 94103',
        description: "A chance to hear more about Google's developer products.",
        start: { dateTime: '2015-05-28T09:00:00-07:00', timeZone: 'America/Los_Angeles' },
        end: { dateTime: '2015-05-28T17:00:00-07:00', timeZone: 'America/Los_Angeles' },
        recurrence: ['RRULE:FREQ=DAILY;COUNT=2'],
        attendees: [{ email: 'lpage@example.com' }, { email: 'sbrin@example.com' }],
        reminders: {
          useDefault: false,
          overrides: [
            { method: 'email', minutes: 1440 },
            { method: 'popup', minutes: 10 },
          ],
        },
      },
    },
    response: { body: MEETING },
  },
});

export const updateEvent = defineAction({
  name: 'updateEvent',
  summary:
    'Changes the given fields of an event; lists, such as attendees, are replaced as a whole.',
  docs: `${CALENDAR_REFERENCE}/events/patch`,
  risk: 'write',
  idempotent: true,
  scopes: EVENTS_WRITE,
  input: () =>
    z.strictObject({
      calendarId,
      eventId: id,
      start: moment.optional(),
      end: moment.optional(),
      ...details,
      sendUpdates,
    }),
  output: () => event,
  request: ({ calendarId: of, eventId, sendUpdates: updates, ...json }) => ({
    method: 'PATCH',
    server: 'calendar',
    path: path`/calendars/${of}/events/${eventId}`,
    query: { sendUpdates: updates, conferenceDataVersion: conferenceVersion(json) },
    body: { json },
  }),
  example: {
    input: {
      eventId: MEETING.id,
      location: '800 Howard St., San Francisco, CA 94103',
      conferenceData: {
        createRequest: {
          requestId: '7qxalsvy0e',
          conferenceSolutionKey: { type: 'hangoutsMeet' },
        },
      },
    },
    sends: {
      method: 'PATCH',
      url: `${CALENDAR}/calendars/primary/events/7cbh8rpc10lrc0ckih9tafss99?conferenceDataVersion=1`,
      json: {
        location: '800 Howard St., San Francisco, CA 94103',
        conferenceData: {
          createRequest: {
            requestId: '7qxalsvy0e',
            conferenceSolutionKey: { type: 'hangoutsMeet' },
          },
        },
      },
    },
    response: { body: { ...MEETING, location: '800 Howard St., San Francisco, CA 94103' } },
  },
});

export const deleteEvent = defineAction({
  name: 'deleteEvent',
  summary: 'Deletes an event. A deleted event is not found.',
  docs: `${CALENDAR_REFERENCE}/events/delete`,
  risk: 'write',
  idempotent: true,
  scopes: EVENTS_WRITE,
  input: () => z.strictObject({ calendarId, eventId: id, sendUpdates }),
  output: () => nothing,
  request: ({ calendarId: of, eventId, ...query }) => ({
    method: 'DELETE',
    server: 'calendar',
    path: path`/calendars/${of}/events/${eventId}`,
    query,
  }),
  response: done,
  example: {
    input: { eventId: MEETING.id, sendUpdates: 'none' },
    sends: {
      method: 'DELETE',
      url: `${CALENDAR}/calendars/primary/events/7cbh8rpc10lrc0ckih9tafss99?sendUpdates=none`,
    },
    response: { status: 204, body: null },
  },
});
