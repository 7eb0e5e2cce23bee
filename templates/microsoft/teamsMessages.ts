import { z } from 'zod';

import { id, itemBody } from './shapes.js';

/** https://learn.microsoft.com/graph/api/resources/chatmessage, up to 28 KB. */
export const chatMessage = z.looseObject({
  id: z.string(),
  messageType: z.string(),
  createdDateTime: z.string(),
  lastModifiedDateTime: z.string().nullable().optional(),
  body: z.looseObject({ content: z.string().nullable() }),
});

/** `<at id="0">` and `<attachment id="…">` in the body mark where they appear. */
export const messageInput = {
  body: itemBody,
  importance: z.enum(['normal', 'high', 'urgent']).optional(),
  mentions: z
    .array(
      z.strictObject({
        id: z.int().min(0),
        mentionText: z.string(),
        mentioned: z.looseObject({}),
      }),
    )
    .optional(),
  attachments: z
    .array(
      z.strictObject({
        id,
        contentType: z.string().min(1).describe('Such as application/vnd.microsoft.card.adaptive.'),
        contentUrl: z.url().nullable().optional(),
        content: z.string().nullable().optional().describe('A card, as JSON in text.'),
        name: z.string().nullable().optional(),
        thumbnailUrl: z.url().nullable().optional(),
      }),
    )
    .optional(),
};

export const HELLO = {
  id: '1616965872395',
  replyToId: null,
  etag: '1616965872395',
  messageType: 'message',
  createdDateTime: '2021-03-28T21:11:12.395Z',
  lastModifiedDateTime: '2021-03-28T21:11:12.395Z',
  deletedDateTime: null,
  subject: null,
  chatId: null,
  importance: 'normal',
  from: {
    application: null,
    device: null,
    user: {
      id: '8ea0e38b-efb3-4757-924a-5f94061cf8c2',
      displayName: 'Robin Kline',
      userIdentityType: 'aadUser',
    },
  },
  body: { contentType: 'html', content: 'Hello World <at id="0">Jane Smith</at>' },
  attachments: [],
  reactions: [],
};
