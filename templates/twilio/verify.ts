import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { ACCOUNT, flag, formOf, sid, text } from './shapes.js';

const SERVICE_SID = 'VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const VERIFICATION_SID = 'VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const SERVICES = 'https://verify.twilio.com/v2/Services';

const serviceSid = sid('VA');
const recipient = text.describe('A number as `+15017122661`, or an e-mail address.');

const service = z.looseObject({
  sid: z.string(),
  friendly_name: z.string(),
  code_length: z.number(),
});

const verification = z.looseObject({
  sid: z.string(),
  service_sid: z.string(),
  to: z.string(),
  channel: z.string(),
  status: z.string(),
  valid: z.boolean(),
});

const SERVICE = {
  sid: SERVICE_SID,
  account_sid: ACCOUNT,
  friendly_name: 'name',
  code_length: 4,
  lookup_enabled: false,
  psd2_enabled: false,
  skip_sms_to_landlines: false,
  dtmf_input_required: false,
  tts_name: 'name',
  do_not_share_warning_enabled: false,
  custom_code_enabled: true,
  date_created: '2015-07-30T20:00:00Z',
  date_updated: '2015-07-30T20:00:00Z',
  url: `${SERVICES}/${SERVICE_SID}`,
};

const PENDING = {
  sid: VERIFICATION_SID,
  service_sid: SERVICE_SID,
  account_sid: ACCOUNT,
  to: '+15017122661',
  channel: 'sms',
  status: 'pending',
  valid: false,
  lookup: {},
  date_created: '2015-07-30T20:00:00Z',
  date_updated: '2015-07-30T20:00:00Z',
  amount: null,
  payee: null,
  sna: null,
  url: `${SERVICES}/${SERVICE_SID}/Verifications/${VERIFICATION_SID}`,
};

export const createVerifyService = defineAction({
  name: 'createVerifyService',
  summary: 'Creates a service that sends verifications; each message contains its name.',
  docs: 'https://www.twilio.com/docs/verify/api/service#create-a-verification-service',
  risk: 'write',
  input: () =>
    z.strictObject({
      FriendlyName: z.string().min(1).max(32).describe('Without personal data.'),
      CodeLength: z.int().min(4).max(10).optional(),
      LookupEnabled: flag,
      SkipSmsToLandlines: flag.describe('With LookupEnabled.'),
      DtmfInputRequired: flag,
      DoNotShareWarningEnabled: flag,
      CustomCodeEnabled: flag,
      Psd2Enabled: flag,
      TtsName: text.optional(),
      DefaultTemplateSid: sid('HJ').optional(),
    }),
  output: () => service,
  request: (input) => ({
    method: 'POST',
    server: 'verify',
    path: path`/v2/Services`,
    body: formOf(input),
  }),
  example: {
    input: { FriendlyName: 'name', CodeLength: 4, LookupEnabled: false, CustomCodeEnabled: true },
    sends: {
      method: 'POST',
      url: 'https://verify.twilio.com/v2/Services',
      form: 'FriendlyName=name&CodeLength=4&LookupEnabled=false&CustomCodeEnabled=true',
    },
    response: { status: 201, body: SERVICE },
  },
});

export const listVerifyServices = defineAction({
  name: 'listVerifyServices',
  summary: 'Lists the services that send verifications.',
  docs: 'https://www.twilio.com/docs/verify/api/service#list-all-services',
  risk: 'read',
  input: () => z.strictObject({ PageSize: z.int().min(1).max(1000).optional() }),
  output: () =>
    z.looseObject({
      services: z.array(service),
      meta: z.looseObject({ next_page_url: z.string().nullable() }),
    }),
  request: (query) => ({
    method: 'GET',
    server: 'verify',
    path: path`/v2/Services`,
    query,
  }),
  pages: { kind: 'link', items: '/services', next: '/meta/next_page_url' },
  example: {
    input: { PageSize: 50 },
    sends: { method: 'GET', url: 'https://verify.twilio.com/v2/Services?PageSize=50' },
    response: {
      body: {
        meta: {
          page: 0,
          page_size: 50,
          previous_page_url: null,
          next_page_url: null,
          first_page_url: `${SERVICES}?PageSize=50&Page=0`,
          key: 'services',
          url: `${SERVICES}?PageSize=50&Page=0`,
        },
        services: [SERVICE],
      },
    },
  },
});

export const startVerification = defineAction({
  name: 'startVerification',
  summary: 'Sends a code to a user; while a verification is pending, the same code again.',
  docs: 'https://www.twilio.com/docs/verify/api/verification#start-new-verification',
  risk: 'write',
  input: () =>
    z.strictObject({
      ServiceSid: serviceSid,
      To: recipient,
      Channel: z.enum(['sms', 'call', 'email', 'whatsapp', 'sna', 'auto']),
      Locale: text.optional().describe('Default: the locale of the country of the number.'),
      CustomCode: z.string().min(4).max(10).optional(),
      CustomFriendlyName: text.optional(),
      SendDigits: text.optional(),
      TemplateSid: sid('HJ').optional(),
      TemplateCustomSubstitutions: text.optional().describe('A JSON object.'),
      ChannelConfiguration: text.optional().describe('A JSON object, for e-mail.'),
      RateLimits: text.optional().describe('A JSON object of your own limits.'),
      Amount: text.optional(),
      Payee: text.optional(),
      AppHash: z.string().length(11).optional(),
      DeviceIp: text.optional(),
      RiskCheck: z.enum(['enable', 'disable']).optional(),
      Tags: text.optional().describe('A JSON object.'),
    }),
  output: () => verification,
  request: ({ ServiceSid, ...form }) => ({
    method: 'POST',
    server: 'verify',
    path: path`/v2/Services/${ServiceSid}/Verifications`,
    body: formOf(form),
  }),
  example: {
    input: { ServiceSid: SERVICE_SID, To: '+15017122661', Channel: 'sms', Locale: 'en' },
    sends: {
      method: 'POST',
      url: 'https://verify.twilio.com/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Verifications',
      form: 'To=%2B15017122661&Channel=sms&Locale=en',
    },
    response: {
      status: 201,
      body: {
        ...PENDING,
        send_code_attempts: [
          {
            time: '2015-07-30T20:00:00Z',
            channel: 'SMS',
            attempt_sid: 'VLaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
          },
        ],
      },
    },
  },
});

const one = {
  ServiceSid: serviceSid,
  Sid: text.describe('The id of the verification, or the address that it was sent to.'),
};

export const getVerification = defineAction({
  name: 'getVerification',
  summary: 'Returns the status of a verification. Finished ones are not found.',
  docs: 'https://www.twilio.com/docs/verify/api/verification#fetch-a-verification',
  risk: 'read',
  input: () => z.strictObject(one),
  output: () => verification,
  request: ({ ServiceSid, Sid }) => ({
    method: 'GET',
    server: 'verify',
    path: path`/v2/Services/${ServiceSid}/Verifications/${Sid}`,
  }),
  example: {
    input: { ServiceSid: SERVICE_SID, Sid: VERIFICATION_SID },
    sends: {
      method: 'GET',
      url: 'https://verify.twilio.com/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Verifications/VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    },
    response: { body: PENDING },
  },
});

export const updateVerification = defineAction({
  name: 'updateVerification',
  summary: 'Cancels a verification, or approves it if you sent a code of your own.',
  docs: 'https://www.twilio.com/docs/verify/api/verification#update-a-verification-status',
  risk: 'write',
  input: () => z.strictObject({ ...one, Status: z.enum(['canceled', 'approved']) }),
  output: () => verification,
  request: ({ ServiceSid, Sid, ...form }) => ({
    method: 'POST',
    server: 'verify',
    path: path`/v2/Services/${ServiceSid}/Verifications/${Sid}`,
    body: formOf(form),
  }),
  example: {
    input: { ServiceSid: SERVICE_SID, Sid: VERIFICATION_SID, Status: 'canceled' },
    sends: {
      method: 'POST',
      url: 'https://verify.twilio.com/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/Verifications/VEaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
      form: 'Status=canceled',
    },
    response: { body: { ...PENDING, status: 'canceled' } },
  },
});

export const checkVerification = defineAction({
  name: 'checkVerification',
  summary: 'Checks a code. The status is approved if it is the code that was sent.',
  docs: 'https://www.twilio.com/docs/verify/api/verification-check#check-a-verification',
  risk: 'write',
  input: () =>
    z
      .strictObject({
        ServiceSid: serviceSid,
        Code: z.string().min(4).max(10).optional(),
        To: recipient.optional(),
        VerificationSid: sid('VE').optional(),
        Amount: text.optional(),
        Payee: text.optional(),
        SnaClientToken: text.optional(),
      })
      .refine(({ To, VerificationSid }) => To ?? VerificationSid, {
        error: 'Give To or VerificationSid.',
      }),
  output: () => verification,
  request: ({ ServiceSid, ...form }) => ({
    method: 'POST',
    server: 'verify',
    path: path`/v2/Services/${ServiceSid}/VerificationCheck`,
    body: formOf(form),
  }),
  example: {
    input: { ServiceSid: SERVICE_SID, Code: '1234', To: '+15017122661' },
    sends: {
      method: 'POST',
      url: 'https://verify.twilio.com/v2/Services/VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/VerificationCheck',
      form: 'Code=1234&To=%2B15017122661',
    },
    response: {
      body: {
        sid: VERIFICATION_SID,
        service_sid: SERVICE_SID,
        account_sid: ACCOUNT,
        to: '+15017122661',
        channel: 'sms',
        status: 'approved',
        valid: true,
        amount: null,
        payee: null,
        sna_attempts_error_codes: [],
        date_created: '2015-07-30T20:00:00Z',
        date_updated: '2015-07-30T20:00:00Z',
      },
    },
  },
});
