import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  ACCOUNT,
  API,
  callee,
  day,
  flag,
  formOf,
  listed,
  method,
  pageSize,
  pagesOf,
  sid,
  text,
} from './shapes.js';

const call = z.looseObject({
  sid: z.string(),
  status: z.string(),
  direction: z.string(),
  to: z.string(),
  from: z.string(),
  start_time: z.string().nullable(),
  end_time: z.string().nullable(),
  duration: z.string().nullable(),
});

const callSid = sid('CA');
const url = z.url().optional();
const timeLimit = z.int().min(1).optional().describe('In seconds.');

const SID = 'CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
const uri = `/2010-04-01/Accounts/${ACCOUNT}/Calls/${SID}.json`;

const MADE = {
  account_sid: ACCOUNT,
  answered_by: null,
  api_version: '2010-04-01',
  caller_name: null,
  date_created: 'Tue, 31 Aug 2010 20:36:28 +0000',
  direction: 'inbound',
  duration: '15',
  date_updated: 'Tue, 31 Aug 2010 20:36:44 +0000',
  forwarded_from: '+141586753093',
  end_time: 'Tue, 31 Aug 2010 20:36:44 +0000',
  from: '+14158675308',
  parent_call_sid: null,
  phone_number_sid: 'PNaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  price: '-0.03000',
  price_unit: 'USD',
  sid: SID,
  start_time: 'Tue, 31 Aug 2010 20:36:29 +0000',
  status: 'completed',
  to: '+14158675309',
  trunk_sid: null,
  uri,
  queue_time: '1000',
};

const FETCHED = {
  account_sid: ACCOUNT,
  answered_by: 'machine_start',
  api_version: '2010-04-01',
  caller_name: 'callerid',
  date_created: 'Fri, 18 Oct 2019 17:00:00 +0000',
  date_updated: 'Fri, 18 Oct 2019 17:01:00 +0000',
  direction: 'outbound-api',
  duration: '4',
  end_time: 'Fri, 18 Oct 2019 17:03:00 +0000',
  forwarded_from: 'calledvia',
  from: '+13051416799',
  price: '-0.200',
  price_unit: 'USD',
  sid: SID,
  status: 'completed',
  start_time: 'Fri, 18 Oct 2019 17:02:00 +0000',
  to: '+13051913581',
  uri,
};

export const createCall = defineAction({
  name: 'createCall',
  summary: 'Calls a number and executes TwiML.',
  docs: 'https://www.twilio.com/docs/voice/api/call-resource#create-a-call-resource',
  risk: 'write',
  input: () =>
    z
      .strictObject({
        To: callee,
        From: callee,
        Url: url.describe('The address that returns the TwiML of the call.'),
        Twiml: z.string().min(1).max(4000).optional(),
        ApplicationSid: sid('AP').optional(),
        Method: method,
        FallbackUrl: url,
        FallbackMethod: method,
        StatusCallback: url,
        StatusCallbackEvent: z
          .array(z.enum(['initiated', 'ringing', 'answered', 'completed']))
          .min(1)
          .optional(),
        StatusCallbackMethod: method,
        SendDigits: z
          .string()
          .regex(/^[\dABCDWw#*]{1,32}$/)
          .optional()
          .describe('Dialed once the call is answered; `w` waits half a second, `W` one second.'),
        Timeout: z.int().min(1).max(600).optional().describe('How long it rings, in seconds.'),
        TimeLimit: timeLimit,
        Record: flag,
        RecordingChannels: z.enum(['mono', 'dual']).optional(),
        RecordingStatusCallback: url,
        MachineDetection: z.enum(['Enable', 'DetectMessageEnd']).optional(),
        MachineDetectionTimeout: z.int().min(3).max(59).optional().describe('In seconds.'),
        AsyncAmd: flag,
        AsyncAmdStatusCallback: url,
        CallerId: text.optional(),
        CallReason: text.optional(),
      })
      .refine(({ Url, Twiml, ApplicationSid }) => Url ?? Twiml ?? ApplicationSid, {
        error: 'Give Url, Twiml or ApplicationSid.',
      }),
  output: () => call,
  request: (input) => ({ method: 'POST', path: path`/Calls.json`, body: formOf(input) }),
  example: {
    input: {
      To: '+123456789',
      From: '+987654321',
      Twiml: '<Response><Say>Enjoy</Say></Response>',
      StatusCallback: 'https://example.com',
      StatusCallbackEvent: ['initiated', 'answered'],
      StatusCallbackMethod: 'GET',
    },
    sends: {
      method: 'POST',
      url: `${API}/Calls.json`,
      form: 'To=%2B123456789&From=%2B987654321&Twiml=%3CResponse%3E%3CSay%3EEnjoy%3C%2FSay%3E%3C%2FResponse%3E&StatusCallback=https%3A%2F%2Fexample.com&StatusCallbackEvent=initiated&StatusCallbackEvent=answered&StatusCallbackMethod=GET',
    },
    response: { status: 201, body: MADE },
  },
});

export const getCall = defineAction({
  name: 'getCall',
  summary: 'Reads a call: its status, duration and price.',
  docs: 'https://www.twilio.com/docs/voice/api/call-resource#fetch-a-call-resource',
  risk: 'read',
  input: () => z.strictObject({ Sid: callSid }),
  output: () => call,
  request: ({ Sid }) => ({ method: 'GET', path: path`/Calls/${Sid}.json` }),
  example: {
    input: { Sid: SID },
    sends: { method: 'GET', url: `${API}/Calls/CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json` },
    response: { body: FETCHED },
  },
});

export const listCalls = defineAction({
  name: 'listCalls',
  summary: 'Lists outgoing and incoming calls.',
  docs: 'https://www.twilio.com/docs/voice/api/call-resource#read-multiple-call-resources',
  risk: 'read',
  input: () =>
    z.strictObject({
      To: callee.optional(),
      From: callee.optional(),
      ParentCallSid: callSid.optional(),
      Status: z
        .enum([
          ...(['queued', 'ringing', 'in-progress', 'completed'] as const),
          ...(['busy', 'failed', 'no-answer', 'canceled'] as const),
        ])
        .optional(),
      StartTime: day,
      'StartTime<': day,
      'StartTime>': day,
      EndTime: day,
      'EndTime<': day,
      'EndTime>': day,
      PageSize: pageSize,
    }),
  output: () => z.looseObject({ calls: z.array(call), ...listed }),
  request: (query) => ({ method: 'GET', path: path`/Calls.json`, query }),
  pages: pagesOf('calls'),
  example: {
    input: { Status: 'completed', 'StartTime>': '2009-07-06', PageSize: 2 },
    sends: {
      method: 'GET',
      url: `${API}/Calls.json?Status=completed&StartTime%3E=2009-07-06&PageSize=2`,
    },
    response: {
      body: {
        start: 0,
        end: 1,
        page: 0,
        page_size: 2,
        previous_page_uri: null,
        calls: [FETCHED],
        uri: `/2010-04-01/Accounts/${ACCOUNT}/Calls.json?Status=completed&StartTime%3E=2009-07-06&PageSize=2&Page=0`,
        next_page_uri: `/2010-04-01/Accounts/${ACCOUNT}/Calls.json?Status=completed&StartTime%3E=2009-07-06&PageSize=2&Page=1&PageToken=PACAdeadbeefdeadbeefdeadbeefdeadbeef`,
      },
    },
  },
});

export const updateCall = defineAction({
  name: 'updateCall',
  summary: 'Ends a call, or continues it with other TwiML.',
  docs: 'https://www.twilio.com/docs/voice/api/call-resource#update-a-call-resource',
  risk: 'write',
  input: () =>
    z
      .strictObject({
        Sid: callSid,
        Status: z
          .enum(['canceled', 'completed'])
          .optional()
          .describe('`canceled` ends it while it is queued or rings, `completed` in any state.'),
        Url: url,
        Twiml: z.string().min(1).max(4000).optional(),
        Method: method,
        FallbackUrl: url,
        FallbackMethod: method,
        StatusCallback: url,
        StatusCallbackMethod: method,
        TimeLimit: timeLimit,
      })
      .refine(({ Url, Twiml }) => Url === undefined || Twiml === undefined, {
        error: 'Give Url or Twiml, not both.',
      }),
  output: () => call,
  request: ({ Sid, ...form }) => ({
    method: 'POST',
    path: path`/Calls/${Sid}.json`,
    body: formOf(form),
  }),
  example: {
    input: { Sid: SID, Status: 'completed' },
    sends: {
      method: 'POST',
      url: `${API}/Calls/CAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.json`,
      form: 'Status=completed',
    },
    response: { body: MADE },
  },
});
