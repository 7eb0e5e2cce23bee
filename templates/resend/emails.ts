import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { addresses, id, pageInput, pageOf, PAGES, reference } from './shapes.js';

/** Valid for 24 hours: https://resend.com/docs/dashboard/emails/idempotency-keys */
const IDEMPOTENT = { header: 'Idempotency-Key' } as const;

const newEmail = z.strictObject({
  from: z.string().min(1).describe('`Acme <hello@acme.com>`, of a verified domain.'),
  to: addresses(50),
  subject: z.string(),
  html: z.string().optional(),
  text: z.string().optional().describe('Default: made from the HTML.'),
  cc: addresses(50).optional(),
  bcc: addresses(50).optional(),
  reply_to: addresses(50).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  tags: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w-]{1,256}$/),
        value: z.string().regex(/^[\w-]{1,256}$/),
      }),
    )
    .optional(),
});

const scheduledAt = z.string().min(1).describe('When it is sent, as ISO 8601.');

const email = z.looseObject({
  id,
  to: z.array(z.string()),
  from: z.string(),
  subject: z.string(),
  created_at: z.string(),
  last_event: z.string().describe('`delivered`, `bounced`, `opened` …'),
});

const EXAMPLE = {
  from: 'Acme <onboarding@resend.dev>',
  to: ['delivered@resend.dev'],
  subject: 'hello world',
  html: '<p>it works!</p>',
};

const SENT = '49a3999c-0ce1-4ea6-ab68-afcd6dc2e794';

const FOUND = {
  id: '4ef9a417-02e9-4d39-ad75-9611e0fcc33c',
  to: ['delivered@resend.dev'],
  from: 'Acme <onboarding@resend.dev>',
  created_at: '2023-04-03 22:13:42.674981+00',
  subject: 'Hello World',
  last_event: 'delivered',
};

export const sendEmail = defineAction({
  name: 'sendEmail',
  summary: 'Sends an e-mail, now or later.',
  docs: 'https://resend.com/docs/api-reference/emails/send-email',
  risk: 'write',
  idempotent: IDEMPOTENT,
  input: () =>
    newEmail.extend({
      scheduled_at: scheduledAt.optional(),
      attachments: z
        .array(
          z.strictObject({
            filename: z.string().min(1),
            content: z.base64().optional().describe('The file as base64.'),
            path: z.url().optional().describe('The URL of the file, instead of its content.'),
            content_type: z.string().optional(),
          }),
        )
        .optional(),
    }),
  output: () => z.looseObject({ id }),
  request: (json) => ({ method: 'POST', path: path`/emails`, body: { json } }),
  example: {
    input: EXAMPLE,
    sends: { method: 'POST', url: 'https://api.resend.com/emails', json: EXAMPLE },
    response: { body: { id: SENT } },
  },
});

export const sendEmails = defineAction({
  name: 'sendEmails',
  summary: 'Sends up to 100 e-mails at once, without attachments.',
  docs: 'https://resend.com/docs/api-reference/emails/send-batch-emails',
  risk: 'write',
  idempotent: IDEMPOTENT,
  input: () => z.strictObject({ emails: z.array(newEmail).min(1).max(100) }),
  output: () => z.looseObject({ data: z.array(z.looseObject({ id })) }),
  request: ({ emails }) => ({
    method: 'POST',
    path: path`/emails/batch`,
    body: { json: emails },
  }),
  example: {
    input: { emails: [EXAMPLE] },
    sends: { method: 'POST', url: 'https://api.resend.com/emails/batch', json: [EXAMPLE] },
    response: { body: { data: [{ id: 'ae2014de-c168-4c61-8267-70d2662a1ce1' }] } },
  },
});

export const getEmail = defineAction({
  name: 'getEmail',
  summary: 'Reads a sent e-mail and its status.',
  docs: 'https://resend.com/docs/api-reference/emails/retrieve-email',
  risk: 'read',
  input: () => z.strictObject({ email_id: id }),
  output: () => email,
  request: ({ email_id }) => ({ method: 'GET', path: path`/emails/${email_id}` }),
  example: {
    input: { email_id: FOUND.id },
    sends: { method: 'GET', url: `https://api.resend.com/emails/${FOUND.id}` },
    response: {
      body: { object: 'email', ...FOUND, html: '<p>it works!</p>', text: null, bcc: [] },
    },
  },
});

export const listEmails = defineAction({
  name: 'listEmails',
  summary: 'Lists the e-mails that were sent, newest first.',
  docs: 'https://resend.com/docs/api-reference/emails/list-emails',
  risk: 'read',
  input: () => z.strictObject(pageInput),
  output: () => pageOf(email),
  request: (query) => ({ method: 'GET', path: path`/emails`, query }),
  pages: PAGES,
  example: {
    input: { limit: 1 },
    sends: { method: 'GET', url: 'https://api.resend.com/emails?limit=1' },
    response: { body: { object: 'list', has_more: false, data: [FOUND] } },
  },
});

export const rescheduleEmail = defineAction({
  name: 'rescheduleEmail',
  summary: 'Changes the time of a scheduled e-mail.',
  docs: 'https://resend.com/docs/api-reference/emails/update-email',
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ email_id: id, scheduled_at: scheduledAt }),
  output: () => reference,
  request: ({ email_id, ...json }) => ({
    method: 'PATCH',
    path: path`/emails/${email_id}`,
    body: { json },
  }),
  example: {
    input: { email_id: SENT, scheduled_at: '2026-08-05T11:52:01.858Z' },
    sends: {
      method: 'PATCH',
      url: `https://api.resend.com/emails/${SENT}`,
      json: { scheduled_at: '2026-08-05T11:52:01.858Z' },
    },
    response: { body: { object: 'email', id: SENT } },
  },
});

export const cancelEmail = defineAction({
  name: 'cancelEmail',
  summary: 'Cancels a scheduled e-mail permanently.',
  docs: 'https://resend.com/docs/api-reference/emails/cancel-email',
  risk: 'write',
  input: () => z.strictObject({ email_id: id }),
  output: () => reference,
  request: ({ email_id }) => ({ method: 'POST', path: path`/emails/${email_id}/cancel` }),
  example: {
    input: { email_id: SENT },
    sends: { method: 'POST', url: `https://api.resend.com/emails/${SENT}/cancel` },
    response: { body: { object: 'email', id: SENT } },
  },
});
