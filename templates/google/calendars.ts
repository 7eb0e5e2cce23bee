import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { id, nextPageToken, pageToken, SCOPE, time } from './shapes.js';

export const CALENDAR_REFERENCE =
  'https://developers.google.com/workspace/calendar/api/v3/reference';
export const CALENDAR = 'https://www.googleapis.com/calendar/v3';

export const calendarId = id
  .default('primary')
  .describe('As listCalendars returns it; default: the account’s own calendar.');

export const timeZone = z.string().min(1).describe('Such as Europe/Zurich.');

/** https://developers.google.com/workspace/calendar/api/concepts/events-calendars */
export const moment = z
  .strictObject({
    date: z.iso.date().optional(),
    dateTime: z.iso.datetime({ offset: true, local: true }).optional(),
    timeZone: timeZone.optional(),
  })
  .refine(({ date, dateTime }) => (date === undefined) !== (dateTime === undefined), {
    error: 'Give date for whole days, or dateTime.',
  })
  .refine(
    ({ dateTime, timeZone: zone }) =>
      dateTime === undefined || zone !== undefined || /(?:Z|[+-]\d\d:\d\d)$/.test(dateTime),
    { error: 'A dateTime without an offset needs a timeZone.' },
  )
  .describe('date for whole days, or dateTime with an offset or a timeZone.');

export const MEETING = {
  kind: 'calendar#event',
  id: '7cbh8rpc10lrc0ckih9tafss99',
  status: 'confirmed',
  htmlLink: 'https://www.google.com/calendar/event?eid=N2NiaDhycGMxMGxyYzBja2loOXRhZnNzOTk',
  created: '2015-05-01T08:00:00.000Z',
  updated: '2015-05-01T08:00:00.000Z',
  summary: 'Google I/O 2015',
  creator: { email: 'jane@example.com', self: true },
  organizer: { email: 'jane@example.com', self: true },
  start: { dateTime: '2015-05-28T09:00:00-07:00', timeZone: 'America/Los_Angeles' },
  end: { dateTime: '2015-05-28T17:00:00-07:00', timeZone: 'America/Los_Angeles' },
  iCalUID: '7cbh8rpc10lrc0ckih9tafss99@google.com',
  sequence: 0,
};

const calendar = z.looseObject({
  id: z.string(),
  summary: z.string().optional(),
  timeZone: z.string().optional(),
  accessRole: z.string().optional(),
  primary: z.boolean().optional(),
  deleted: z.boolean().optional(),
});

export const listCalendars = defineAction({
  name: 'listCalendars',
  summary: 'Lists the calendars that the account shows.',
  docs: `${CALENDAR_REFERENCE}/calendarList/list`,
  risk: 'read',
  scopes: [[SCOPE.calendarRead, SCOPE.calendar]],
  input: () =>
    z.strictObject({
      minAccessRole: z.enum(['freeBusyReader', 'reader', 'writer', 'owner']).optional(),
      showDeleted: z.boolean().optional(),
      showHidden: z.boolean().optional(),
      maxResults: z.int().min(1).max(250).optional().describe('Default 100.'),
      syncToken: z.string().optional(),
      pageToken,
    }),
  output: () =>
    z.looseObject({
      items: z.array(calendar),
      nextPageToken,
      nextSyncToken: z.string().optional(),
    }),
  request: (query) => ({
    method: 'GET',
    server: 'calendar',
    path: path`/users/me/calendarList`,
    query,
  }),
  pages: { kind: 'cursor', items: '/items', next: '/nextPageToken', param: 'pageToken' },
  example: {
    input: { minAccessRole: 'writer', maxResults: 1 },
    sends: {
      method: 'GET',
      url: `${CALENDAR}/users/me/calendarList?minAccessRole=writer&maxResults=1`,
    },
    response: {
      body: {
        kind: 'calendar#calendarList',
        nextPageToken: 'EiAKGjBpNDd2Nmp2Zml2cXRwYjBpOXA',
        items: [
          {
            kind: 'calendar#calendarListEntry',
            id: 'jane@example.com',
            summary: 'jane@example.com',
            timeZone: 'America/Los_Angeles',
            accessRole: 'owner',
            primary: true,
          },
        ],
      },
    },
  },
});

export const queryFreeBusy = defineAction({
  name: 'queryFreeBusy',
  summary: 'Returns when calendars, or the members of groups, are busy.',
  docs: `${CALENDAR_REFERENCE}/freebusy/query`,
  risk: 'read',
  scopes: [[SCOPE.calendarRead, SCOPE.calendar]],
  input: () =>
    z.strictObject({
      timeMin: time,
      timeMax: time,
      timeZone: timeZone.optional().describe('The time zone of the response; default UTC.'),
      items: z.array(z.strictObject({ id })).min(1).max(50),
      groupExpansionMax: z.int().min(1).max(100).optional(),
      calendarExpansionMax: z.int().min(1).max(50).optional(),
    }),
  output: () =>
    z.looseObject({
      timeMin: z.string(),
      timeMax: z.string(),
      calendars: z.record(
        z.string(),
        z.looseObject({
          busy: z.array(z.looseObject({ start: z.string(), end: z.string() })).optional(),
          errors: z.array(z.looseObject({ reason: z.string() })).optional(),
        }),
      ),
    }),
  request: (json) => ({
    method: 'POST',
    server: 'calendar',
    path: path`/freeBusy`,
    body: { json },
  }),
  example: {
    input: {
      timeMin: '2026-05-04T08:00:00Z',
      timeMax: '2026-05-04T18:00:00Z',
      items: [{ id: 'jane@example.com' }],
    },
    sends: {
      method: 'POST',
      url: `${CALENDAR}/freeBusy`,
      json: {
        timeMin: '2026-05-04T08:00:00Z',
        timeMax: '2026-05-04T18:00:00Z',
        items: [{ id: 'jane@example.com' }],
      },
    },
    response: {
      body: {
        kind: 'calendar#freeBusy',
        timeMin: '2026-05-04T08:00:00.000Z',
        timeMax: '2026-05-04T18:00:00.000Z',
        calendars: {
          'jane@example.com': {
            busy: [{ start: '2026-05-04T09:00:00Z', end: '2026-05-04T10:00:00Z' }],
          },
        },
      },
    },
  },
});
