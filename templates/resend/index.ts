import { defineConnector, path, type TriggerSpec } from '../../src/contract/index.js';
import {
  createContact,
  deleteContact,
  getContact,
  listContacts,
  updateContact,
} from './contacts.js';
import { DOMAIN, getDomain, listDomains } from './domains.js';
import {
  cancelEmail,
  getEmail,
  listEmails,
  rescheduleEmail,
  sendEmail,
  sendEmails,
} from './emails.js';

export const resend = defineConnector({
  key: 'resend',
  name: 'Resend',
  category: 'communication',
  description: 'Send e-mails, see their status, and manage the contacts of broadcasts.',
  docs: 'https://resend.com/docs/api-reference',
  support: 'verified',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'At https://resend.com/domains add the domain that you send from, and the DNS records that are shown there.',
    'At https://resend.com/api-keys choose Create API Key, with Full access: a key for sending alone cannot be tested.',
    'Copy the key, which is shown once.',
  ],
  servers: { api: 'https://api.resend.com' },
  auth: {
    apiKey: {
      kind: 'bearer',
      title: 'API key',
      token: {
        title: 'API key',
        pattern: 're_\\w+',
        help: 'https://resend.com/api-keys',
        example: 're_…',
      },
    },
  },
  test: {
    request: { method: 'GET', path: path`/domains`, query: { limit: 1 } },
    // No operation identifies the owner of a key: an account is identified by its first domain, if it has one.
    identity: { id: '/data/0/id', name: '/data/0/name' },
    example: {
      url: 'https://api.resend.com/domains?limit=1',
      body: { object: 'list', has_more: false, data: [DOMAIN] },
    },
  },
  actions: [
    sendEmail,
    sendEmails,
    getEmail,
    listEmails,
    rescheduleEmail,
    cancelEmail,
    createContact,
    getContact,
    listContacts,
    updateContact,
    deleteContact,
    listDomains,
    getDomain,
  ],
  // https://resend.com/docs/dashboard/webhooks/body-parameters
  triggers: [
    event(
      'emailDelivered',
      'email.delivered',
      'An e-mail was delivered to the recipient’s server.',
    ),
    event('emailBounced', 'email.bounced', 'An e-mail was rejected permanently.'),
    event('emailComplained', 'email.complained', 'A recipient marked an e-mail as spam.'),
    event('emailOpened', 'email.opened', 'A recipient opened an e-mail.'),
    event('emailClicked', 'email.clicked', 'A recipient followed a link in an e-mail.'),
    event('emailFailed', 'email.failed', 'An e-mail could not be sent.'),
  ],
  sync: [{ name: 'contacts', action: 'listContacts', id: '/id' }],
  limits: {
    docs: 'https://resend.com/docs/api-reference/rate-limit',
    budgets: [{ requests: 5, perSeconds: 1, scope: 'connection' }],
    headers: [
      { name: 'ratelimit-limit', kind: 'limit' },
      { name: 'ratelimit-remaining', kind: 'remaining' },
      { name: 'ratelimit-reset', kind: 'reset', unit: 'seconds' },
      { name: 'retry-after', kind: 'wait', unit: 'seconds' },
    ],
  },
  // https://resend.com/docs/api-reference/errors
  failures: {
    code: ['/name'],
    message: ['/message'],
    codes: {
      invalid_api_key: 'authentication',
      missing_api_key: 'authentication',
      restricted_api_key: 'permission',
      validation_error: 'validation',
      concurrent_idempotent_requests: 'conflict',
      invalid_idempotent_request: 'conflict',
      // A daily or monthly quota: an early retry does not help.
      daily_quota_exceeded: 'permission',
      monthly_quota_exceeded: 'permission',
      rate_limit_exceeded: 'rateLimit',
    },
  },
});

function event(name: string, type: string, summary: string): TriggerSpec {
  return {
    name,
    summary,
    match: { at: '/type', is: type },
    docs: 'https://resend.com/docs/dashboard/webhooks/body-parameters',
  };
}
