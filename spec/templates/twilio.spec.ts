import { failureOf, serverOf } from '../../src/connectors/index.js';
import { type FailureKind, problemOfField } from '../../src/contract/index.js';
import { createCall } from '../../templates/twilio/calls.js';
import { twilio } from '../../templates/twilio/index.js';
import { sendMessage, updateMessage } from '../../templates/twilio/messages.js';
import { formOf } from '../../templates/twilio/shapes.js';
import { checkVerification } from '../../templates/twilio/verify.js';

// https://www.twilio.com/docs/api/errors
it.each<[number, number, FailureKind, boolean]>([
  [401, 20_003, 'authentication', false],
  [403, 20_003, 'authentication', false],
  [404, 20_404, 'notFound', false],
  [429, 20_429, 'rateLimit', true],
  [400, 21_211, 'validation', false],
  [400, 21_610, 'permission', false],
  [400, 21_220, 'conflict', false],
  [429, 60_202, 'permission', false],
  [429, 60_203, 'permission', false],
  [429, 60_212, 'rateLimit', true],
  [500, 20_500, 'provider', true],
])('%i with the code %i is %s', (status, code, kind, retryable) => {
  const body = {
    code,
    message: 'No',
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  };
  expect(failureOf(twilio, { status, headers: {}, body })).toMatchObject({ kind, retryable });
});

it('writes lists as repeated names, and omits absent values', () => {
  expect(formOf({ MediaUrl: ['a', 'b c'], Record: false, From: undefined, Body: '' })).toEqual({
    text: 'MediaUrl=a&MediaUrl=b+c&Record=false&Body=',
    contentType: 'application/x-www-form-urlencoded',
  });
});

describe('alternative parameters', () => {
  const takes = ({ input }: (typeof twilio.actions)[number], given: object) =>
    input.safeParse(given).success;
  const [To, From, Body] = ['+15550002222', '+15551234567', 'Hello'];
  const MessagingServiceSid = 'MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
  const SendAt = '2026-12-01T10:00:00Z';
  const Sid = 'SMb7c0a2ce80504485a6f653a7110836f5';
  const ServiceSid = 'VAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';

  it.each([
    [sendMessage, { To, Body }, false],
    [sendMessage, { To, From }, false],
    [sendMessage, { To, MessagingServiceSid, Body }, true],
    [sendMessage, { To, From, Body, ScheduleType: 'fixed', SendAt }, false],
    [sendMessage, { To, MessagingServiceSid, Body, SendAt }, false],
    [sendMessage, { To, MessagingServiceSid, Body, ScheduleType: 'fixed', SendAt }, true],
    [updateMessage, { Sid }, false],
    [updateMessage, { Sid, Body: '' }, true],
    [updateMessage, { Sid, Body: '', Status: 'canceled' }, false],
    [createCall, { To, From }, false],
    [checkVerification, { ServiceSid, Code: '1234' }, false],
  ] as const)('%#', (action, given, expected) => {
    expect([given, takes(action, given)]).toEqual([given, expected]);
  });
});

it.each(['AC1', 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/../x', 'SKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'])(
  'accepts only the SID of an account: %s',
  (accountSid) => {
    expect(problemOfField('accountSid', twilio.fields.accountSid, accountSid)).toBeDefined();
  },
);

it('goes to the account of the connection', () => {
  const accountSid = 'ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
  expect(problemOfField('accountSid', twilio.fields.accountSid, accountSid)).toBeUndefined();
  expect(serverOf(twilio, undefined, { accountSid })).toBe(
    'https://api.twilio.com/2010-04-01/Accounts/ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  );
});
