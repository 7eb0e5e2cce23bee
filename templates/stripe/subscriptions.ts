import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
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

const subscriptionId = id('sub');

const subscription = z.looseObject({
  id: z.string(),
  customer: z.union([z.string(), z.looseObject({ id: z.string() })]),
  status: z.string(),
  items: z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) }),
});

const SUBSCRIPTION = {
  id: 'sub_1MowQVLkdIwHu7ixeRlqHVzs',
  object: 'subscription',
  billing_cycle_anchor: 1_679_609_767,
  cancel_at_period_end: false,
  canceled_at: null,
  collection_method: 'charge_automatically',
  created: 1_679_609_767,
  currency: 'usd',
  customer: 'cus_Na6dX7aXxi11N4',
  livemode: false,
  metadata: {},
  status: 'active',
  items: {
    object: 'list',
    data: [
      {
        id: 'si_Na6dzxczY5fwHx',
        object: 'subscription_item',
        quantity: 1,
        current_period_start: 1_679_609_767,
        current_period_end: 1_682_288_167,
        price: { id: 'price_1MowQULkdIwHu7ixraBm864M', object: 'price', unit_amount: 1000 },
      },
    ],
    has_more: false,
    url: '/v1/subscription_items?subscription=sub_1MowQVLkdIwHu7ixeRlqHVzs',
  },
};
const SUBSCRIPTION_URL = 'https://api.stripe.com/v1/subscriptions/sub_1MowQVLkdIwHu7ixeRlqHVzs';

const prorationBehavior = z.enum(['create_prorations', 'none', 'always_invoice']).optional();
const settings = {
  cancel_at: seconds.optional(),
  cancel_at_period_end: z.boolean().optional(),
  collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
  days_until_due: z.int().min(0).optional(),
  default_payment_method: id('pm').optional(),
  description: z.string().max(500).optional(),
  discounts: z
    .array(z.strictObject({ coupon: text.optional(), promotion_code: text.optional() }))
    .optional(),
  automatic_tax: z.strictObject({ enabled: z.boolean() }).optional(),
  off_session: z.boolean().optional(),
  payment_behavior: z
    .enum([
      'allow_incomplete',
      'default_incomplete',
      'error_if_incomplete',
      'pending_if_incomplete',
    ])
    .optional(),
  proration_behavior: prorationBehavior,
  trial_end: z.union([seconds, z.literal('now')]).optional(),
  metadata,
  expand,
};

export const createSubscription = defineAction({
  name: 'createSubscription',
  summary: 'Subscribes a customer to prices.',
  docs: 'https://docs.stripe.com/api/subscriptions/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      customer: id('cus'),
      items: z
        .array(
          z.strictObject({ price: id('price'), quantity: z.int().min(0).optional(), metadata }),
        )
        .min(1)
        .max(20),
      trial_period_days: z.int().min(0).max(730).optional(),
      billing_cycle_anchor: seconds.optional(),
      ...settings,
    }),
  output: () => subscription,
  request: (form) => ({ method: 'POST', path: path`/v1/subscriptions`, body: { form } }),
  example: {
    input: {
      customer: 'cus_Na6dX7aXxi11N4',
      items: [{ price: 'price_1MowQULkdIwHu7ixraBm864M' }],
    },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/subscriptions',
      form: 'customer=cus_Na6dX7aXxi11N4&items%5B0%5D%5Bprice%5D=price_1MowQULkdIwHu7ixraBm864M',
    },
    response: { body: SUBSCRIPTION },
  },
});

export const updateSubscription = defineAction({
  name: 'updateSubscription',
  summary: 'Changes a subscription: its prices, quantities or end.',
  docs: 'https://docs.stripe.com/api/subscriptions/update',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      subscription: subscriptionId,
      items: z
        .array(
          z.strictObject({
            id: id('si')
              .optional()
              .describe('The id of the item to change; without it an item is added.'),
            price: id('price').optional(),
            quantity: z.int().min(0).optional(),
            deleted: z.boolean().optional(),
          }),
        )
        .max(20)
        .optional(),
      ...settings,
    }),
  output: () => subscription,
  request: ({ subscription: of, ...form }) => ({
    method: 'POST',
    path: path`/v1/subscriptions/${of}`,
    body: { form },
  }),
  example: {
    input: {
      subscription: 'sub_1MowQVLkdIwHu7ixeRlqHVzs',
      items: [{ id: 'si_Na6dzxczY5fwHx', quantity: 5 }],
      metadata: { order_id: '6735' },
    },
    sends: {
      method: 'POST',
      url: SUBSCRIPTION_URL,
      form: 'items%5B0%5D%5Bid%5D=si_Na6dzxczY5fwHx&items%5B0%5D%5Bquantity%5D=5&metadata%5Border_id%5D=6735',
    },
    response: { body: { ...SUBSCRIPTION, metadata: { order_id: '6735' } } },
  },
});

export const getSubscription = defineAction({
  name: 'getSubscription',
  summary: 'Reads one subscription.',
  docs: 'https://docs.stripe.com/api/subscriptions/retrieve',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject({ subscription: subscriptionId, expand }),
  output: () => subscription,
  request: ({ subscription: of, ...query }) => ({
    method: 'GET',
    path: path`/v1/subscriptions/${of}`,
    query: queryOf(query),
  }),
  example: {
    input: { subscription: 'sub_1MowQVLkdIwHu7ixeRlqHVzs' },
    sends: { method: 'GET', url: SUBSCRIPTION_URL },
    response: { body: SUBSCRIPTION },
  },
});

export const cancelSubscription = defineAction({
  name: 'cancelSubscription',
  summary:
    'Cancels a subscription immediately; updateSubscription can cancel it at the end of its period.',
  docs: 'https://docs.stripe.com/api/subscriptions/cancel',
  risk: 'write',
  // A second request returns 404: nothing happens twice.
  idempotent: true,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      subscription: subscriptionId,
      invoice_now: z.boolean().optional(),
      prorate: z.boolean().optional(),
      cancellation_details: z
        .strictObject({ comment: z.string().optional(), feedback: text.optional() })
        .optional(),
    }),
  output: () => subscription,
  request: ({ subscription: of, ...query }) => ({
    method: 'DELETE',
    path: path`/v1/subscriptions/${of}`,
    query: queryOf(query),
  }),
  example: {
    input: { subscription: 'sub_1MowQVLkdIwHu7ixeRlqHVzs', prorate: true },
    sends: { method: 'DELETE', url: `${SUBSCRIPTION_URL}?prorate=true` },
    response: { body: { ...SUBSCRIPTION, canceled_at: 1_679_614_783, status: 'canceled' } },
  },
});

export const listSubscriptions = defineAction({
  name: 'listSubscriptions',
  summary: 'Lists subscriptions, newest first; canceled ones only with status: all.',
  docs: 'https://docs.stripe.com/api/subscriptions/list',
  risk: 'read',
  scopes: READS,
  input: () =>
    z.strictObject({
      customer: id('cus').optional(),
      price: id('price').optional(),
      status: z
        .enum([
          'active',
          'all',
          'canceled',
          'ended',
          'incomplete',
          'incomplete_expired',
          'past_due',
          'paused',
          'trialing',
          'unpaid',
        ])
        .optional(),
      ...listInput,
    }),
  output: () => list(subscription),
  request: (input) => ({ method: 'GET', path: path`/v1/subscriptions`, query: queryOf(input) }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3, status: 'all' },
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/subscriptions?status=all&limit=3' },
    response: {
      body: { object: 'list', url: '/v1/subscriptions', has_more: false, data: [SUBSCRIPTION] },
    },
  },
});
