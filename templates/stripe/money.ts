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

const refund = z.looseObject({
  id: z.string(),
  amount: z.number(),
  currency: z.string(),
  created: z.number(),
});

const REFUND = {
  id: 're_1Nispe2eZvKYlo2Cd31jOCgZ',
  object: 'refund',
  amount: 1000,
  balance_transaction: 'txn_1Nispe2eZvKYlo2CYezqFhEx',
  charge: 'ch_1NirD82eZvKYlo2CIvbtLWuY',
  created: 1_692_942_318,
  currency: 'usd',
  metadata: {},
  reason: null,
  status: 'succeeded',
};

export const createRefund = defineAction({
  name: 'createRefund',
  summary: 'Refunds a payment, in full or in part.',
  docs: 'https://docs.stripe.com/api/refunds/create',
  risk: 'write',
  idempotent: IDEMPOTENT,
  scopes: WRITES,
  input: () =>
    z
      .strictObject({
        payment_intent: id('pi').optional(),
        charge: id('ch', 'py').optional(),
        amount: amount.min(1).optional(),
        reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
        refund_application_fee: z.boolean().optional(),
        reverse_transfer: z.boolean().optional(),
        metadata,
        expand,
      })
      .refine(
        ({ payment_intent, charge }) => (payment_intent === undefined) !== (charge === undefined),
        {
          error: 'Give either payment_intent or charge.',
        },
      ),
  output: () => refund,
  request: (form) => ({ method: 'POST', path: path`/v1/refunds`, body: { form } }),
  example: {
    input: { charge: 'ch_1NirD82eZvKYlo2CIvbtLWuY' },
    sends: {
      method: 'POST',
      url: 'https://api.stripe.com/v1/refunds',
      form: 'charge=ch_1NirD82eZvKYlo2CIvbtLWuY',
    },
    response: { body: REFUND },
  },
});

export const listRefunds = defineAction({
  name: 'listRefunds',
  summary: 'Lists refunds, newest first.',
  docs: 'https://docs.stripe.com/api/refunds/list',
  risk: 'read',
  scopes: READS,
  input: () =>
    z.strictObject({
      payment_intent: id('pi').optional(),
      charge: id('ch', 'py').optional(),
      ...listInput,
    }),
  output: () => list(refund),
  request: (input) => ({ method: 'GET', path: path`/v1/refunds`, query: queryOf(input) }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3 },
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/refunds?limit=3' },
    response: { body: { object: 'list', url: '/v1/refunds', has_more: false, data: [REFUND] } },
  },
});

const funds = z.array(z.looseObject({ amount: z.number(), currency: z.string() }));

export const getBalance = defineAction({
  name: 'getBalance',
  summary: 'Reads the balance of the account, available and pending.',
  docs: 'https://docs.stripe.com/api/balance/balance_retrieve',
  risk: 'read',
  scopes: READS,
  input: () => z.strictObject({}),
  output: () => z.looseObject({ available: funds, pending: funds, livemode: z.boolean() }),
  request: () => ({ method: 'GET', path: path`/v1/balance` }),
  example: {
    input: {},
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/balance' },
    response: {
      body: {
        object: 'balance',
        available: [{ amount: 666_670, currency: 'usd', source_types: { card: 666_670 } }],
        connect_reserved: [{ amount: 0, currency: 'usd' }],
        livemode: false,
        pending: [{ amount: 61_414, currency: 'usd', source_types: { card: 61_414 } }],
      },
    },
  },
});

export const listBalanceTransactions = defineAction({
  name: 'listBalanceTransactions',
  summary: 'Lists the transactions of the balance, newest first.',
  docs: 'https://docs.stripe.com/api/balance_transactions/list',
  risk: 'read',
  scopes: READS,
  input: () =>
    z.strictObject({
      type: text.optional(),
      payout: id('po').optional(),
      source: text.optional(),
      currency: currency.optional(),
      ...listInput,
    }),
  output: () =>
    list(z.looseObject({ id: z.string(), amount: z.number(), net: z.number(), fee: z.number() })),
  request: (input) => ({
    method: 'GET',
    path: path`/v1/balance_transactions`,
    query: queryOf(input),
  }),
  pages: LIST_PAGES,
  example: {
    input: { limit: 3 },
    sends: { method: 'GET', url: 'https://api.stripe.com/v1/balance_transactions?limit=3' },
    response: {
      body: {
        object: 'list',
        url: '/v1/balance_transactions',
        has_more: false,
        data: [
          {
            id: 'txn_1MiN3gLkdIwHu7ixxapQrznl',
            object: 'balance_transaction',
            amount: -400,
            available_on: 1_678_043_844,
            created: 1_678_043_844,
            currency: 'usd',
            fee: 0,
            fee_details: [],
            net: -400,
            status: 'available',
            reporting_category: 'transfer',
            type: 'transfer',
          },
        ],
      },
    },
  },
});
