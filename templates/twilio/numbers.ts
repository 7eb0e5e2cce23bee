import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { ACCOUNT, API, flag, listed, pageSize, pagesOf, sid, text } from './shapes.js';

const phoneNumber = z.looseObject({
  sid: z.string(),
  phone_number: z.string(),
  friendly_name: z.string().nullable(),
  capabilities: z.looseObject({ voice: z.boolean(), sms: z.boolean(), mms: z.boolean() }),
});

const NUMBER = {
  account_sid: ACCOUNT,
  address_requirements: 'none',
  api_version: '2010-04-01',
  beta: null,
  capabilities: { voice: true, sms: false, mms: true, fax: false },
  date_created: 'Thu, 30 Jul 2015 23:19:04 +0000',
  friendly_name: '(808) 925-5327',
  date_updated: 'Thu, 30 Jul 2015 23:19:04 +0000',
  origin: 'origin',
  phone_number: '+18089255327',
  sid: 'PNaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  sms_method: 'POST',
  sms_url: '',
  status: 'in-use',
  type: 'local',
  voice_url: null,
};

export const listPhoneNumbers = defineAction({
  name: 'listPhoneNumbers',
  summary: 'Lists the numbers of the account.',
  docs: 'https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#read-multiple-incomingphonenumber-resources',
  risk: 'read',
  input: () =>
    z.strictObject({
      PhoneNumber: text
        .optional()
        .describe('A part of the number is enough; `*` stands for any digit.'),
      FriendlyName: text.optional(),
      Beta: flag,
      Origin: z.enum(['twilio', 'hosted']).optional(),
      PageSize: pageSize,
    }),
  output: () => z.looseObject({ incoming_phone_numbers: z.array(phoneNumber), ...listed }),
  request: (query) => ({ method: 'GET', path: path`/IncomingPhoneNumbers.json`, query }),
  pages: pagesOf('incoming_phone_numbers'),
  example: {
    input: { PhoneNumber: '+19876543210', FriendlyName: 'friendly_name', Beta: true, PageSize: 50 },
    sends: {
      method: 'GET',
      url: `${API}/IncomingPhoneNumbers.json?PhoneNumber=%2B19876543210&FriendlyName=friendly_name&Beta=true&PageSize=50`,
    },
    response: {
      body: {
        start: 0,
        end: 0,
        page: 0,
        page_size: 50,
        previous_page_uri: null,
        incoming_phone_numbers: [NUMBER],
        next_page_uri: null,
        uri: `/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers.json?FriendlyName=friendly_name&Beta=true&PhoneNumber=%2B19876543210&PageSize=50&Page=0`,
      },
    },
  },
});

const PACKAGES = [
  ...(['validation', 'caller_name', 'sim_swap', 'call_forwarding', 'line_status'] as const),
  ...(['line_type_intelligence', 'identity_match', 'reassigned_number'] as const),
  ...(['sms_pumping_risk', 'phone_number_quality_score', 'pre_fill'] as const),
] as const;

export const lookupPhoneNumber = defineAction({
  name: 'lookupPhoneNumber',
  summary: 'Checks whether a number is valid, and returns its line type and caller name for a fee.',
  docs: 'https://www.twilio.com/docs/lookup/v2-api',
  risk: 'read',
  input: () =>
    z.strictObject({
      PhoneNumber: text.describe('As `+14155552345`, or as written in the country of CountryCode.'),
      Fields: z
        .array(z.enum(PACKAGES))
        .min(1)
        .optional()
        .describe('All fields except validation are charged.'),
      CountryCode: z.string().length(2).optional(),
      FirstName: text.optional().describe('This and the next are compared by identity_match.'),
      LastName: text.optional(),
      AddressLine1: text.optional(),
      AddressLine2: text.optional(),
      City: text.optional(),
      State: text.optional(),
      PostalCode: text.optional(),
      AddressCountryCode: z.string().length(2).optional(),
      NationalId: text.optional(),
      DateOfBirth: z
        .string()
        .regex(/^\d{8}$/)
        .optional()
        .describe('As `19800131`.'),
      LastVerifiedDate: z
        .string()
        .regex(/^\d{8}$/)
        .optional()
        .describe('For reassigned_number.'),
      VerificationSid: sid('VE').optional().describe('For pre_fill.'),
    }),
  output: () =>
    z.looseObject({
      phone_number: z.string(),
      valid: z.boolean(),
      validation_errors: z.array(z.string()).nullable(),
      country_code: z.string().nullable(),
      national_format: z.string().nullable(),
    }),
  request: ({ PhoneNumber, Fields, ...query }) => ({
    method: 'GET',
    server: 'lookups',
    path: path`/v2/PhoneNumbers/${PhoneNumber}`,
    query: { Fields: Fields?.join(','), ...query },
  }),
  example: {
    input: { PhoneNumber: '+14159929960', Fields: ['line_type_intelligence'] },
    sends: {
      method: 'GET',
      url: 'https://lookups.twilio.com/v2/PhoneNumbers/%2B14159929960?Fields=line_type_intelligence',
    },
    response: {
      body: {
        calling_country_code: '1',
        country_code: 'US',
        phone_number: '+14159929960',
        national_format: '(415) 992-9960',
        valid: true,
        validation_errors: null,
        caller_name: null,
        sim_swap: null,
        call_forwarding: null,
        line_status: null,
        line_type_intelligence: {
          error_code: null,
          mobile_country_code: '240',
          mobile_network_code: '38',
          carrier_name: 'Twilio - SMS/MMS-SVR',
          type: 'nonFixedVoip',
        },
        identity_match: null,
        reassigned_number: null,
        sms_pumping_risk: null,
        url: 'https://lookups.twilio.com/v2/PhoneNumbers/+14159929960',
      },
    },
  },
});
