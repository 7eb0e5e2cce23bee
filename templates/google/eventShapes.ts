import { z } from 'zod';

import { SCOPE } from './shapes.js';

export const EVENTS_READ = [
  [SCOPE.calendarEventsRead, SCOPE.calendarEvents, SCOPE.calendarRead, SCOPE.calendar],
] as const;
export const EVENTS_WRITE = [[SCOPE.calendarEvents, SCOPE.calendar]] as const;

export const event = z.looseObject({
  id: z.string(),
  status: z.string(),
  summary: z.string().optional(),
  htmlLink: z.string().optional(),
  updated: z.string().optional(),
  start: z.looseObject({}).optional(),
  end: z.looseObject({}).optional(),
});

const attendee = z.strictObject({
  email: z.email(),
  displayName: z.string().optional(),
  optional: z.boolean().optional(),
  resource: z.boolean().optional(),
  responseStatus: z.enum(['needsAction', 'declined', 'tentative', 'accepted']).optional(),
  comment: z.string().optional(),
  additionalGuests: z.int().min(0).optional(),
});

const reminders = z.strictObject({
  useDefault: z.boolean(),
  overrides: z
    .array(
      z.strictObject({
        method: z.enum(['email', 'popup']),
        minutes: z.int().min(0).max(40_320),
      }),
    )
    .max(5)
    .optional(),
});

/** Google Meet: `{ createRequest: { requestId, conferenceSolutionKey: { type: 'hangoutsMeet' } } }`. */
const conferenceData = z.looseObject({
  createRequest: z.looseObject({ requestId: z.string().min(1) }).optional(),
});

const properties = z.record(z.string(), z.string()).optional();

export const details = {
  summary: z.string().optional(),
  description: z.string().optional().describe('May have HTML.'),
  location: z.string().optional(),
  attendees: z.array(attendee).optional(),
  recurrence: z.array(z.string()).optional().describe('Such as `RRULE:FREQ=WEEKLY;COUNT=5`.'),
  reminders: reminders.optional(),
  conferenceData: conferenceData.optional(),
  colorId: z.string().optional(),
  status: z.enum(['confirmed', 'tentative', 'cancelled']).optional(),
  transparency: z.enum(['opaque', 'transparent']).optional(),
  visibility: z.enum(['default', 'public', 'private', 'confidential']).optional(),
  guestsCanInviteOthers: z.boolean().optional(),
  guestsCanModify: z.boolean().optional(),
  guestsCanSeeOtherGuests: z.boolean().optional(),
  extendedProperties: z.strictObject({ private: properties, shared: properties }).optional(),
};

export const sendUpdates = z
  .enum(['all', 'externalOnly', 'none'])
  .optional()
  .describe('The people who are notified by mail; default none.');

/** Conference data is ignored unless its version is named: https://developers.google.com/workspace/calendar/api/guides/create-events#conferencing */
export const conferenceVersion = (given: { readonly conferenceData?: unknown }) =>
  given.conferenceData === undefined ? undefined : 1;
