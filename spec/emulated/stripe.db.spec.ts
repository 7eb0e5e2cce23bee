import { path } from '../../src/contract/index.js';
import { stripe } from '../../templates/stripe/index.js';
import type { Json } from '../support/hub.js';
import { at } from './at.js';
import { type Input, startWorld, type World } from './world.js';

// The emulator requires no key, so none can be refused. It lacks Connect's OAuth, subscriptions, invoices, refunds, the
// balance, searching, changing products and manual capture, which are not tested.
describe('Stripe', () => {
  let world: World;
  let integration: string;
  beforeAll(async () => {
    world = await startWorld({
      service: 'stripe',
      connectors: (url) => [
        at(stripe, {
          servers: { api: url },
          instead: {
            // The emulator lacks /v1/account, with which a key is tested: the spec uses the seeded customer instead.
            test: {
              ...stripe.test,
              request: { method: 'GET', path: path`/v1/customers`, query: { limit: 1 } },
              identity: { id: '/data/0/id', name: '/data/0/email' },
            },
          },
        }),
      ],
      seed: () => ({
        customers: [{ id: 'cus_grace', email: 'grace@example.com', name: 'Grace' }],
        products: [{ id: 'prod_tea', name: 'Tea' }],
        prices: [{ id: 'price_tea', product_name: 'Tea', currency: 'eur', unit_amount: 450 }],
      }),
    });
    integration = await world.integrate('stripeEmulated', (await connect()).id);
  });
  afterAll(() => world.stop());

  const connect = async () => {
    const { connection } = await world.client().createConnection({
      connector: 'stripeEmulated',
      authMethod: 'apiKey',
      name: 'Ours',
      credential: { token: 'sk_test_emulated' },
    });
    return connection;
  };
  const call = (action: string, input: Input = {}) => world.call(integration, action, input);
  const idsOf = ({ data }: Json) => data.map(({ id }: Json) => id);

  it('is connected by a key, tested and disconnected', async () => {
    const { id } = await connect();
    const { connection } = await world.client().testConnection({ connectionId: id });
    expect(connection).toMatchObject({
      state: 'connected',
      identity: { id: 'cus_grace', name: 'grace@example.com' },
    });
    const left = await world.client().disconnectConnection({ connectionId: id });
    expect(left.connection.state).toBe('disconnected');
  });

  it('handles customers: created, read, changed, listed page by page', async () => {
    const made = await call('createCustomer', {
      name: 'Ada',
      email: 'ada@example.com',
      metadata: { order: '6735' },
    });
    expect(made).toMatchObject({ name: 'Ada', metadata: { order: '6735' } });
    const customer = made.id;
    expect(await call('getCustomer', { customer })).toEqual(made);
    await call('updateCustomer', { customer, name: 'Ada L.', metadata: { order: '6736' } });
    expect(await call('getCustomer', { customer })).toMatchObject({
      name: 'Ada L.',
      email: 'ada@example.com',
      metadata: { order: '6736' },
    });
    const request = { integrationId: integration, action: 'listCustomers', input: { limit: 1 } };
    const first = await world.client().executeIntegration(request);
    expect(idsOf(first.output)).toEqual([customer]);
    const second = await world
      .client()
      .executeIntegration({ ...request, cursor: first.nextCursor });
    expect(idsOf(second.output)).toEqual(['cus_grace']);
    expect(idsOf(await call('listCustomers', { email: 'ada@example.com' }))).toEqual([customer]);
  });

  it('handles payments: created, confirmed, canceled, listed', async () => {
    const intend = (amount: number) =>
      call('createPaymentIntent', { amount, currency: 'eur', customer: 'cus_grace' });
    const [paid, left] = [await intend(1099), await intend(500)];
    expect(paid).toMatchObject({ amount: 1099, currency: 'eur', customer: 'cus_grace' });
    const confirmed = await call('confirmPaymentIntent', {
      intent: paid.id,
      payment_method: 'pm_card_visa',
    });
    expect(confirmed.status).toBe('succeeded');
    await call('cancelPaymentIntent', { intent: left.id });
    expect(await call('getPaymentIntent', { intent: left.id })).toMatchObject({
      status: 'canceled',
    });
    const { data } = await call('listPaymentIntents', { customer: 'cus_grace' });
    expect(data).toMatchObject([
      { id: left.id, status: 'canceled' },
      { id: paid.id, status: 'succeeded' },
    ]);
  });

  it('sells products of the catalog on a checkout page', async () => {
    const { id: product } = await call('createProduct', { name: 'Coffee', metadata: { row: '7' } });
    const price = await call('createPrice', { product, currency: 'eur', unit_amount: 390 });
    expect(idsOf(await call('listPrices', { product }))).toEqual([price.id]);
    expect(idsOf(await call('listProducts'))).toEqual([product, 'prod_tea']);
    const session = await call('createCheckoutSession', {
      mode: 'payment',
      success_url: 'https://example.com/paid',
      customer: 'cus_grace',
      line_items: [{ price: 'price_tea', quantity: 2 }],
    });
    expect(session).toMatchObject({ mode: 'payment', status: 'open' });
    await call('expireCheckoutSession', { session: session.id });
    expect(await call('getCheckoutSession', { session: session.id })).toMatchObject({
      status: 'expired',
    });
    expect(idsOf(await call('listCheckoutSessions'))).toEqual([session.id]);
  });

  it.each<[string, Input, number, RegExp]>([
    ['getCustomer', { customer: 'cus_nobody' }, 8012, /No such customer/],
    [
      'createPaymentIntent',
      { amount: 1, currency: 'eur', customer: 'cus_nobody' },
      8012,
      /No such customer/,
    ],
  ])('returns the error of %s', async (action, input, code, expectedMessage) => {
    expect(await world.callInVain(integration, action, input)).toEqual({
      code,
      message: expect.stringMatching(expectedMessage),
    });
  });
});
