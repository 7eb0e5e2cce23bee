import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  amount,
  currency,
  expand,
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

const product = z.looseObject({
  id: z.string(),
  name: z.string(),
  active: z.boolean(),
  created: z.number(),
  updated: z.number(),
});

const price = z.looseObject({
  id: z.string(),
  active: z.boolean(),
  currency: z.string(),
  product: z.union([z.string(), z.looseObject({ id: z.string() })]),
  type: z.string(),
});

const recurring = z.strictObject({
  interval: z.enum(['day', 'week', 'month', 'year']),
  interval_count: z.int().min(1).optional(),
  usage_type: z.enum(['licensed', 'metered']).optional(),
  meter: text.optional(),
});
const taxBehavior = z.enum(['inclusive', 'exclusive', 'unspecified']).optional();

const about = {
  active: z.boolean().optional(),
  description: z.string().optional(),
  images: z.array(z.url()).max(8).optional(),
  shippable: z.boolean().optional(),
  statement_descriptor: z.string().max(22).optional(),
  tax_code: text.optional(),
  unit_label: z.string().max(12).optional(),
  url: z.url().optional(),
  metadata,
  expand,
};

const GOLD = {
  id: 'prod_NWjs8kKbJWmuuc',
  object: 'product',
  active: true,
  created: 1_678_833_149,
  default_price: null,
  description: null,
  images: [],
  livemode: false,
  metadata: {},
  name: 'Gold Plan',
  shippable: null,
  tax_code: null,
  updated: 1_678_833_149,
  url: null,
};
const MONTHLY = {
  id: 'price_1MoBy5LkdIwHu7ixZhnattbh',
  object: 'price',
  active: true,
  billing_scheme: 'per_unit',
  created: 1_679_431_181,
  currency: 'usd',
  livemode: false,
  lookup_key: null,
  metadata: {},
  nickname: null,
  product: 'prod_NZKdYqrwEYx6iK',
  recurring: { interval: 'month', interval_count: 1, usage_type: 'licensed' },
  tax_behavior: 'unspecified',
  type: 'recurring',
  unit_amount: 1000,
};

export const createProduct = defineAction({
  name: 'createProduct',
  summary: 'Creates a product.',
  docs: 'https://docs.stripe.com/api/products/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      name: text,
      id: text.optional(),
      default_price_data: z
        .strictObject({
          currency,
          unit_amount: amount.optional(),
          recurring: recurring.pick({ interval: true, interval_count: true }).optional(),
          tax_behavior: taxBehavior,
        })
        .optional(),
      ...about,
    }),
  output: () => product,
  request: (form) => ({ method: 'POST', path: path`/v1/products`, body: { form } }),
  example: {
    input: { name: 'Gold Plan' },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/products',
      form: 'name=Gold+Plan',
    },
    response: { body: GOLD },
  },
});

export const updateProduct = defineAction({
  name: 'updateProduct',
  summary: 'Changes a product, or takes it off sale with active: false.',
  docs: 'https://docs.stripe.com/api/products/update',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      product: text,
      name: text.optional(),
      default_price: text.optional(),
      ...about,
    }),
  output: () => product,
  request: ({ product: of, ...form }) => ({
    method: 'POST',
    path: path`/v1/products/${of}`,
    body: { form },
  }),
  example: {
    input: { product: 'prod_NWjs8kKbJWmuuc', metadata: { order_id: '6735' } },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/products/prod_NWjs8kKbJWmuuc',
      form: 'metadata%5Border_id%5D=6735',
    },
    response: { body: { ...GOLD, metadata: { order_id: '6735' } } },
  },
});

export const listProducts = defineAction({
  name: 'listProducts',
  summary: 'Lists products, newest first.',
  docs: 'https://docs.stripe.com/api/products/list',
  risk: 'read',
  scopes: READS,
  input: () =>
    z.strictObject({
      active: z.boolean().optional(),
      ids: z.array(text).optional(),
      shippable: z.boolean().optional(),
      url: z.url().optional(),
      ...listInput,
    }),
  output: () => list(product),
  request: (input) => ({ method: 'GET', path: path`/v1/products`, query: queryOf(input) }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3, ids: ['prod_NWjs8kKbJWmuuc', 'prod_NZKdYqrwEYx6iK'] },
    sends: {
      method: 'GET',
      url: 'https://api.stripe.com/v1/products?ids%5B%5D=prod_NWjs8kKbJWmuuc&ids%5B%5D=prod_NZKdYqrwEYx6iK&limit=3',
    },
    response: { body: { object: 'list', url: '/v1/products', has_more: false, data: [GOLD] } },
  },
});

export const createPrice = defineAction({
  name: 'createPrice',
  summary: 'Creates a one-time or recurring price of a product.',
  docs: 'https://docs.stripe.com/api/prices/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z
      .strictObject({
        currency,
        unit_amount: amount.optional(),
        unit_amount_decimal: text.optional(),
        recurring: recurring.optional(),
        product: text.optional(),
        product_data: z
          .strictObject({ name: text, id: text.optional(), tax_code: text.optional(), metadata })
          .optional(),
        active: z.boolean().optional(),
        nickname: z.string().optional(),
        lookup_key: z.string().max(200).optional(),
        transfer_lookup_key: z.boolean().optional(),
        tax_behavior: taxBehavior,
        billing_scheme: z.enum(['per_unit', 'tiered']).optional(),
        tiers_mode: z.enum(['graduated', 'volume']).optional(),
        tiers: z
          .array(
            z.strictObject({
              up_to: z.union([z.int().min(1), z.literal('inf')]),
              unit_amount: amount.optional(),
              flat_amount: amount.optional(),
            }),
          )
          .optional(),
        metadata,
        expand,
      })
      .refine((input) => (input.product === undefined) !== (input.product_data === undefined), {
        error: 'Give either product or product_data.',
      }),
  output: () => price,
  request: (form) => ({ method: 'POST', path: path`/v1/prices`, body: { form } }),
  example: {
    input: {
      currency: 'usd',
      unit_amount: 1000,
      recurring: { interval: 'month' },
      product_data: { name: 'Gold Plan' },
    },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/prices',
      form: 'currency=usd&unit_amount=1000&recurring%5Binterval%5D=month&product_data%5Bname%5D=Gold+Plan',
    },
    response: { body: MONTHLY },
  },
});

export const listPrices = defineAction({
  name: 'listPrices',
  summary: 'Lists prices, newest first.',
  docs: 'https://docs.stripe.com/api/prices/list',
  risk: 'read',
  scopes: READS,
  input: () =>
    z.strictObject({
      active: z.boolean().optional(),
      currency: currency.optional(),
      product: text.optional(),
      type: z.enum(['one_time', 'recurring']).optional(),
      lookup_keys: z.array(text).max(10).optional(),
      ...listInput,
    }),
  output: () => list(price),
  request: (input) => ({ method: 'GET', path: path`/v1/prices`, query: queryOf(input) }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3 },
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/prices?limit=3' },
    response: { body: { object: 'list', url: '/v1/prices', has_more: false, data: [MONTHLY] } },
  },
});
