import { defineConnector, path } from '../../src/contract/index.js';
import { createPrice, createProduct, listPrices, listProducts, updateProduct } from './catalog.js';
import {
  createCheckoutSession,
  expireCheckoutSession,
  getCheckoutSession,
  listCheckoutSessions,
} from './checkout.js';
import {
  createCustomer,
  getCustomer,
  listCustomers,
  searchCustomers,
  updateCustomer,
} from './customers.js';
import { failures, limits, triggers } from './facts.js';
import {
  createInvoice,
  createInvoiceItem,
  finalizeInvoice,
  getInvoice,
  listInvoices,
  payInvoice,
  sendInvoice,
  voidInvoice,
} from './invoices.js';
import { createRefund, getBalance, listBalanceTransactions, listRefunds } from './money.js';
import {
  cancelPaymentIntent,
  capturePaymentIntent,
  confirmPaymentIntent,
  createPaymentIntent,
  getPaymentIntent,
  listPaymentIntents,
} from './payments.js';
import {
  cancelSubscription,
  createSubscription,
  getSubscription,
  listSubscriptions,
  updateSubscription,
} from './subscriptions.js';

const SECRET_KEY = {
  title: 'Secret or restricted key',
  pattern: '(?:sk|rk)_(?:test|live)_[A-Za-z0-9_]+',
  help: 'Developers, API keys in the Dashboard; a restricted key with only the permissions you need is safer',
  example: 'rk_live_…',
} as const;

export const stripe = defineConnector({
  key: 'stripe',
  name: 'Stripe',
  category: 'payments',
  description:
    'Take payments, sell subscriptions, send invoices, refund, and receive payment events.',
  docs: 'https://docs.stripe.com/api',
  support: 'official',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'At https://dashboard.stripe.com/apikeys choose Create restricted key, and for each resource you need Read or Write.',
    'Give it Read for Account too: the hub identifies the account of the key by it.',
    'Copy the key, which begins with rk_, and paste it here. In a sandbox its second part is test, else live.',
    'As a platform with accounts of your customers: paste the secret key of the platform and the id of the account, or let them connect by OAuth with the client id from the OAuth settings of Connect and, for a client secret, the secret key of the platform.',
  ],
  servers: { api: 'https://api.stripe.com' },
  // The newest version that these actions were compared with: https://docs.stripe.com/api/versioning
  headers: { 'Stripe-Version': '2026-07-29.dahlia' },
  auth: {
    apiKey: { kind: 'bearer', title: 'API key', token: SECRET_KEY },
    // https://docs.stripe.com/api/connected-accounts
    connectedAccount: {
      kind: 'custom',
      title: "A connected account, by the platform's key",
      fields: {
        key: { ...SECRET_KEY, type: 'secret' },
        account: {
          title: 'Connected account',
          type: 'text',
          pattern: 'acct_[A-Za-z0-9]+',
          help: 'Connect, Connected accounts in the Dashboard',
          example: 'acct_1032D82eZvKYlo2C',
        },
      },
      headers: { authorization: 'Bearer {key}', 'stripe-account': '{account}' },
    },
    // https://docs.stripe.com/connect/oauth-reference
    oauth: {
      kind: 'oauth2Code',
      title: 'Connect OAuth',
      authorizeUrl: 'https://connect.stripe.com/oauth/authorize',
      tokenUrl: 'https://connect.stripe.com/oauth/token',
      pkce: false,
      scopes: {
        read_only: 'Read everything in the account',
        read_write: 'Read everything in the account, take and give back money, change anything',
      },
      defaultScopes: ['read_write'],
      token: { keeps: ['stripe_user_id', 'stripe_publishable_key', 'livemode'] },
      // A token works until the account revokes it.
      refresh: 'none',
    },
  },
  // https://docs.stripe.com/connect/oauth-reference#get-authorize-request: read_only refuses each write.
  scopesDecide: true,
  test: {
    request: { method: 'GET', path: path`/v1/account` },
    identity: { id: '/id', name: '/email' },
    example: {
      url: 'https://api.stripe.com/v1/account',
      body: {
        id: 'acct_1PgafTB7WZ01zgkW',
        object: 'account',
        charges_enabled: false,
        country: 'US',
        default_currency: 'usd',
        details_submitted: false,
        email: 'site@stripe.com',
        metadata: {},
        payouts_enabled: false,
        type: 'standard',
      },
    },
  },
  actions: [
    createCustomer,
    updateCustomer,
    getCustomer,
    listCustomers,
    searchCustomers,
    createPaymentIntent,
    getPaymentIntent,
    confirmPaymentIntent,
    capturePaymentIntent,
    cancelPaymentIntent,
    listPaymentIntents,
    createCheckoutSession,
    getCheckoutSession,
    expireCheckoutSession,
    listCheckoutSessions,
    createProduct,
    updateProduct,
    listProducts,
    createPrice,
    listPrices,
    createSubscription,
    updateSubscription,
    getSubscription,
    cancelSubscription,
    listSubscriptions,
    createInvoice,
    createInvoiceItem,
    finalizeInvoice,
    payInvoice,
    sendInvoice,
    voidInvoice,
    getInvoice,
    listInvoices,
    createRefund,
    listRefunds,
    getBalance,
    listBalanceTransactions,
  ],
  triggers,
  sync: [
    { name: 'customers', action: 'listCustomers', id: '/id' },
    { name: 'products', action: 'listProducts', id: '/id', changed: { at: '/updated' } },
    { name: 'prices', action: 'listPrices', id: '/id' },
    { name: 'subscriptions', action: 'listSubscriptions', id: '/id' },
    { name: 'invoices', action: 'listInvoices', id: '/id' },
    { name: 'paymentIntents', action: 'listPaymentIntents', id: '/id' },
    { name: 'refunds', action: 'listRefunds', id: '/id' },
  ],
  limits,
  failures,
});
