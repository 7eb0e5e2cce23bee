import { z } from 'zod';

import { defineAction, joinPath, path } from '../../src/contract/index.js';
import { CONCERT, draft, folderId, MAIL_READ, message, written } from './mailShapes.js';
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
  recipient,
  REFERENCE,
  search,
  select,
  skip,
  top,
  userId,
} from './shapes.js';

export const listMessages = defineAction({
  name: 'listMessages',
  summary: 'Lists mails of the mailbox, or of one folder.',
  docs: `${REFERENCE}/user-list-messages`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () =>
    z.strictObject({
      userId,
      select,
      filter,
      search,
      orderby,
      top,
      skip,
      bodyContentType,
      folderId: folderId.optional(),
    }),
  output: () => listOf(message),
  request: ({ userId: of, folderId: folder, ...given }) => ({
    method: 'GET',
    path: joinPath(
      ownerPath(of),
      folder === undefined ? path`/messages` : path`/mailFolders/${folder}/messages`,
    ),
    query: odata(given),
    headers: prefer(given),
  }),
  pages: PAGES,
  example: {
    input: { select: ['sender', 'subject'] },
    sends: { method: 'GET', url: `${GRAPH}/me/messages?%24select=sender%2Csubject` },
    response: {
      body: {
        '@odata.nextLink': `${GRAPH}/me/messages?$select=sender,subject&$skip=10`,
        value: [
          {
            '@odata.etag': 'W/"CQAAABYAAADHcgC8Hl9tRZ/hc1wEUs1TAAAwR4Hg"',
            id: 'AAMkAGUAAAwTW09AAA=',
            subject: 'You have late tasks!',
            sender: {
              emailAddress: { name: 'Microsoft Planner', address: 'noreply@Planner.Office365.com' },
            },
          },
        ],
      },
    },
  },
});

export const getMessage = defineAction({
  name: 'getMessage',
  summary: 'Reads a mail.',
  docs: `${REFERENCE}/message-get`,
  risk: 'read',
  scopes: MAIL_READ,
  input: () => z.strictObject({ userId, messageId: id, select, bodyContentType }),
  output: () => message,
  request: ({ userId: of, messageId, ...given }) => ({
    method: 'GET',
    path: joinPath(ownerPath(of), path`/messages/${messageId}`),
    query: odata(given),
    headers: prefer(given),
  }),
  example: {
    input: { messageId: 'AAMkADhMGAAA=', bodyContentType: 'text' },
    sends: {
      method: 'GET',
      url: `${GRAPH}/me/messages/AAMkADhMGAAA%3D`,
      headers: { Prefer: 'outlook.body-content-type="text"' },
    },
    response: { body: CONCERT },
  },
});

export const sendMail = defineAction({
  name: 'sendMail',
  summary: 'Sends a mail, optionally with attachments.',
  docs: `${REFERENCE}/user-sendmail`,
  risk: 'write',
  scopes: ['Mail.Send'],
  input: () =>
    z.strictObject({
      userId,
      message: draft.extend({ toRecipients: z.array(recipient).min(1) }),
      saveToSentItems: z.boolean().optional().describe('Default true.'),
    }),
  output: () => nothing,
  request: ({ userId: of, message: given, saveToSentItems }) => ({
    method: 'POST',
    path: joinPath(ownerPath(of), path`/sendMail`),
    body: { json: { message: written(given), saveToSentItems } },
  }),
  response: done,
  example: {
    input: {
      message: {
        subject: 'Meet for lunch?',
        body: { contentType: 'Text', content: 'The new cafeteria is open.' },
        toRecipients: [{ emailAddress: { address: 'meganb@contoso.com' } }],
        attachments: [
          { name: 'attachment.txt', contentType: 'text/plain', contentBytes: 'SGVsbG8gV29ybGQh' },
        ],
      },
    },
    sends: {
      method: 'POST',
      url: `${GRAPH}/me/sendMail`,
      json: {
        message: {
          subject: 'Meet for lunch?',
          body: { contentType: 'Text', content: 'The new cafeteria is open.' },
          toRecipients: [{ emailAddress: { address: 'meganb@contoso.com' } }],
          attachments: [
            {
              '@odata.type': '#microsoft.graph.fileAttachment',
              name: 'attachment.txt',
              contentType: 'text/plain',
              contentBytes: 'SGVsbG8gV29ybGQh',
            },
          ],
        },
      },
    },
    response: { status: 202, body: null },
  },
});

export const replyToMessage = defineAction({
  name: 'replyToMessage',
  summary: 'Replies to the sender of a mail, and to further recipients.',
  docs: `${REFERENCE}/message-reply`,
  risk: 'write',
  scopes: ['Mail.Send'],
  input: () =>
    z
      .strictObject({
        userId,
        messageId: id,
        comment: z.string().optional(),
        message: draft.optional(),
      })
      .refine(({ comment, message: given }) => comment === undefined || given?.body === undefined, {
        error: 'Give comment, or a body in message, but not both.',
      }),
  output: () => nothing,
  request: ({ userId: of, messageId, comment, message: given }) => ({
    method: 'POST',
    path: joinPath(ownerPath(of), path`/messages/${messageId}/reply`),
    body: { json: { message: given && written(given), comment } },
  }),
  response: done,
  example: {
    input: {
      messageId: 'AAMkADA1MTAAAAqldOAAA=',
      message: {
        toRecipients: [
          {
            emailAddress: {
              address: 'samanthab@contoso.onmicrosoft.com',
              name: 'Samantha Booth',
            },
          },
          { emailAddress: { address: 'randiw@contoso.onmicrosoft.com', name: 'Randi Welch' } },
        ],
      },
      comment: 'Samantha, Randi, would you name the group please?',
    },
    sends: {
      method: 'POST',
      url: `${GRAPH}/me/messages/AAMkADA1MTAAAAqldOAAA%3D/reply`,
      json: {
        message: {
          toRecipients: [
            {
              emailAddress: {
                address: 'samanthab@contoso.onmicrosoft.com',
                name: 'Samantha Booth',
              },
            },
            { emailAddress: { address: 'randiw@contoso.onmicrosoft.com', name: 'Randi Welch' } },
          ],
        },
        comment: 'Samantha, Randi, would you name the group please?',
      },
    },
    response: { status: 202, body: null },
  },
});

export const createDraft = defineAction({
  name: 'createDraft',
  summary: 'Creates a draft of a mail.',
  docs: `${REFERENCE}/user-post-messages`,
  risk: 'write',
  scopes: ['Mail.ReadWrite'],
  input: () => z.strictObject({ userId, ...draft.shape }),
  output: () => message,
  request: ({ userId: of, ...given }) => ({
    method: 'POST',
    path: joinPath(ownerPath(of), path`/messages`),
    body: { json: written(given) },
  }),
  example: {
    input: {
      subject: '9/8/2018: concert',
      body: { contentType: 'HTML', content: 'The group represents Washington.' },
      toRecipients: [{ emailAddress: { address: 'AlexW@contoso.com' } }],
      internetMessageHeaders: [{ name: 'x-custom-header-group-id', value: 'WA001' }],
    },
    sends: {
      method: 'POST',
      url: `${GRAPH}/me/messages`,
      json: {
        subject: '9/8/2018: concert',
        body: { contentType: 'HTML', content: 'The group represents Washington.' },
        toRecipients: [{ emailAddress: { address: 'AlexW@contoso.com' } }],
        internetMessageHeaders: [{ name: 'x-custom-header-group-id', value: 'WA001' }],
      },
    },
    response: {
      status: 201,
      body: { ...CONCERT, id: 'AAMkADhAAAW-VPeAAA=', subject: '9/8/2018: concert', isDraft: true },
    },
  },
});
