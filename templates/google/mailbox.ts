import { z } from 'zod';

import { defineAction, path, type ProviderResponse } from '../../src/contract/index.js';
import { composeMessage, mail } from './composeMessage.js';
import { GMAIL, MAIL_READ, reference, threadId } from './messages.js';
import { id, nextPageToken, pageToken, SCOPE } from './shapes.js';

const REFERENCE = 'https://developers.google.com/workspace/gmail/api/reference/rest/v1';
const COMPOSE = [[SCOPE.gmailCompose, SCOPE.gmail]] as const;

const label = z.looseObject({ id: z.string(), name: z.string(), type: z.string().optional() });

export const createDraft = defineAction({
  name: 'createDraft',
  summary: 'Creates a draft of a mail.',
  docs: `${REFERENCE}/users.drafts/create`,
  risk: 'write',
  scopes: COMPOSE,
  input: () => z.strictObject({ ...mail, to: mail.to.default([]), threadId }),
  output: () => z.looseObject({ id: z.string(), message: reference }),
  request: ({ threadId: thread, ...given }) => ({
    method: 'POST',
    path: path`/users/me/drafts`,
    body: { json: { message: { raw: composeMessage(given), threadId: thread } } },
  }),
  example: {
    input: {
      to: ['Jane Doe <jane@example.com>'],
      subject: 'Automated draft',
      text: 'This is automated draft mail',
    },
    sends: {
      method: 'POST',
      url: `${GMAIL}/drafts`,
      json: {
        message: {
          raw: 'VG86IEphbmUgRG9lIDxqYW5lQGV4YW1wbGUuY29tPg0KU3ViamVjdDogQXV0b21hdGVkIGRyYWZ0DQpNSU1FLVZlcnNpb246IDEuMA0KQ29udGVudC1UeXBlOiB0ZXh0L3BsYWluOyBjaGFyc2V0PVVURi04DQpDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiBiYXNlNjQNCg0KVkdocGN5QnBjeUJoZFhSdmJXRjBaV1FnWkhKaFpuUWdiV0ZwYkE9PQ0K',
        },
      },
    },
    response: {
      body: {
        id: 'r-7412853690123456789',
        message: { id: '18c2a801b2c3d4e5', threadId: '18c2a801b2c3d4e5', labelIds: ['DRAFT'] },
      },
    },
  },
});

export const sendDraft = defineAction({
  name: 'sendDraft',
  summary: 'Sends a draft and deletes it.',
  docs: `${REFERENCE}/users.drafts/send`,
  risk: 'write',
  scopes: COMPOSE,
  input: () => z.strictObject({ id }),
  output: () => reference,
  request: (json) => ({ method: 'POST', path: path`/users/me/drafts/send`, body: { json } }),
  example: {
    input: { id: 'r-7412853690123456789' },
    sends: {
      method: 'POST',
      url: `${GMAIL}/drafts/send`,
      json: { id: 'r-7412853690123456789' },
    },
    response: {
      body: { id: '18c2a80fc3d4e5f6', threadId: '18c2a801b2c3d4e5', labelIds: ['SENT'] },
    },
  },
});

export const listLabels = defineAction({
  name: 'listLabels',
  summary: 'Lists all labels of the mailbox: system labels such as INBOX, and those of the user.',
  docs: `${REFERENCE}/users.labels/list`,
  risk: 'read',
  scopes: [[SCOPE.gmailLabels, SCOPE.gmailRead, SCOPE.gmail]],
  input: () => z.strictObject({}),
  output: () => z.looseObject({ labels: z.array(label) }),
  request: () => ({ method: 'GET', path: path`/users/me/labels` }),
  example: {
    input: {},
    sends: { method: 'GET', url: `${GMAIL}/labels` },
    response: {
      body: {
        labels: [
          { id: 'INBOX', name: 'INBOX', type: 'system' },
          { id: 'Label_1', name: 'Receipts', type: 'user', labelListVisibility: 'labelShow' },
        ],
      },
    },
  },
});

export const createLabel = defineAction({
  name: 'createLabel',
  summary: 'Creates a label; a slash in its name puts it under another.',
  docs: `${REFERENCE}/users.labels/create`,
  risk: 'write',
  scopes: [[SCOPE.gmailLabels, SCOPE.gmail]],
  input: () =>
    z.strictObject({
      name: z.string().min(1),
      labelListVisibility: z.enum(['labelShow', 'labelShowIfUnread', 'labelHide']).optional(),
      messageListVisibility: z.enum(['show', 'hide']).optional(),
    }),
  output: () => label,
  request: (json) => ({ method: 'POST', path: path`/users/me/labels`, body: { json } }),
  example: {
    input: { name: 'Receipts', labelListVisibility: 'labelShow', messageListVisibility: 'show' },
    sends: {
      method: 'POST',
      url: `${GMAIL}/labels`,
      json: { name: 'Receipts', labelListVisibility: 'labelShow', messageListVisibility: 'show' },
    },
    response: {
      body: {
        id: 'Label_1',
        name: 'Receipts',
        messageListVisibility: 'show',
        labelListVisibility: 'labelShow',
      },
    },
  },
});

export const getThread = defineAction({
  name: 'getThread',
  summary: 'Reads all mails of a conversation.',
  docs: `${REFERENCE}/users.threads/get`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () =>
    z.strictObject({
      id,
      format: z.enum(['full', 'metadata', 'minimal']).optional().describe('Default full.'),
      metadataHeaders: z.array(z.string().min(1)).optional(),
    }),
  output: () => z.looseObject({ id: z.string(), messages: z.array(reference) }),
  request: ({ id: of, ...query }) => ({
    method: 'GET',
    path: path`/users/me/threads/${of}`,
    query,
  }),
  example: {
    input: { id: '18c2a7e5f0b1d3c4', format: 'minimal' },
    sends: { method: 'GET', url: `${GMAIL}/threads/18c2a7e5f0b1d3c4?format=minimal` },
    response: {
      body: {
        id: '18c2a7e5f0b1d3c4',
        historyId: '9876543',
        messages: [
          { id: '18c2a7e5f0b1d3c4', threadId: '18c2a7e5f0b1d3c4', labelIds: ['INBOX'] },
          { id: '18c2a7f1a2b3c4d5', threadId: '18c2a7e5f0b1d3c4', labelIds: ['SENT'] },
        ],
      },
    },
  },
});

/** Gmail uses base64url; other connectors return files as base64. */
function withBase64({ body }: ProviderResponse): unknown {
  if (typeof body !== 'object' || body === null || !('data' in body)) return body;
  const { data } = body;
  if (typeof data !== 'string') return body;
  return { ...body, base64: Buffer.from(data, 'base64url').toString('base64') };
}

export const getAttachment = defineAction({
  name: 'getAttachment',
  summary: 'Reads an attachment of a mail; attachmentId is in the parts of getMessage.',
  docs: `${REFERENCE}/users.messages.attachments/get`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () => z.strictObject({ messageId: id, id }),
  output: () => z.looseObject({ size: z.number(), data: z.string(), base64: z.string() }),
  request: ({ messageId, id: of }) => ({
    method: 'GET',
    path: path`/users/me/messages/${messageId}/attachments/${of}`,
  }),
  response: withBase64,
  example: {
    input: { messageId: '18c2a7e5f0b1d3c4', id: 'ANGjdJ8wXyZ_-1' },
    sends: {
      method: 'GET',
      url: `${GMAIL}/messages/18c2a7e5f0b1d3c4/attachments/ANGjdJ8wXyZ_-1`,
    },
    response: { body: { size: 5, data: '-_8AAQI' } },
  },
});

export const listHistory = defineAction({
  name: 'listHistory',
  summary:
    'Lists changes of the mailbox since a historyId, oldest first; 404 means that it is too old.',
  docs: `${REFERENCE}/users.history/list`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () =>
    z.strictObject({
      startHistoryId: z
        .string()
        .regex(/^\d+$/)
        .describe('The historyId of a mail or of the previous list.'),
      historyTypes: z
        .array(z.enum(['messageAdded', 'messageDeleted', 'labelAdded', 'labelRemoved']))
        .optional(),
      labelId: id.optional(),
      maxResults: z.int().min(1).max(500).optional().describe('Default 100.'),
      pageToken,
    }),
  output: () =>
    z.looseObject({
      history: z.array(z.looseObject({ id: z.string() })).optional(),
      historyId: z.string(),
      nextPageToken,
    }),
  request: (query) => ({ method: 'GET', path: path`/users/me/history`, query }),
  pages: { kind: 'cursor', items: '/history', next: '/nextPageToken', param: 'pageToken' },
  example: {
    input: { startHistoryId: '9876543', historyTypes: ['messageAdded'], labelId: 'INBOX' },
    sends: {
      method: 'GET',
      url: `${GMAIL}/history?startHistoryId=9876543&historyTypes=messageAdded&labelId=INBOX`,
    },
    response: {
      body: {
        history: [
          {
            id: '9876550',
            messages: [{ id: '18c2a7e5f0b1d3c4', threadId: '18c2a7e5f0b1d3c4' }],
            messagesAdded: [{ message: { id: '18c2a7e5f0b1d3c4', threadId: '18c2a7e5f0b1d3c4' } }],
          },
        ],
        historyId: '9876560',
      },
    },
  },
});
