import { failureOf, limitSigns } from '../../src/connectors/index.js';
import type { FailureKind } from '../../src/contract/index.js';
import { sendEmail } from '../../templates/resend/emails.js';
import { resend } from '../../templates/resend/index.js';

// https://resend.com/docs/api-reference/errors
it.each<[number, string, FailureKind, boolean]>([
  [400, 'validation_error', 'validation', false],
  [401, 'missing_api_key', 'authentication', false],
  [401, 'restricted_api_key', 'permission', false],
  [403, 'invalid_api_key', 'authentication', false],
  [403, 'validation_error', 'validation', false],
  [404, 'not_found', 'notFound', false],
  [409, 'concurrent_idempotent_requests', 'conflict', false],
  [422, 'missing_required_field', 'validation', false],
  [429, 'rate_limit_exceeded', 'rateLimit', true],
  [429, 'daily_quota_exceeded', 'permission', false],
  [429, 'monthly_quota_exceeded', 'permission', false],
  [500, 'application_error', 'provider', true],
])('%i %s is %s', (status, name, kind, retryable) => {
  const body = { statusCode: status, name, message: 'No' };
  expect(failureOf(resend, { status, headers: {}, body })).toMatchObject({
    kind,
    retryable,
    message: 'No',
  });
});

// https://resend.com/docs/api-reference/rate-limit
it('reports the remaining calls in its headers', () => {
  const headers = { 'ratelimit-limit': '5', 'ratelimit-remaining': '0', 'ratelimit-reset': '1' };
  expect(limitSigns(resend.limits.headers, { headers }, new Date(0))).toEqual({
    limit: 5,
    remaining: 0,
    resetsAt: new Date(1000),
  });
});

it('sends one key for each e-mail or batch of them', () => {
  const keyed = resend.actions.filter(({ idempotent }) => typeof idempotent === 'object');
  expect(keyed.map(({ name }) => name)).toEqual(['sendEmail', 'sendEmails']);
});

it('accepts one address or several, but not none or too many', () => {
  const to = (value: unknown) =>
    sendEmail.input.safeParse({ ...sendEmail.example.input, to: value }).success;
  const many = Array.from({ length: 51 }, (_, nth) => `a${nth}@example.com`);
  expect([to('a@example.com'), to(many.slice(1)), to([]), to(many)]).toEqual([
    ...[true, true, false, false],
  ]);
});
