import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  address,
  expand,
  id,
  IDEMPOTENT,
  list,
  LIST_PAGES,
  listInput,
  metadata,
  queryOf,
  READS,
  SEARCH_PAGES,
  searchInput,
  text,
  WRITES,
} from './shapes.js';

const customerId = id('cus');

const customer = z.looseObject({
  id: z.string(),
  created: z.number(),
  livemode: z.boolean(),
});

const person = {
  name: z.string().max(256).optional(),
  email: z.email().max(512).optional(),
  phone: z.string().max(20).optional(),
  description: z.string().optional(),
  address: address.optional(),
  payment_method: id('pm').optional(),
  invoice_settings: z
    .strictObject({ default_payment_method: id('pm').optional(), footer: z.string().optional() })
    .optional(),
  tax_exempt: z.enum(['none', 'exempt', 'reverse']).optional(),
  preferred_locales: z.array(text).optional(),
  metadata,
  expand,
};

const JENNY = {
  id: 'cus_NffrFeUfNV2Hib',
  object: 'customer',
  balance: 0,
  created: 1_680_893_993,
  delinquent: false,
  description: null,
  email: 'jennyrosen@example.com',
  invoice_prefix: '0759376C',
  livemode: false,
  metadata: {},
  name: 'Jenny Rosen',
};

export const createCustomer = defineAction({
  name: 'createCustomer',
  summary: 'Creates a customer.',
  docs: 'https://docs.stripe.com/api/customers/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () => z.strictObject(person),
  output: () => customer,
  request: (form) => ({ method: 'POST', path: path`/v1/customers`, body: { form } }),
  example: {
    input: { name: 'Jenny Rosen', email: 'jennyrosen@example.com' },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/customers',
      headers: { 'Stripe-Version': '2026-07-29.dahlia' },
      form: 'name=Jenny+Rosen&email=jennyrosen%40example.com',
    },
    response: { body: JENNY },
  },
});

export const updateCustomer = defineAction({
  name: 'updateCustomer',
  summary: 'Changes a customer. Absent parameters stay as they are.',
  docs: 'https://docs.stripe.com/api/customers/update',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () => z.strictObject({ customer: customerId, ...person }),
  output: () => customer,
  request: ({ customer: of, ...form }) => ({
    method: 'POST',
    path: path`/v1/customers/${of}`,
    body: { form },
  }),
  example: {
    input: { customer: 'cus_NffrFeUfNV2Hib', metadata: { order_id: '6735' } },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/customers/cus_NffrFeUfNV2Hib',
      form: 'metadata%5Border_id%5D=6735',
    },
    response: { body: { ...JENNY, metadata: { order_id: '6735' } } },
  },
});

export const getCustomer = defineAction({
  name: 'getCustomer',
  summary: 'Reads one customer. For a deleted one, returns only that it is deleted.',
  docs: 'https://docs.stripe.com/api/customers/retrieve',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject({ customer: customerId, expand }),
  output: () => z.looseObject({ id: z.string(), deleted: z.boolean().optional() }),
  request: ({ customer: of, ...query }) => ({
    method: 'GET',
    path: path`/v1/customers/${of}`,
    query: queryOf(query),
  }),
  example: {
    input: { customer: 'cus_NffrFeUfNV2Hib' },
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/customers/cus_NffrFeUfNV2Hib' },
    response: { body: JENNY },
  },
});

export const listCustomers = defineAction({
  name: 'listCustomers',
  summary: 'Lists customers, newest first.',
  docs: 'https://docs.stripe.com/api/customers/list',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject({ email: z.email().optional(), ...listInput }),
  output: () => list(customer),
  request: (input) => ({ method: 'GET', path: path`/v1/customers`, query: queryOf(input) }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3, created: { gte: 1_680_000_000 }, expand: ['data.default_source'] },
    sends: {
      method: 'GET',
      url: 'https://api.stripe.com/v1/customers?limit=3&created%5Bgte%5D=1680000000&expand%5B%5D=data.default_source',
    },
    response: {
      body: { object: 'list', url: '/v1/customers', has_more: false, data: [JENNY] },
    },
  },
});

export const searchCustomers = defineAction({
  name: 'searchCustomers',
  summary: 'Finds customers by a query; new ones can be found after about a minute.',
  docs: 'https://docs.stripe.com/api/customers/search',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject(searchInput),
  output: () => list(customer),
  request: (input) => ({ method: 'GET', path: path`/v1/customers/search`, query: queryOf(input) }),
  pages: SEARCH_PAGES,
  example: {
    input: { query: "name:'Jane Doe' AND metadata['foo']:'bar'" },
    sends: {
      method: 'GET',
      url: 'https://api.stripe.com/v1/customers/search?query=name%3A%27Jane+Doe%27+AND+metadata%5B%27foo%27%5D%3A%27bar%27',
    },
    response: {
      body: {
        object: 'search_result',
        url: '/v1/customers/search',
        has_more: false,
        data: [{ ...JENNY, name: 'Jane Doe', metadata: { foo: 'bar' } }],
      },
    },
  },
});
