import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  amount,
  currency,
  expand,
  id,
  IDEMPOTENT,
  list,
  LIST_PAGES,
  listInput,
  metadata,
  queryOf,
  READS,
  seconds,
  text,
  WRITES,
} from './shapes.js';

const session = z.looseObject({
  id: z.string(),
  mode: z.string(),
  status: z.string().nullable(),
  payment_status: z.string(),
  url: z.string().nullable(),
});

const SESSION_ID = 'cs_test_a11YYufWQzNY63zpQ6QSNRQhkUpVph4WRmzW0zWJO2znZKdVujZ0N0S22u';
const SESSION = {
  id: SESSION_ID,
  object: 'checkout.session',
  amount_subtotal: 2198,
  amount_total: 2198,
  created: 1_679_600_215,
  currency: 'usd',
  customer: null,
  expires_at: 1_679_686_615,
  livemode: false,
  metadata: {},
  mode: 'payment',
  payment_intent: null,
  payment_method_types: ['card'],
  payment_status: 'unpaid',
  status: 'open',
  success_url: 'https://example.com/success',
  url: `https://checkout.stripe.com/c/pay/${SESSION_ID}`,
};

const lineItem = z
  .strictObject({
    price: id('price').optional(),
    price_data: z
      .strictObject({
        currency,
        unit_amount: amount,
        product: text.optional(),
        product_data: z
          .strictObject({ name: text, description: text.optional(), metadata })
          .optional(),
        recurring: z
          .strictObject({
            interval: z.enum(['day', 'week', 'month', 'year']),
            interval_count: z.int().min(1).optional(),
          })
          .optional(),
      })
      .optional(),
    quantity: z.int().min(1).optional().describe('Left out for metered prices alone.'),
  })
  .refine((item) => (item.price === undefined) !== (item.price_data === undefined), {
    error: 'Give either price or price_data.',
  });

export const createCheckoutSession = defineAction({
  name: 'createCheckoutSession',
  summary: 'Makes a page of Stripe on which a customer pays or subscribes; send him to its url.',
  docs: 'https://docs.stripe.com/api/checkout/sessions/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      success_url: z
        .string()
        .regex(/^https?:\/\//)
        .describe('{CHECKOUT_SESSION_ID} in it is replaced.'),
      line_items: z.array(lineItem).min(1).max(100).optional(),
      mode: z.enum(['payment', 'setup', 'subscription']),
      cancel_url: z.url().optional(),
      customer: id('cus').optional(),
      customer_email: z.email().optional(),
      customer_creation: z.enum(['always', 'if_required']).optional(),
      client_reference_id: z.string().max(200).optional(),
      currency: currency.optional(),
      allow_promotion_codes: z.boolean().optional(),
      discounts: z
        .array(z.strictObject({ coupon: text.optional(), promotion_code: text.optional() }))
        .max(1)
        .optional(),
      automatic_tax: z.strictObject({ enabled: z.boolean() }).optional(),
      billing_address_collection: z.enum(['auto', 'required']).optional(),
      shipping_address_collection: z
        .strictObject({ allowed_countries: z.array(z.string().length(2)).min(1) })
        .optional(),
      payment_method_types: z.array(text).optional(),
      subscription_data: z
        .strictObject({
          trial_period_days: z.int().min(1).optional(),
          description: z.string().max(500).optional(),
          metadata,
        })
        .optional(),
      payment_intent_data: z
        .strictObject({
          capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
          description: z.string().optional(),
          metadata,
        })
        .optional(),
      expires_at: seconds.optional().describe('30 minutes to 24 hours from now.'),
      locale: text.optional(),
      metadata,
      expand,
    }),
  output: () => session,
  request: (form) => ({ method: 'POST', path: path`/v1/checkout/sessions`, body: { form } }),
  example: {
    input: {
      success_url: 'https://example.com/success',
      line_items: [{ price: 'price_1MotwRLkdIwHu7ixYcPLm5uZ', quantity: 2 }],
      mode: 'payment',
    },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/checkout/sessions',
      form: 'success_url=https%3A%2F%2Fexample.com%2Fsuccess&line_items%5B0%5D%5Bprice%5D=price_1MotwRLkdIwHu7ixYcPLm5uZ&line_items%5B0%5D%5Bquantity%5D=2&mode=payment',
    },
    response: { body: SESSION },
  },
});

export const getCheckoutSession = defineAction({
  name: 'getCheckoutSession',
  summary: 'Reads one checkout session: whether it was paid, by whom.',
  docs: 'https://docs.stripe.com/api/checkout/sessions/retrieve',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject({ session: id('cs'), expand }),
  output: () => session,
  request: ({ session: of, ...query }) => ({
    method: 'GET',
    path: path`/v1/checkout/sessions/${of}`,
    query: queryOf(query),
  }),
  example: {
    input: { session: SESSION_ID, expand: ['line_items', 'payment_intent'] },
    sends: {
      method: 'GET',
      url: `https://api.stripe.com/v1/checkout/sessions/${SESSION_ID}?expand%5B%5D=line_items&expand%5B%5D=payment_intent`,
    },
    response: { body: SESSION },
  },
});

export const expireCheckoutSession = defineAction({
  name: 'expireCheckoutSession',
  summary: 'Closes an open checkout session.',
  docs: 'https://docs.stripe.com/api/checkout/sessions/expire',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () => z.strictObject({ session: id('cs') }),
  output: () => session,
  request: ({ session: of }) => ({
    method: 'POST',
    path: path`/v1/checkout/sessions/${of}/expire`,
  }),
  example: {
    input: { session: SESSION_ID },
    sends: {
      method: 'POST',
      url: `https://api.stripe.com/v1/checkout/sessions/${SESSION_ID}/expire`,
    },
    response: { body: { ...SESSION, status: 'expired', url: null } },
  },
});

export const listCheckoutSessions = defineAction({
  name: 'listCheckoutSessions',
  summary: 'Lists checkout sessions, newest first.',
  docs: 'https://docs.stripe.com/api/checkout/sessions/list',
  risk: 'read',
  scopes: READS,
  input: () =>
    z.strictObject({
      customer: id('cus').optional(),
      payment_intent: id('pi').optional(),
      subscription: id('sub').optional(),
      status: z.enum(['open', 'complete', 'expired']).optional(),
      ...listInput,
    }),
  output: () => list(session),
  request: (input) => ({ method: 'GET', path: path`/v1/checkout/sessions`, query: queryOf(input) }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3 },
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/checkout/sessions?limit=3' },
    response: {
      body: { object: 'list', url: '/v1/checkout/sessions', has_more: false, data: [SESSION] },
    },
  },
});
