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
  text,
  WRITES,
} from './shapes.js';

const intent = id('pi');

const paymentIntent = z.looseObject({
  id: z.string(),
  amount: z.number(),
  currency: z.string(),
  status: z.string(),
  created: z.number(),
});

const INTENT = {
  id: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
  object: 'payment_intent',
  amount: 2000,
  amount_capturable: 0,
  amount_received: 0,
  automatic_payment_methods: { enabled: true },
  capture_method: 'automatic',
  confirmation_method: 'automatic',
  created: 1_680_800_504,
  client_secret: 'pi_3MtwBwLkdIwHu7ix28a3tqPa_secret_YrKJUKribcBjcG8HVhfZluoGH',
  currency: 'usd',
  livemode: false,
  metadata: {},
  payment_method_types: ['card', 'link'],
  status: 'requires_payment_method',
};
const INTENT_URL = 'https://api.stripe.com/v1/payment_intents/pi_3MtwBwLkdIwHu7ix28a3tqPa';

export const createPaymentIntent = defineAction({
  name: 'createPaymentIntent',
  summary: 'Creates a payment intent; with confirm, charges it immediately.',
  docs: 'https://docs.stripe.com/api/payment_intents/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      amount: amount.min(1),
      currency,
      customer: id('cus').optional(),
      payment_method: text.optional().describe('The id of a payment method.'),
      payment_method_types: z.array(text).optional(),
      automatic_payment_methods: z
        .strictObject({
          enabled: z.boolean(),
          allow_redirects: z.enum(['always', 'never']).optional(),
        })
        .optional(),
      capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
      confirm: z.boolean().optional(),
      off_session: z.boolean().optional(),
      return_url: z.url().optional(),
      setup_future_usage: z.enum(['on_session', 'off_session']).optional(),
      receipt_email: z.email().optional(),
      description: z.string().optional(),
      statement_descriptor: z.string().max(22).optional(),
      statement_descriptor_suffix: z.string().max(22).optional(),
      application_fee_amount: amount.optional(),
      transfer_data: z
        .strictObject({ destination: id('acct'), amount: amount.optional() })
        .optional(),
      metadata,
      expand,
    }),
  output: () => paymentIntent,
  request: (form) => ({ method: 'POST', path: path`/v1/payment_intents`, body: { form } }),
  example: {
    input: { amount: 2000, currency: 'usd', automatic_payment_methods: { enabled: true } },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/payment_intents',
      form: 'amount=2000&currency=usd&automatic_payment_methods%5Benabled%5D=true',
    },
    response: { body: INTENT },
  },
});

export const getPaymentIntent = defineAction({
  name: 'getPaymentIntent',
  summary: 'Reads one payment intent.',
  docs: 'https://docs.stripe.com/api/payment_intents/retrieve',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject({ intent, expand }),
  output: () => paymentIntent,
  request: ({ intent: of, ...query }) => ({
    method: 'GET',
    path: path`/v1/payment_intents/${of}`,
    query: queryOf(query),
  }),
  example: {
    input: { intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa', expand: ['latest_charge'] },
    sends: { method: 'GET', url: `${INTENT_URL}?expand%5B%5D=latest_charge` },
    response: { body: INTENT },
  },
});

export const confirmPaymentIntent = defineAction({
  name: 'confirmPaymentIntent',
  summary: 'Charges the payment method of a payment intent.',
  docs: 'https://docs.stripe.com/api/payment_intents/confirm',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      intent,
      payment_method: text.optional().describe('The id of a payment method.'),
      return_url: z.url().optional(),
      off_session: z.boolean().optional(),
      receipt_email: z.email().optional(),
      expand,
    }),
  output: () => paymentIntent,
  request: ({ intent: of, ...form }) => ({
    method: 'POST',
    path: path`/v1/payment_intents/${of}/confirm`,
    body: { form },
  }),
  example: {
    input: {
      intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa',
      payment_method: 'pm_card_visa',
      return_url: 'https://www.example.com',
    },
    sends: {
      method: 'POST',
      url: `${INTENT_URL}/confirm`,
      form: 'payment_method=pm_card_visa&return_url=https%3A%2F%2Fwww.example.com',
    },
    response: { body: { ...INTENT, amount_received: 2000, status: 'succeeded' } },
  },
});

export const capturePaymentIntent = defineAction({
  name: 'capturePaymentIntent',
  summary: 'Captures the reserved amount of a payment intent with manual capture.',
  docs: 'https://docs.stripe.com/api/payment_intents/capture',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      intent,
      amount_to_capture: amount.optional().describe('A smaller amount releases the remainder.'),
      statement_descriptor: z.string().max(22).optional(),
      metadata,
      expand,
    }),
  output: () => paymentIntent,
  request: ({ intent: of, ...form }) => ({
    method: 'POST',
    path: path`/v1/payment_intents/${of}/capture`,
    body: { form },
  }),
  example: {
    input: { intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa', amount_to_capture: 750 },
    sends: { method: 'POST', url: `${INTENT_URL}/capture`, form: 'amount_to_capture=750' },
    response: { body: { ...INTENT, amount_received: 750, status: 'succeeded' } },
  },
});

export const cancelPaymentIntent = defineAction({
  name: 'cancelPaymentIntent',
  summary: 'Cancels a payment intent.',
  docs: 'https://docs.stripe.com/api/payment_intents/cancel',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      intent,
      cancellation_reason: z
        .enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])
        .optional(),
    }),
  output: () => paymentIntent,
  request: ({ intent: of, ...form }) => ({
    method: 'POST',
    path: path`/v1/payment_intents/${of}/cancel`,
    body: { form },
  }),
  example: {
    input: { intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa', cancellation_reason: 'duplicate' },
    sends: {
      method: 'POST',
      url: `${INTENT_URL}/cancel`,
      form: 'cancellation_reason=duplicate',
    },
    response: { body: { ...INTENT, canceled_at: 1_680_801_569, status: 'canceled' } },
  },
});

export const listPaymentIntents = defineAction({
  name: 'listPaymentIntents',
  summary: 'Lists payment intents, newest first.',
  docs: 'https://docs.stripe.com/api/payment_intents/list',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject({ customer: id('cus').optional(), ...listInput }),
  output: () => list(paymentIntent),
  request: (input) => ({ method: 'GET', path: path`/v1/payment_intents`, query: queryOf(input) }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3 },
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/payment_intents?limit=3' },
    response: {
      body: { object: 'list', url: '/v1/payment_intents', has_more: false, data: [INTENT] },
    },
  },
});
