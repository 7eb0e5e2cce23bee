import { failureOf } from '../../src/connectors/index.js';
import type { FailureKind } from '../../src/contract/index.js';
import { createPrice } from '../../templates/stripe/catalog.js';
import { stripe } from '../../templates/stripe/index.js';
import { createRefund } from '../../templates/stripe/money.js';
import { queryOf } from '../../templates/stripe/shapes.js';

// https://docs.stripe.com/error-codes and https://docs.stripe.com/api/errors
it.each<[number, Record<string, string>, FailureKind, boolean]>([
  [402, { type: 'card_error', code: 'card_declined' }, 'validation', false],
  [404, { type: 'invalid_request_error', code: 'resource_missing' }, 'notFound', false],
  [400, { type: 'invalid_request_error', code: 'resource_missing' }, 'notFound', false],
  [400, { type: 'idempotency_error' }, 'conflict', false],
  [409, { type: 'idempotency_error', code: 'idempotency_key_in_use' }, 'conflict', true],
  [429, { type: 'invalid_request_error', code: 'lock_timeout' }, 'conflict', true],
  [429, { type: 'invalid_request_error', code: 'rate_limit' }, 'rateLimit', true],
  [401, { type: 'invalid_request_error', code: 'api_key_expired' }, 'authentication', false],
  [400, { type: 'invalid_request_error', code: 'parameter_missing' }, 'validation', false],
  [500, { type: 'api_error' }, 'provider', true],
  [424, { type: 'api_error', code: 'other' }, 'provider', false],
])('%i with %j is %s', (status, error, kind, retryable) => {
  const response = { status, headers: {}, body: { error: { ...error, message: 'No' } } };
  expect(failureOf(stripe, response)).toMatchObject({ kind, retryable, message: 'No' });
});

it('sends one key for each POST, and for nothing else', () => {
  for (const action of stripe.actions) {
    const isPost = action.example.sends.method === 'POST';
    const key = typeof action.idempotent === 'object' ? action.idempotent : undefined;
    const header = isPost ? { header: 'Idempotency-Key' } : undefined;
    expect([action.name, key]).toEqual([action.name, header]);
  }
});

it('writes objects and lists into a query in Stripe’s format', () => {
  expect(
    queryOf({
      limit: 3,
      active: false,
      created: { gte: 1, lt: 2 },
      ids: ['a', 'b'],
      page: undefined,
    }),
  ).toEqual({
    limit: 3,
    active: false,
    'created[gte]': 1,
    'created[lt]': 2,
    'ids[]': ['a', 'b'],
    page: undefined,
  });
});

it('requires exactly one of two where Stripe does', () => {
  const price = { currency: 'usd', unit_amount: 1000 };
  expect(createPrice.input.safeParse(price).success).toBe(false);
  expect(createPrice.input.safeParse({ ...price, product: 'prod_1' }).success).toBe(true);
  const both = { ...price, product: 'prod_1', product_data: { name: 'Gold' } };
  expect(createPrice.input.safeParse(both).success).toBe(false);
  expect(createRefund.input.safeParse({}).success).toBe(false);
  expect(createRefund.input.safeParse({ charge: 'ch_1', payment_intent: 'pi_1' }).success).toBe(
    false,
  );
});
