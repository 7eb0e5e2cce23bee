import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { composeMessage, mail } from './composeMessage.js';
import { id, nextPageToken, pageToken, SCOPE } from './shapes.js';

const REFERENCE = 'https://developers.google.com/workspace/gmail/api/reference/rest/v1';
export const GMAIL = 'https://gmail.googleapis.com/gmail/v1/users/me';
export const MAIL_READ = [[SCOPE.gmailRead, SCOPE.gmail]] as const;

export const reference = z.looseObject({ id: z.string(), threadId: z.string() });
const message = reference.extend({
  labelIds: z.array(z.string()).optional(),
  snippet: z.string().optional(),
  internalDate: z.string().optional().describe('Milliseconds since 1970.'),
  payload: z.looseObject({}).optional(),
  raw: z.string().optional(),
});
const labelIds = z.array(id).max(100).optional();

export const threadId = id
  .optional()
  .describe('The thread to add the mail to: the subject must match, and inReplyTo is required.');

export const sendMessage = defineAction({
  name: 'sendMessage',
  summary: 'Sends a mail, optionally with attachments or as a reply in a thread.',
  docs: `${REFERENCE}/users.messages/send`,
  risk: 'write',
  scopes: [[SCOPE.gmailSend, SCOPE.gmailCompose, SCOPE.gmail]],
  input: () => z.strictObject({ ...mail, to: mail.to.min(1), threadId }),
  output: () => reference,
  request: ({ threadId: thread, ...given }) => ({
    method: 'POST',
    path: path`/users/me/messages/send`,
    body: { json: { raw: composeMessage(given), threadId: thread } },
  }),
  example: {
    input: {
      to: ['Jane Doe <jane@example.com>'],
      subject: 'Automated draft',
      text: 'This is automated draft mail',
    },
    sends: {
      method: 'POST',
      url: `${GMAIL}/messages/send`,
      // The mail of https://developers.google.com/workspace/gmail/api/guides/drafts, its text in base64.
      json: {
        raw: 'VG86IEphbmUgRG9lIDxqYW5lQGV4YW1wbGUuY29tPg0KU3ViamVjdDogQXV0b21hdGVkIGRyYWZ0DQpNSU1FLVZlcnNpb246IDEuMA0KQ29udGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PVVURi04DQpDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiBiYXNlNjQNCg0KVkdocGN5QnBjeUJoZFhSdmJXRjBaV1FnWkhKaFpuUWdiV0ZwYkE9PQ0K',
      },
    },
    response: {
      body: { id: '18c2a7e5f0b1d3c4', threadId: '18c2a7e5f0b1d3c4', labelIds: ['SENT'] },
    },
  },
});

export const sendRawMessage = defineAction({
  name: 'sendRawMessage',
  summary: 'Sends a mail in RFC 5322 format.',
  docs: `${REFERENCE}/users.messages/send`,
  risk: 'write',
  scopes: [[SCOPE.gmailSend, SCOPE.gmailCompose, SCOPE.gmail]],
  input: () =>
    z.strictObject({
      raw: z.base64url().min(1).describe('The whole mail in the format of RFC 5322, as base64url.'),
      threadId,
    }),
  output: () => reference,
  request: (json) => ({
    method: 'POST',
    path: path`/users/me/messages/send`,
    body: { json },
  }),
  example: {
    input: { raw: 'VG86IGphbmVAZXhhbXBsZS5jb20NCg0KSGk', threadId: '18c2a7e5f0b1d3c4' },
    sends: {
      method: 'POST',
      url: `${GMAIL}/messages/send`,
      json: { raw: 'VG86IGphbmVAZXhhbXBsZS5jb20NCg0KSGk', threadId: '18c2a7e5f0b1d3c4' },
    },
    response: {
      body: { id: '18c2a7f1a2b3c4d5', threadId: '18c2a7e5f0b1d3c4', labelIds: ['SENT'] },
    },
  },
});

export const listMessages = defineAction({
  name: 'listMessages',
  summary: 'Lists the ids of mails, newest first; getMessage reads one.',
  docs: `${REFERENCE}/users.messages/list`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () =>
    z.strictObject({
      q: z.string().optional().describe('As in the search box of Gmail: `from:ann is:unread`.'),
      labelIds: labelIds.describe('Only mails that have all of these labels.'),
      includeSpamTrash: z.boolean().optional(),
      maxResults: z.int().min(1).max(500).optional().describe('Default 100.'),
      pageToken,
    }),
  // An empty list is omitted.
  output: () =>
    z.looseObject({
      messages: z.array(reference).optional(),
      nextPageToken,
      resultSizeEstimate: z.number(),
    }),
  request: (query) => ({ method: 'GET', path: path`/users/me/messages`, query }),
  pages: { kind: 'cursor', items: '/messages', next: '/nextPageToken', param: 'pageToken' },
  example: {
    input: { q: 'from:someuser@example.com is:unread', labelIds: ['INBOX'], maxResults: 2 },
    sends: {
      method: 'GET',
      url: `${GMAIL}/messages?q=from%3Asomeuser%40example.com+is%3Aunread&labelIds=INBOX&maxResults=2`,
    },
    response: {
      body: {
        messages: [
          { id: '18c2a7e5f0b1d3c4', threadId: '18c2a7e5f0b1d3c4' },
          { id: '18c2a6d4e9a0c2b3', threadId: '18c2a6d4e9a0c2b3' },
        ],
        nextPageToken: '09876543210987654321',
        resultSizeEstimate: 201,
      },
    },
  },
});

export const getMessage = defineAction({
  name: 'getMessage',
  summary: 'Reads a mail: its headers, parts and labels.',
  docs: `${REFERENCE}/users.messages/get`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () =>
    z.strictObject({
      id,
      format: z.enum(['full', 'metadata', 'minimal', 'raw']).optional().describe('Default full.'),
      metadataHeaders: z
        .array(z.string().min(1))
        .optional()
        .describe('With metadata: these alone.'),
    }),
  output: () => message,
  request: ({ id: of, ...query }) => ({
    method: 'GET',
    path: path`/users/me/messages/${of}`,
    query,
  }),
  example: {
    input: { id: '18c2a7e5f0b1d3c4', format: 'metadata', metadataHeaders: ['Subject', 'From'] },
    sends: {
      method: 'GET',
      url: `${GMAIL}/messages/18c2a7e5f0b1d3c4?format=metadata&metadataHeaders=Subject&metadataHeaders=From`,
    },
    response: {
      body: {
        id: '18c2a7e5f0b1d3c4',
        threadId: '18c2a7e5f0b1d3c4',
        labelIds: ['UNREAD', 'INBOX'],
        snippet: 'This is automated draft mail',
        historyId: '9876543',
        internalDate: '1701388800000',
        sizeEstimate: 2048,
        payload: {
          mimeType: 'text/plain',
          headers: [
            { name: 'Subject', value: 'Automated draft' },
            { name: 'From', value: 'Jane Doe <jane@example.com>' },
          ],
        },
      },
    },
  },
});

export const modifyMessage = defineAction({
  name: 'modifyMessage',
  summary:
    'Adds and removes labels of a mail: without UNREAD it is read, without INBOX it is archived.',
  docs: `${REFERENCE}/users.messages/modify`,
  risk: 'write',
  idempotent: true,
  scopes: [SCOPE.gmail],
  input: () => z.strictObject({ id, addLabelIds: labelIds, removeLabelIds: labelIds }),
  output: () => message,
  request: ({ id: of, ...json }) => ({
    method: 'POST',
    path: path`/users/me/messages/${of}/modify`,
    body: { json },
  }),
  example: {
    input: { id: '18c2a7e5f0b1d3c4', addLabelIds: ['STARRED'], removeLabelIds: ['UNREAD'] },
    sends: {
      method: 'POST',
      url: `${GMAIL}/messages/18c2a7e5f0b1d3c4/modify`,
      json: { addLabelIds: ['STARRED'], removeLabelIds: ['UNREAD'] },
    },
    response: {
      body: {
        id: '18c2a7e5f0b1d3c4',
        threadId: '18c2a7e5f0b1d3c4',
        labelIds: ['STARRED', 'INBOX'],
      },
    },
  },
});

export const trashMessage = defineAction({
  name: 'trashMessage',
  summary: 'Moves a mail to the bin, where it is kept for 30 days.',
  docs: `${REFERENCE}/users.messages/trash`,
  risk: 'write',
  idempotent: true,
  scopes: [SCOPE.gmail],
  input: () => z.strictObject({ id }),
  output: () => message,
  request: ({ id: of }) => ({ method: 'POST', path: path`/users/me/messages/${of}/trash` }),
  example: {
    input: { id: '18c2a7e5f0b1d3c4' },
    sends: { method: 'POST', url: `${GMAIL}/messages/18c2a7e5f0b1d3c4/trash` },
    response: {
      body: { id: '18c2a7e5f0b1d3c4', threadId: '18c2a7e5f0b1d3c4', labelIds: ['TRASH'] },
    },
  },
});
