import { z } from 'zod';

import { defineAction, joinPath, path } from '../../src/contract/index.js';
import { MAIL_READ } from './mailShapes.js';
import {
  filter,
  GRAPH,
  id,
  importance,
  listOf,
  odata,
  ownerPath,
  PAGES,
  REFERENCE,
  select,
  top,
  userId,
} from './shapes.js';

const message = z.looseObject({ id: z.string(), parentFolderId: z.string() });

const MOVED = {
  '@odata.etag': 'W/"FwAAABYAAAC4ofQHEIqCSbQPot83AFcbAAAW/0tB"',
  id: 'AAMkADhAAAW-VPeAAA=',
  receivedDateTime: '2018-08-12T08:43:22Z',
  hasAttachments: false,
  subject: 'Undeliverable: Meet for lunch?',
  importance: 'normal',
  parentFolderId: 'AAMkADhAAAAAAEKAAA=',
  conversationId: 'AAQkADhJzfbkARFhe5kKhjihSA=',
  isRead: false,
  isDraft: false,
};

export const moveMessage = defineAction({
  name: 'moveMessage',
  summary: 'Moves a mail to another folder, where it has another id.',
  docs: `${REFERENCE}/message-move`,
  risk: 'write',
  scopes: ['Mail.ReadWrite'],
  input: () =>
    z.strictObject({
      userId,
      messageId: id,
      destinationId: id.describe('Id of a folder, or a name such as archive or deleteditems.'),
    }),
  output: () => message,
  request: ({ userId: of, messageId, ...json }) => ({
    method: 'POST',
    path: joinPath(ownerPath(of), path`/messages/${messageId}/move`),
    body: { json },
  }),
  example: {
    input: { messageId: 'AAMkADhAAATs28OAAA=', destinationId: 'deleteditems' },
    sends: {
      method: 'POST',
      url: `${GRAPH}/me/messages/AAMkADhAAATs28OAAA%3D/move`,
      json: { destinationId: 'deleteditems' },
    },
    response: { status: 201, body: MOVED },
  },
});

export const updateMessage = defineAction({
  name: 'updateMessage',
  summary: 'Marks a mail as read, as important, with categories or for follow-up.',
  docs: `${REFERENCE}/message-update`,
  risk: 'write',
  idempotent: true,
  scopes: ['Mail.ReadWrite'],
  input: () =>
    z.strictObject({
      userId,
      messageId: id,
      isRead: z.boolean().optional(),
      categories: z.array(z.string().min(1)).optional(),
      importance,
      inferenceClassification: z.enum(['focused', 'other']).optional(),
      flag: z
        .strictObject({ flagStatus: z.enum(['notFlagged', 'complete', 'flagged']) })
        .optional(),
    }),
  output: () => message,
  request: ({ userId: of, messageId, ...json }) => ({
    method: 'PATCH',
    path: joinPath(ownerPath(of), path`/messages/${messageId}`),
    body: { json },
  }),
  example: {
    input: {
      messageId: 'AAMkADhAAAW-VPeAAA=',
      isRead: true,
      inferenceClassification: 'other',
    },
    sends: {
      method: 'PATCH',
      url: `${GRAPH}/me/messages/AAMkADhAAAW-VPeAAA%3D`,
      json: { isRead: true, inferenceClassification: 'other' },
    },
    response: { body: { ...MOVED, isRead: true, inferenceClassification: 'other' } },
  },
});

export const listAttachments = defineAction({
  name: 'listAttachments',
  summary: 'Reads the files of a mail, as base64.',
  docs: `${REFERENCE}/message-list-attachments`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () => z.strictObject({ userId, messageId: id, select, filter, top }),
  output: () =>
    listOf(
      z.looseObject({
        id: z.string(),
        name: z.string().nullable().optional(),
        contentType: z.string().nullable().optional(),
        contentBytes: z.string().optional(),
      }),
    ),
  request: ({ userId: of, messageId, ...given }) => ({
    method: 'GET',
    path: joinPath(ownerPath(of), path`/messages/${messageId}/attachments`),
    query: odata(given),
  }),
  pages: PAGES,
  example: {
    input: { messageId: 'AAMkADA1M-zAAA=' },
    sends: { method: 'GET', url: `${GRAPH}/me/messages/AAMkADA1M-zAAA%3D/attachments` },
    response: {
      body: {
        value: [
          {
            '@odata.type': '#microsoft.graph.fileAttachment',
            id: 'AAMkADA1M-CJKtzmnlcqVgqI=',
            name: 'attachment.txt',
            contentType: 'text/plain',
            contentBytes: 'SGVsbG8gV29ybGQh',
            isInline: false,
            size: 99,
          },
        ],
      },
    },
  },
});

export const listMailFolders = defineAction({
  name: 'listMailFolders',
  summary: 'Lists the top-level folders of the mailbox.',
  docs: `${REFERENCE}/user-list-mailfolders`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () =>
    z.strictObject({
      userId,
      select,
      filter,
      top,
      includeHiddenFolders: z.boolean().optional(),
    }),
  output: () => listOf(z.looseObject({ id: z.string(), displayName: z.string().optional() })),
  request: ({ userId: of, includeHiddenFolders, ...given }) => ({
    method: 'GET',
    path: joinPath(ownerPath(of), path`/mailFolders`),
    query: { ...odata(given), includeHiddenFolders },
  }),
  pages: PAGES,
  example: {
    input: { includeHiddenFolders: true },
    sends: { method: 'GET', url: `${GRAPH}/me/mailFolders?includeHiddenFolders=true` },
    response: {
      body: {
        value: [
          {
            id: 'AAMkADg3NTY5MDg4LWMzYmQtNDQzNi05OTgwLWAAA=',
            displayName: 'Clutter',
            parentFolderId: 'AAMkADg3NTY5MDg4LWMzYmQtEIAAA=',
            childFolderCount: 0,
            unreadItemCount: 0,
            totalItemCount: 0,
            isHidden: true,
          },
        ],
      },
    },
  },
});
