import { z } from 'zod';

import { defineAction, joinPath, path } from '../../src/contract/index.js';
import { CALENDAR_READ, moment } from './calendars.js';
import { details, event, eventsPath, LUNCH, PST } from './eventShapes.js';
import {
  bodyContentType,
  done,
  filter,
  GRAPH,
  id,
  listOf,
  nothing,
  odata,
  orderby,
  ownerPath,
  PAGES,
  prefer,
  REFERENCE,
  select,
  skip,
  time,
  timeZone,
  top,
  userId,
} from './shapes.js';

const WRITE = ['Calendars.ReadWrite'] as const;

const calendarId = id.optional().describe('Default: the default calendar.');

export const listEvents = defineAction({
  name: 'listEvents',
  summary: 'Lists events. A series is one item, which listCalendarView expands.',
  docs: `${REFERENCE}/user-list-events`,
  risk: 'read',
  scopes: CALENDAR_READ,
  input: () =>
    z.strictObject({
      userId,
      calendarId,
      select,
      filter,
      orderby,
      top,
      skip,
      timeZone,
      bodyContentType,
    }),
  output: () => listOf(event),
  request: ({ userId: of, calendarId: calendar, ...given }) => ({
    method: 'GET',
    path: joinPath(ownerPath(of), eventsPath(calendar)),
    query: odata(given),
    headers: prefer(given),
  }),
  pages: PAGES,
  example: {
    input: { select: ['subject', 'start', 'end'], timeZone: PST, bodyContentType: 'text' },
    sends: {
      method: 'GET',
      url: `${GRAPH}/me/events?%24select=subject%2Cstart%2Cend`,
      headers: {
        Prefer: 'outlook.timezone="Pacific Standard Time", outlook.body-content-type="text"',
      },
    },
    response: { body: { value: [LUNCH] } },
  },
});

export const listCalendarView = defineAction({
  name: 'listCalendarView',
  summary: 'Lists the events of a calendar in a period, each occurrence of a series separately.',
  docs: `${REFERENCE}/calendar-list-calendarview`,
  risk: 'read',
  scopes: CALENDAR_READ,
  input: () =>
    z.strictObject({
      userId,
      calendarId,
      startDateTime: time,
      endDateTime: time,
      select,
      filter,
      orderby,
      top,
      skip,
      timeZone,
    }),
  output: () => listOf(event),
  request: ({ userId: of, calendarId: calendar, startDateTime, endDateTime, ...given }) => ({
    method: 'GET',
    path: joinPath(
      ownerPath(of),
      calendar === undefined
        ? path`/calendar/calendarView`
        : path`/calendars/${calendar}/calendarView`,
    ),
    query: { startDateTime, endDateTime, ...odata(given) },
    headers: prefer(given),
  }),
  pages: PAGES,
  example: {
    input: {
      startDateTime: '2017-01-01T19:00:00-08:00',
      endDateTime: '2017-01-07T19:00:00-08:00',
    },
    sends: {
      method: 'GET',
      url: `${GRAPH}/me/calendar/calendarView?startDateTime=2017-01-01T19%3A00%3A00-08%3A00&endDateTime=2017-01-07T19%3A00%3A00-08%3A00`,
    },
    response: { body: { value: [LUNCH] } },
  },
});

export const getEvent = defineAction({
  name: 'getEvent',
  summary: 'Reads an event.',
  docs: `${REFERENCE}/event-get`,
  risk: 'read',
  scopes: CALENDAR_READ,
  input: () => z.strictObject({ userId, eventId: id, select, timeZone, bodyContentType }),
  output: () => event,
  request: ({ userId: of, eventId, ...given }) => ({
    method: 'GET',
    path: joinPath(ownerPath(of), path`/events/${eventId}`),
    query: odata(given),
    headers: prefer(given),
  }),
  example: {
    input: { eventId: 'AAMkAGI1AAAt9AHjAAA=', select: ['subject', 'start', 'end'], timeZone: PST },
    sends: {
      method: 'GET',
      url: `${GRAPH}/me/events/AAMkAGI1AAAt9AHjAAA%3D?%24select=subject%2Cstart%2Cend`,
      headers: { Prefer: 'outlook.timezone="Pacific Standard Time"' },
    },
    response: { body: LUNCH },
  },
});

export const createEvent = defineAction({
  name: 'createEvent',
  summary:
    'Creates an event and invites the attendees. Repeating the transactionId creates no second event.',
  docs: `${REFERENCE}/user-post-events`,
  risk: 'write',
  // https://learn.microsoft.com/graph/api/resources/event#properties
  idempotent: { member: 'transactionId' },
  scopes: WRITE,
  input: () =>
    z.strictObject({
      userId,
      calendarId,
      subject: z.string(),
      start: moment,
      end: moment,
      ...details,
      transactionId: id.optional().describe('An id of your own, which makes retries safe.'),
      timeZone,
    }),
  output: () => event,
  request: ({ userId: of, calendarId: calendar, timeZone: zone, ...json }) => ({
    method: 'POST',
    path: joinPath(ownerPath(of), eventsPath(calendar)),
    headers: prefer({ timeZone: zone }),
    body: { json },
  }),
  example: {
    input: {
      subject: "Let's go for lunch",
      body: { contentType: 'HTML', content: 'Does late morning work for you?' },
      start: { dateTime: '2017-04-15T12:00:00', timeZone: PST },
      end: { dateTime: '2017-04-15T14:00:00', timeZone: PST },
      location: { displayName: "Harry's Bar" },
      attendees: [
        {
          emailAddress: { address: 'samanthab@contoso.onmicrosoft.com', name: 'Samantha Booth' },
          type: 'required',
        },
      ],
      timeZone: PST,
    },
    sends: {
      method: 'POST',
      url: `${GRAPH}/me/events`,
      headers: { Prefer: 'outlook.timezone="Pacific Standard Time"' },
      json: {
        subject: "Let's go for lunch",
        body: { contentType: 'HTML', content: 'Does late morning work for you?' },
        start: { dateTime: '2017-04-15T12:00:00', timeZone: 'Pacific Standard Time' },
        end: { dateTime: '2017-04-15T14:00:00', timeZone: 'Pacific Standard Time' },
        location: { displayName: "Harry's Bar" },
        attendees: [
          {
            emailAddress: {
              address: 'samanthab@contoso.onmicrosoft.com',
              name: 'Samantha Booth',
            },
            type: 'required',
          },
        ],
      },
    },
    response: { status: 201, body: LUNCH },
  },
});

export const updateEvent = defineAction({
  name: 'updateEvent',
  summary: 'Changes the given fields of an event; attendees are replaced as a whole.',
  docs: `${REFERENCE}/event-update`,
  risk: 'write',
  idempotent: true,
  scopes: WRITE,
  input: () =>
    z.strictObject({
      userId,
      eventId: id,
      subject: z.string().optional(),
      start: moment.optional(),
      end: moment.optional(),
      ...details,
    }),
  output: () => event,
  request: ({ userId: of, eventId, ...json }) => ({
    method: 'PATCH',
    path: joinPath(ownerPath(of), path`/events/${eventId}`),
    body: { json },
  }),
  example: {
    input: {
      eventId: 'AAMkAGI1AAAt9AHjAAA=',
      reminderMinutesBeforeStart: 99,
      isOnlineMeeting: true,
      onlineMeetingProvider: 'teamsForBusiness',
      isReminderOn: true,
      hideAttendees: false,
      categories: ['Red category'],
    },
    sends: {
      method: 'PATCH',
      url: `${GRAPH}/me/events/AAMkAGI1AAAt9AHjAAA%3D`,
      json: {
        reminderMinutesBeforeStart: 99,
        isOnlineMeeting: true,
        onlineMeetingProvider: 'teamsForBusiness',
        isReminderOn: true,
        hideAttendees: false,
        categories: ['Red category'],
      },
    },
    response: { body: { ...LUNCH, isOnlineMeeting: true, reminderMinutesBeforeStart: 99 } },
  },
});

export const deleteEvent = defineAction({
  name: 'deleteEvent',
  summary: 'Deletes an event; if it is a meeting of the account, its attendees are notified.',
  docs: `${REFERENCE}/event-delete`,
  risk: 'write',
  idempotent: true,
  scopes: WRITE,
  input: () => z.strictObject({ userId, eventId: id }),
  output: () => nothing,
  request: ({ userId: of, eventId }) => ({
    method: 'DELETE',
    path: joinPath(ownerPath(of), path`/events/${eventId}`),
  }),
  response: done,
  example: {
    input: { eventId: 'AAMkAGI1AAAt9AHjAAA=' },
    sends: { method: 'DELETE', url: `${GRAPH}/me/events/AAMkAGI1AAAt9AHjAAA%3D` },
    response: { status: 204, body: null },
  },
});
