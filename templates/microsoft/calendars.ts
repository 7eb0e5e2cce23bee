import { z } from 'zod';

import { defineAction, joinPath, path } from '../../src/contract/index.js';
import {
  GRAPH,
  listOf,
  odata,
  ownerPath,
  PAGES,
  prefer,
  REFERENCE,
  select,
  timeZone,
  top,
  userId,
} from './shapes.js';

export const CALENDAR_READ = [['Calendars.Read', 'Calendars.ReadWrite']] as const;

/** https://learn.microsoft.com/graph/api/resources/datetimetimezone */
export const moment = z.strictObject({
  dateTime: z.iso.datetime({ local: true }).describe('Such as 2026-01-31T12:00:00.'),
  timeZone: z.string().min(1).describe('Such as UTC, Europe/Zurich or Pacific Standard Time.'),
});

export const listCalendars = defineAction({
  name: 'listCalendars',
  summary: 'Lists the calendars of an account.',
  docs: `${REFERENCE}/user-list-calendars`,
  risk: 'read',
  scopes: CALENDAR_READ,
  input: () => z.strictObject({ userId, select, top }),
  output: () => listOf(z.looseObject({ id: z.string(), name: z.string().optional() })),
  request: ({ userId: of, ...given }) => ({
    method: 'GET',
    path: joinPath(ownerPath(of), path`/calendars`),
    query: odata(given),
  }),
  pages: PAGES,
  example: {
    input: { userId: 'samanthab@contoso.com' },
    sends: { method: 'GET', url: `${GRAPH}/users/samanthab%40contoso.com/calendars` },
    response: {
      body: {
        value: [
          {
            id: 'AAMkAGI2TGuLAAA=',
            name: 'Calendar',
            color: 'auto',
            canShare: true,
            canEdit: true,
            defaultOnlineMeetingProvider: 'teamsForBusiness',
            owner: { name: 'Samantha Booth', address: 'samanthab@contoso.com' },
          },
        ],
      },
    },
  },
});

export const getSchedule = defineAction({
  name: 'getSchedule',
  summary: 'Tells when people, rooms or groups are busy.',
  docs: `${REFERENCE}/calendar-getschedule`,
  // It changes nothing.
  risk: 'read',
  scopes: CALENDAR_READ,
  input: () =>
    z.strictObject({
      userId,
      schedules: z.array(z.email()).min(1).max(20),
      startTime: moment,
      endTime: moment,
      availabilityViewInterval: z
        .int()
        .min(5)
        .max(1440)
        .optional()
        .describe('Minutes; 30 unless told.'),
      timeZone,
    }),
  output: () =>
    z.looseObject({
      value: z.array(
        z.looseObject({
          scheduleId: z.string(),
          availabilityView: z
            .string()
            .nullable()
            .optional()
            .describe('0 free, 1 tentative, 2 busy, 3 out of office, 4 working elsewhere.'),
          scheduleItems: z.array(z.looseObject({})).nullable().optional(),
        }),
      ),
    }),
  request: ({ userId: of, timeZone: zone, ...json }) => ({
    method: 'POST',
    path: joinPath(ownerPath(of), path`/calendar/getSchedule`),
    headers: prefer({ timeZone: zone }),
    body: { json },
  }),
  example: {
    input: {
      schedules: ['adelev@contoso.onmicrosoft.com', 'meganb@contoso.onmicrosoft.com'],
      startTime: { dateTime: '2019-03-15T09:00:00', timeZone: 'Pacific Standard Time' },
      endTime: { dateTime: '2019-03-15T18:00:00', timeZone: 'Pacific Standard Time' },
      availabilityViewInterval: 60,
      timeZone: 'Pacific Standard Time',
    },
    sends: {
      method: 'POST',
      url: `${GRAPH}/me/calendar/getSchedule`,
      headers: { Prefer: 'outlook.timezone="Pacific Standard Time"' },
      json: {
        schedules: ['adelev@contoso.onmicrosoft.com', 'meganb@contoso.onmicrosoft.com'],
        startTime: { dateTime: '2019-03-15T09:00:00', timeZone: 'Pacific Standard Time' },
        endTime: { dateTime: '2019-03-15T18:00:00', timeZone: 'Pacific Standard Time' },
        availabilityViewInterval: 60,
      },
    },
    response: {
      body: {
        value: [
          {
            scheduleId: 'adelev@contoso.onmicrosoft.com',
            availabilityView: '000220000',
            scheduleItems: [
              {
                isPrivate: false,
                status: 'busy',
                subject: "Let's go for lunch",
                location: "Harry's Bar",
                start: {
                  dateTime: '2019-03-15T12:00:00.0000000',
                  timeZone: 'Pacific Standard Time',
                },
                end: {
                  dateTime: '2019-03-15T14:00:00.0000000',
                  timeZone: 'Pacific Standard Time',
                },
              },
            ],
          },
        ],
      },
    },
  },
});
