import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
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

const invoiceId = id('in');

const invoice = z.looseObject({
  id: z.string(),
  amount_due: z.number(),
  amount_paid: z.number(),
  currency: z.string(),
  status: z.string().nullable(),
});

const INVOICE = {
  id: 'in_1MtHbELkdIwHu7ixl4OzzPMv',
  object: 'invoice',
  amount_due: 0,
  amount_paid: 0,
  amount_remaining: 0,
  attempt_count: 0,
  attempted: false,
  auto_advance: false,
  billing_reason: 'manual',
  collection_method: 'charge_automatically',
  created: 1_680_644_467,
  currency: 'usd',
  customer: 'cus_NeZwdNtLEOXuvB',
  customer_email: 'jennyrosen@example.com',
  livemode: false,
  metadata: {},
  number: null,
  status: 'draft',
  total: 0,
};
const INVOICE_URL = 'https://api.stripe.com/v1/invoices/in_1MtHbELkdIwHu7ixl4OzzPMv';

export const createInvoice = defineAction({
  name: 'createInvoice',
  summary: 'Creates a draft invoice; createInvoiceItem adds lines to it.',
  docs: 'https://docs.stripe.com/api/invoices/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      customer: id('cus').optional(),
      subscription: id('sub').optional(),
      auto_advance: z.boolean().optional().describe('Whether Stripe finalizes and collects it.'),
      collection_method: z.enum(['charge_automatically', 'send_invoice']).optional(),
      currency: currency.optional(),
      days_until_due: z.int().min(0).optional(),
      due_date: seconds.optional(),
      default_payment_method: id('pm').optional(),
      description: z.string().optional(),
      footer: z.string().optional(),
      number: z.string().max(26).optional(),
      custom_fields: z
        .array(z.strictObject({ name: z.string().max(40), value: z.string().max(140) }))
        .max(4)
        .optional(),
      pending_invoice_items_behavior: z.enum(['exclude', 'include']).optional(),
      automatic_tax: z.strictObject({ enabled: z.boolean() }).optional(),
      metadata,
      expand,
    }),
  output: () => invoice,
  request: (form) => ({ method: 'POST', path: path`/v1/invoices`, body: { form } }),
  example: {
    input: { customer: 'cus_NeZwdNtLEOXuvB' },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/invoices',
      form: 'customer=cus_NeZwdNtLEOXuvB',
    },
    response: { body: INVOICE },
  },
});

export const createInvoiceItem = defineAction({
  name: 'createInvoiceItem',
  summary: "Adds a line to a draft, or to a customer's next invoice.",
  docs: 'https://docs.stripe.com/api/invoiceitems/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z.strictObject({
      customer: id('cus').optional(),
      invoice: invoiceId.optional(),
      subscription: id('sub').optional(),
      amount: z.int().optional().describe('In the smallest unit; below 0 it is a credit.'),
      currency: currency.optional(),
      pricing: z.strictObject({ price: id('price') }).optional(),
      quantity: z.int().min(0).optional(),
      description: z.string().optional(),
      discountable: z.boolean().optional(),
      period: z.strictObject({ start: seconds, end: seconds }).optional(),
      tax_rates: z.array(id('txr')).optional(),
      metadata,
      expand,
    }),
  output: () => z.looseObject({ id: z.string(), amount: z.number(), currency: z.string() }),
  request: (form) => ({ method: 'POST', path: path`/v1/invoiceitems`, body: { form } }),
  example: {
    input: {
      customer: 'cus_NeZei8imSbMVvi',
      pricing: { price: 'price_1MtGUsLkdIwHu7ix1be5Ljaj' },
    },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/invoiceitems',
      form: 'customer=cus_NeZei8imSbMVvi&pricing%5Bprice%5D=price_1MtGUsLkdIwHu7ix1be5Ljaj',
    },
    response: {
      body: {
        id: 'ii_1MtGUtLkdIwHu7ixBYwjAM00',
        object: 'invoiceitem',
        amount: 1099,
        currency: 'usd',
        customer: 'cus_NeZei8imSbMVvi',
        date: 1_680_640_231,
        description: 'T-shirt',
        discountable: true,
        invoice: null,
        livemode: false,
        metadata: {},
        period: { end: 1_680_640_231, start: 1_680_640_231 },
        proration: false,
        quantity: 1,
      },
    },
  },
});

/** The operations on an invoice that differ only in the last part of the path. */
const STEPS = {
  finalizeInvoice: ['finalize', 'Closes a draft: from now on it can be paid, not changed.', 'open'],
  payInvoice: ['pay', 'Charges an open invoice now.', 'paid'],
  sendInvoice: ['send', 'Mails an open invoice to the customer.', 'open'],
  voidInvoice: ['void', 'Declares an open invoice void, for good.', 'void'],
} as const;

function step<const Name extends keyof typeof STEPS>(name: Name) {
  const [verb, summary, status] = STEPS[name];
  return defineAction({
    name,
    summary,
    docs: `https://docs.stripe.com/api/invoices/${verb}`,
    risk: 'write',
    idempotent: IDEMPOTENT,
    scopes: WRITES,
    input: () => z.strictObject({ invoice: invoiceId, expand }),
    output: () => invoice,
    request: ({ invoice: of, ...form }) => ({
      method: 'POST',
      path: path`/v1/invoices/${of}/${verb}`,
      body: { form },
    }),
    example: {
      input: { invoice: 'in_1MtHbELkdIwHu7ixl4OzzPMv' },
      sends: { method: 'POST', url: `${INVOICE_URL}/${verb}`, form: '' },
      response: { body: { ...INVOICE, status } },
    },
  });
}

export const finalizeInvoice = step('finalizeInvoice');
export const payInvoice = step('payInvoice');
export const sendInvoice = step('sendInvoice');
export const voidInvoice = step('voidInvoice');

export const getInvoice = defineAction({
  name: 'getInvoice',
  summary: 'Reads one invoice.',
  docs: 'https://docs.stripe.com/api/invoices/retrieve',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject({ invoice: invoiceId, expand }),
  output: () => invoice,
  request: ({ invoice: of, ...query }) => ({
    method: 'GET',
    path: path`/v1/invoices/${of}`,
    query: queryOf(query),
  }),
  example: {
    input: { invoice: 'in_1MtHbELkdIwHu7ixl4OzzPMv' },
    sends: { method: 'GET', url: INVOICE_URL },
    response: { body: INVOICE },
  },
});

export const listInvoices = defineAction({
  name: 'listInvoices',
  summary: 'Lists invoices, newest first.',
  docs: 'https://docs.stripe.com/api/invoices/list',
  risk: 'read',
  scopes: READS,
  input: () =>
    z.strictObject({
      customer: id('cus').optional(),
      subscription: id('sub').optional(),
      status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
      collection_method: text.optional(),
      ...listInput,
    }),
  output: () => list(invoice),
  request: (input) => ({ method: 'GET', path: path`/v1/invoices`, query: queryOf(input) }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3, status: 'open' },
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/invoices?status=open&limit=3' },
    response: {
      body: {
        object: 'list',
        url: '/v1/invoices',
        has_more: false,
        data: [{ ...INVOICE, status: 'open' }],
      },
    },
  },
});
