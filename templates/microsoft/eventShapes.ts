import { z } from 'zod';

import { path } from '../../src/contract/index.js';
import { importance, itemBody } from './shapes.js';

export const event = z.looseObject({
  id: z.string(),
  subject: z.string().nullable().optional(),
  start: z.looseObject({}).optional(),
  end: z.looseObject({}).optional(),
  lastModifiedDateTime: z.string().nullable().optional(),
});

const attendee = z.strictObject({
  emailAddress: z.strictObject({ address: z.email(), name: z.string().optional() }),
  type: z.enum(['required', 'optional', 'resource']).optional(),
});

const location = z.strictObject({
  displayName: z.string(),
  locationEmailAddress: z.email().optional().describe('The address of a room.'),
  address: z.looseObject({}).optional(),
});

/** https://learn.microsoft.com/graph/api/resources/patternedrecurrence */
const recurrence = z.strictObject({
  pattern: z.looseObject({ type: z.string(), interval: z.int().min(1) }),
  range: z.looseObject({ type: z.string(), startDate: z.iso.date() }),
});

export const details = {
  body: itemBody.optional(),
  location: location.optional(),
  attendees: z.array(attendee).optional().describe('They are invited by mail.'),
  recurrence: recurrence.optional(),
  isAllDay: z
    .boolean()
    .optional()
    .describe('Whether it lasts whole days: then start and end are midnights.'),
  isOnlineMeeting: z.boolean().optional(),
  onlineMeetingProvider: z
    .enum(['teamsForBusiness', 'skypeForBusiness', 'skypeForConsumer'])
    .optional(),
  isReminderOn: z.boolean().optional(),
  reminderMinutesBeforeStart: z.int().min(0).optional(),
  responseRequested: z.boolean().optional(),
  hideAttendees: z.boolean().optional(),
  showAs: z.enum(['free', 'tentative', 'busy', 'oof', 'workingElsewhere', 'unknown']).optional(),
  sensitivity: z.enum(['normal', 'personal', 'private', 'confidential']).optional(),
  importance,
  categories: z.array(z.string().min(1)).optional(),
};

export const PST = 'Pacific Standard Time';
export const LUNCH = {
  '@odata.etag': 'W/"ZlnW4RIAV06KYYwlrfNZvQAALfZeRQ=="',
  id: 'AAMkAGI1AAAt9AHjAAA=',
  createdDateTime: '2017-04-15T03:00:50.7579581Z',
  lastModifiedDateTime: '2017-04-15T03:00:51.245372Z',
  subject: "Let's go for lunch",
  bodyPreview: 'Does late morning work for you?',
  isAllDay: false,
  isCancelled: false,
  isOrganizer: true,
  showAs: 'busy',
  type: 'singleInstance',
  start: { dateTime: '2017-04-15T12:00:00.0000000', timeZone: PST },
  end: { dateTime: '2017-04-15T14:00:00.0000000', timeZone: PST },
  location: { displayName: "Harry's Bar", locationType: 'default' },
};

export const eventsPath = (calendar: string | undefined) =>
  calendar === undefined ? path`/events` : path`/calendars/${calendar}/events`;
