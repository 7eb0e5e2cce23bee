import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  ACCOUNT,
  address,
  API,
  day,
  deleted,
  flag,
  formOf,
  listed,
  pageSize,
  pagesOf,
  sid,
  text,
} from './shapes.js';

const message = z.looseObject({
  sid: z.string(),
  status: z.string(),
  direction: z.string(),
  to: z.string(),
  from: z.string().nullable(),
  body: z.string().nullable(),
  error_code: z.number().nullable(),
  num_media: z.string(),
});

const messageSid = sid('SM', 'MM');

const SENT = {
  account_sid: ACCOUNT,
  api_version: '2010-04-01',
  body: 'Hello! 👍',
  date_created: 'Thu, 24 Aug 2023 05:01:45 +0000',
  direction: 'outbound-api',
  date_sent: 'Thu, 24 Aug 2023 05:01:45 +0000',
  error_code: null,
  error_message: null,
  date_updated: 'Thu, 24 Aug 2023 05:01:45 +0000',
  from: '+14155552345',
  num_media: '0',
  num_segments: '1',
  price: null,
  price_unit: null,
  status: 'queued',
  to: '+14155552345',
  messaging_service_sid: 'MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  sid: 'SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  uri: `/2010-04-01/Accounts/${ACCOUNT}/Messages/SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json`,
};

const FETCHED = {
  account_sid: ACCOUNT,
  api_version: '2010-04-01',
  body: 'testing',
  num_media: '0',
  date_created: 'Fri, 24 May 2019 17:18:27 +0000',
  direction: 'outbound-api',
  date_sent: 'Fri, 24 May 2019 17:18:28 +0000',
  error_code: 30_007,
  from: '+12019235161',
  date_updated: 'Fri, 24 May 2019 17:18:28 +0000',
  error_message: 'Carrier violation',
  num_segments: '1',
  price: '-0.00750',
  price_unit: 'USD',
  status: 'sent',
  to: '+18182008801',
  sid: 'SMb7c0a2ce80504485a6f653a7110836f5',
  uri: `/2010-04-01/Accounts/${ACCOUNT}/Messages/SMb7c0a2ce80504485a6f653a7110836f5.json`,
};

export const sendMessage = defineAction({
  name: 'sendMessage',
  summary: 'Sends an SMS, an MMS, or a message by WhatsApp or another channel.',
  docs: 'https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource',
  risk: 'write',
  input: () =>
    z
      .strictObject({
        To: address,
        From: address.optional(),
        MessagingServiceSid: sid('MG').optional(),
        Body: z.string().min(1).max(1600).optional(),
        MediaUrl: z.array(z.url()).min(1).max(10).optional(),
        ContentSid: sid('HX').optional(),
        ContentVariables: text.optional().describe('A JSON object of the values of a template.'),
        StatusCallback: z.url().optional(),
        ScheduleType: z.literal('fixed').optional().describe('With SendAt and a service.'),
        SendAt: z.iso.datetime({ offset: true }).optional(),
        ValidityPeriod: z.int().min(1).max(36_000).optional().describe('In seconds.'),
        SmartEncoded: flag,
        ShortenUrls: flag,
        SendAsMms: flag,
        ContentRetention: z.enum(['retain', 'discard']).optional(),
        RiskCheck: z.enum(['enable', 'disable']).optional(),
      })
      .refine(({ From, MessagingServiceSid }) => From ?? MessagingServiceSid, {
        error: 'Give From or MessagingServiceSid.',
      })
      .refine(({ Body, MediaUrl, ContentSid }) => Body ?? MediaUrl ?? ContentSid, {
        error: 'Give Body, MediaUrl or ContentSid.',
      })
      .refine(
        ({ ScheduleType, SendAt, MessagingServiceSid }) =>
          (ScheduleType === undefined && SendAt === undefined) ||
          (ScheduleType !== undefined && SendAt !== undefined && MessagingServiceSid !== undefined),
        { error: 'To send later give ScheduleType, SendAt and MessagingServiceSid.' },
      ),
  output: () => message,
  request: (input) => ({ method: 'POST', path: path`/Messages.json`, body: formOf(input) }),
  example: {
    input: {
      To: '+14155552345',
      From: '+14155552345',
      Body: 'Hello! 👍',
      MediaUrl: ['https://c1.staticflickr.com/3/2899/14341091933_1e92e62d12_b.jpg'],
      StatusCallback: 'https://example.com',
    },
    sends: {
      method: 'POST',
      url: `${API}/Messages.json`,
      form: 'To=%2B14155552345&From=%2B14155552345&Body=Hello%21+%F0%9F%91%8D&MediaUrl=https%3A%2F%2Fc1.staticflickr.com%2F3%2F2899%2F14341091933_1e92e62d12_b.jpg&StatusCallback=https%3A%2F%2Fexample.com',
    },
    response: { status: 201, body: SENT },
  },
});

export const getMessage = defineAction({
  name: 'getMessage',
  summary: 'Reads a message: its status, price and error.',
  docs: 'https://www.twilio.com/docs/messaging/api/message-resource#fetch-a-message-resource',
  risk: 'read',
  input: () => z.strictObject({ Sid: messageSid }),
  output: () => message,
  request: ({ Sid }) => ({ method: 'GET', path: path`/Messages/${Sid}.json` }),
  example: {
    input: { Sid: 'SMb7c0a2ce80504485a6f653a7110836f5' },
    sends: { method: 'GET', url: `${API}/Messages/SMb7c0a2ce80504485a6f653a7110836f5.json` },
    response: { body: FETCHED },
  },
});

const LIST_URI = `/2010-04-01/Accounts/${ACCOUNT}/Messages.json?To=%2B123456789&From=%2B987654321&DateSent%3E=2008-01-02&PageSize=2`;

export const listMessages = defineAction({
  name: 'listMessages',
  summary: 'Lists messages sent and received, newest first.',
  docs: 'https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources',
  risk: 'read',
  input: () =>
    z.strictObject({
      To: address.optional(),
      From: address.optional(),
      DateSent: day,
      'DateSent<': day,
      'DateSent>': day,
      PageSize: pageSize,
    }),
  output: () => z.looseObject({ messages: z.array(message), ...listed }),
  request: (query) => ({ method: 'GET', path: path`/Messages.json`, query }),
  pages: pagesOf('messages'),
  example: {
    input: { To: '+123456789', From: '+987654321', 'DateSent>': '2008-01-02', PageSize: 2 },
    sends: {
      method: 'GET',
      url: `${API}/Messages.json?To=%2B123456789&From=%2B987654321&DateSent%3E=2008-01-02&PageSize=2`,
    },
    response: {
      body: {
        start: 0,
        end: 1,
        page: 0,
        page_size: 2,
        previous_page_uri: null,
        messages: [FETCHED],
        uri: `${LIST_URI}&Page=0`,
        next_page_uri: `${LIST_URI}&Page=1&PageToken=PAMMc26223853f8c46b4ab7dfaa6abba0a26`,
      },
    },
  },
});

export const updateMessage = defineAction({
  name: 'updateMessage',
  summary: 'Cancels a scheduled message, or removes the text of a sent one.',
  docs: 'https://www.twilio.com/docs/messaging/api/message-resource#update-a-message-resource',
  risk: 'write',
  idempotent: true,
  input: () =>
    z
      .strictObject({
        Sid: messageSid,
        Status: z.literal('canceled').optional(),
        Body: z.literal('').optional().describe('Empty: the text is removed.'),
      })
      .refine(({ Status, Body }) => (Status === undefined) !== (Body === undefined), {
        error: 'Give either Status or Body.',
      }),
  output: () => message,
  request: ({ Sid, ...form }) => ({
    method: 'POST',
    path: path`/Messages/${Sid}.json`,
    body: formOf(form),
  }),
  example: {
    input: { Sid: 'SMb7c0a2ce80504485a6f653a7110836f5', Status: 'canceled' },
    sends: {
      method: 'POST',
      url: `${API}/Messages/SMb7c0a2ce80504485a6f653a7110836f5.json`,
      form: 'Status=canceled',
    },
    response: {
      body: {
        ...FETCHED,
        body: 'Hello World!',
        date_sent: null,
        error_code: null,
        error_message: null,
        from: null,
        price: null,
        status: 'canceled',
      },
    },
  },
});

export const deleteMessage = defineAction({
  name: 'deleteMessage',
  summary: 'Deletes a message from the account. It does not recall a sent message.',
  docs: 'https://www.twilio.com/docs/messaging/api/message-resource#delete-a-message-resource',
  risk: 'write',
  input: () => z.strictObject({ Sid: messageSid }),
  output: () => deleted,
  request: ({ Sid }) => ({ method: 'DELETE', path: path`/Messages/${Sid}.json` }),
  response: ({ body }) => (body === null ? { deleted: true } : body),
  example: {
    input: { Sid: 'SMb7c0a2ce80504485a6f653a7110836f5' },
    sends: { method: 'DELETE', url: `${API}/Messages/SMb7c0a2ce80504485a6f653a7110836f5.json` },
    response: { status: 204, body: null },
  },
});
