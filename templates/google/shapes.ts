import { z } from 'zod';

import type { ProviderResponse } from '../../src/contract/index.js';

// Shapes shared by several operations of Google.

const scope = (name: string) => `https://www.googleapis.com/auth/${name}`;

/** https://developers.google.com/identity/protocols/oauth2/scopes */
export const SCOPE = {
  email: scope('userinfo.email'),
  gmailSend: scope('gmail.send'),
  gmailRead: scope('gmail.readonly'),
  gmailCompose: scope('gmail.compose'),
  gmailLabels: scope('gmail.labels'),
  gmail: scope('gmail.modify'),
  calendarRead: scope('calendar.readonly'),
  calendarEventsRead: scope('calendar.events.readonly'),
  calendarEvents: scope('calendar.events'),
  calendar: scope('calendar'),
  driveFile: scope('drive.file'),
  driveRead: scope('drive.readonly'),
  drive: scope('drive'),
  sheetsRead: scope('spreadsheets.readonly'),
  sheets: scope('spreadsheets'),
} as const;

export const id = z.string().min(1);

export const pageToken = z.string().optional().describe('`nextPageToken` of the previous page.');

export const nextPageToken = z.string().optional();

/** https://www.rfc-editor.org/rfc/rfc3339, with an offset, which Google requires. */
export const time = z.iso.datetime({ offset: true }).describe('Such as 2026-01-31T12:00:00Z.');

/** The response of an operation without a result: 204 without a body. */
export const nothing = z.looseObject({ done: z.literal(true) });
export const done = ({ body }: ProviderResponse): unknown =>
  body === null || body === '' ? { done: true } : body;

/** A file's content: text as text, JSON as json, anything else as base64. */
export const content = z.looseObject({
  text: z.string().optional(),
  json: z.unknown().optional(),
  base64: z.string().optional(),
  contentType: z.string().optional(),
});

export function contentOf({ body }: ProviderResponse): unknown {
  if (typeof body === 'string') return { text: body };
  const isBytes = typeof body === 'object' && body !== null && 'base64' in body;
  return isBytes ? body : { json: body };
}
