import { z } from 'zod';

import { id, importance, itemBody, recipient } from './shapes.js';

export const MAIL_READ = [['Mail.Read', 'Mail.ReadWrite']] as const;

export const folderId = id.describe(
  'Id, or a name such as inbox, sentitems, drafts or deleteditems.',
);

/** With `select` the response has only the selected members. */
export const message = z.looseObject({
  id: z.string(),
  subject: z.string().nullable().optional(),
  receivedDateTime: z.string().optional(),
  isRead: z.boolean().optional(),
  conversationId: z.string().nullable().optional(),
});

/** https://learn.microsoft.com/graph/api/resources/fileattachment, up to 3 MB; the whole request up to 4 MB. */
const attachment = z.strictObject({
  name: z.string().min(1),
  contentType: z.string().min(1).optional(),
  contentBytes: z.base64(),
  isInline: z.boolean().optional(),
  contentId: z.string().optional(),
});

/** The parts of a mail. */
export const draft = z.strictObject({
  subject: z.string().optional(),
  body: itemBody.optional(),
  toRecipients: z.array(recipient).optional(),
  ccRecipients: z.array(recipient).optional(),
  bccRecipients: z.array(recipient).optional(),
  replyTo: z.array(recipient).optional(),
  from: recipient.optional(),
  importance,
  isReadReceiptRequested: z.boolean().optional(),
  categories: z.array(z.string().min(1)).optional(),
  internetMessageHeaders: z
    .array(z.strictObject({ name: z.string().regex(/^[xX]-[\w-]+$/), value: z.string() }))
    .max(5)
    .optional(),
  attachments: z.array(attachment).optional(),
});

/** Returns the mail in Graph's format: each file names its type. */
export function written({ attachments, ...rest }: z.output<typeof draft>) {
  return {
    ...rest,
    attachments: attachments?.map((file) => ({
      '@odata.type': '#microsoft.graph.fileAttachment',
      ...file,
    })),
  };
}

export const CONCERT = {
  '@odata.etag': 'W/"CQAAABYAAAC4ofQHEIqCSbQPot83AFcbAAAnjjuZ"',
  id: 'AAMkADhMGAAA=',
  createdDateTime: '2018-09-09T03:15:05Z',
  lastModifiedDateTime: '2018-09-09T03:15:08Z',
  receivedDateTime: '2018-09-09T03:15:08Z',
  hasAttachments: false,
  internetMessageId: '<MWHPR6E1BE060@MWHPR1120.namprd22.prod.outlook.com>',
  subject: '9/9/2018: concert',
  bodyPreview: 'The group represents Nevada.',
  importance: 'normal',
  parentFolderId: 'AAMkADcbAAAAAAEJAAA=',
  conversationId: 'AAQkADOUpag6yWs=',
  isRead: true,
  isDraft: false,
};
