import type { ConnectorSpec, TriggerSpec } from '../../src/contract/index.js';

// Stripe's limits, errors and events.

/** 100 requests a second in live mode, 25 in a sandbox, 25 to any one endpoint: the smallest number holds everywhere. */
export const limits = {
  docs: 'https://docs.stripe.com/rate-limits',
  budgets: [
    { requests: 25, perSeconds: 1, scope: 'connection' },
    { requests: 20, perSeconds: 1, scope: 'connection', actions: ['searchCustomers'] },
  ],
} as const satisfies ConnectorSpec['limits'];

/** https://docs.stripe.com/error-codes and https://docs.stripe.com/api/errors */
export const failures = {
  code: ['/error/code', '/error/type'],
  message: ['/error/message', '/error_description'],
  codes: {
    account_invalid: 'permission',
    api_key_expired: 'authentication',
    platform_api_key_expired: 'authentication',
    secret_key_required: 'authentication',
    livemode_mismatch: 'authentication',
    testmode_charges_only: 'permission',
    more_permissions_required: 'permission',
    resource_missing: 'notFound',
    resource_already_exists: 'conflict',
    idempotency_key_in_use: 'conflict',
    idempotency_error: 'conflict',
    lock_timeout: 'conflict',
    charge_already_captured: 'conflict',
    charge_already_refunded: 'conflict',
    payment_intent_unexpected_state: 'conflict',
    rate_limit: 'rateLimit',
    api_error: 'provider',
  },
  // A declined card: the request cannot succeed with any credential.
  statuses: { 402: 'validation', 424: 'provider' },
  // 409 is another request at the same time: https://docs.stripe.com/error-low-level
  retryStatuses: [409, 429, 500, 502, 503, 504],
} as const satisfies ConnectorSpec['failures'];

/** Each is an event type of https://docs.stripe.com/api/events/types */
export const triggers: readonly TriggerSpec[] = [
  event('paymentSucceeded', 'payment_intent.succeeded', 'A payment went through.'),
  event('paymentFailed', 'payment_intent.payment_failed', 'A payment failed.'),
  event('checkoutCompleted', 'checkout.session.completed', 'A customer finished a checkout.'),
  event('checkoutExpired', 'checkout.session.expired', 'An unfinished checkout has expired.'),
  event('customerCreated', 'customer.created', 'A customer was created.'),
  event('customerUpdated', 'customer.updated', 'A customer was changed.'),
  event('customerDeleted', 'customer.deleted', 'A customer was deleted.'),
  event('subscriptionCreated', 'customer.subscription.created', 'A customer subscribed.'),
  event('subscriptionUpdated', 'customer.subscription.updated', 'A subscription was changed.'),
  event('subscriptionDeleted', 'customer.subscription.deleted', 'A subscription has ended.'),
  event('invoicePaid', 'invoice.paid', 'An invoice was paid.'),
  event('invoicePaymentFailed', 'invoice.payment_failed', 'An invoice could not be collected.'),
  event('chargeRefunded', 'charge.refunded', 'A charge was refunded.'),
  event('disputeCreated', 'charge.dispute.created', 'A customer disputes a charge.'),
  event('payoutPaid', 'payout.paid', 'Money has arrived in the bank account.'),
];

function event(name: string, type: string, summary: string): TriggerSpec {
  return {
    name,
    summary,
    match: { at: '/type', is: type },
    docs: `https://docs.stripe.com/api/events/types#event_types-${type}`,
  };
}
