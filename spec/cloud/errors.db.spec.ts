import { type Client, manifest } from '../../cloud/manifest.js';
import { Webhook } from '../../schemas/index.js';
import type { AnyFunction, Raisable } from '../../src/contract/index.js';
import type { Lookup } from '../../src/platform/http/index.js';
import { generateSigningKeyPair } from '../../src/webhooks/delivery/secret.js';
import { WEBHOOKS_MAX } from '../../src/webhooks/manage/webhooks.js';
import { connectorAt, type Provider, startProvider } from '../connections/provider.js';
import { type Caller, type Json, master, startHub, type TestHub } from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { createStore, type Store } from '../support/store.js';
import { createTestKms } from '../vault/testVault.js';
import { apiKeyProvocations } from './apiKeyProvocations.js';
import { connectionProvocations } from './connectionProvocations.js';
import { integrationProvocations } from './integrationProvocations.js';
import { oauthProvocations } from './oauthProvocations.js';
import { organizationProvocations } from './organizationProvocations.js';
import { anotherOrganization, startTeam, type Team } from './team.js';

/** For each function, a call that provokes each error it declares. A newly declared error needs a line here. */
type Provocations = {
  readonly [Name in keyof Client]: Readonly<Record<string, () => Promise<Json>>>;
};

/** DNS for the cases. A lookup of `slow.example` resolves the promise of `lookedUp`, and waits for `respond`. */
function names() {
  let onLookup = (): void => undefined;
  let respond = (): void => undefined;
  const failing = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
  const lookup: Lookup = async (host) => {
    if (host === 'unknown.example') return failing('ENOTFOUND');
    if (host === 'broken.example') return failing('ESERVFAIL');
    if (host === 'slow.example') {
      const responded = new Promise<void>((resolve) => (respond = resolve));
      onLookup();
      await responded;
    }
    return [{ address: host === 'private.example' ? '10.1.2.3' : '93.184.215.14', family: 4 }];
  };
  const lookedUp = () => new Promise<void>((resolve) => (onLookup = resolve));
  return { lookup, lookedUp, respond: () => respond() };
}

describe('every declared error of every function', () => {
  const dns = names();
  let store: Store;
  let hub: TestHub;
  let team: Team;
  let receiver: Receiver;
  let provocations: Provocations;
  let provider: Provider;
  beforeAll(async () => {
    store = await createStore();
    provider = await startProvider();
    // Nothing listens on the discard port.
    const gone = connectorAt('http://127.0.0.1:9', 'gone');
    const leaning = { ...connectorAt(provider.url, 'leaning'), dependsOn: ['acme'] };
    const connectors = [provider.connector, gone, leaning];
    hub = await startHub({ store, hub: { connectors }, seams: { lookup: dns.lookup } });
    [team, receiver] = await Promise.all([startTeam(hub), startReceiver()]);
    receiver.respond({ status: 503 });
    provocations = table();
  });
  afterAll(async () => {
    await receiver.close();
    provider.close();
    await hub.stop();
    await store.drop();
  });

  const declared = (manifest as readonly AnyFunction[]).flatMap(({ name, errors }) =>
    Object.entries(errors as Raisable).map(([kind, { spec }]) => ({ name, kind, code: spec.code })),
  );

  it('has a case in this file, and there are no other cases', () => {
    const covered = Object.entries(provocations).flatMap(([name, cases]) =>
      Object.keys(cases).map((kind) => `${name} ${kind}`),
    );
    expect(covered.sort()).toEqual(declared.map(({ name, kind }) => `${name} ${kind}`).sort());
  });

  it.each(declared)('$name: $kind', async ({ name, kind, code }) => {
    const provoke = provocations[name as keyof Client][kind];
    if (!provoke) throw new Error(`There is no case for ${name} ${kind}.`);
    const body = await provoke();
    expect(body).toEqual({ code, error: expect.stringMatching(/^[A-Z].*\.$/s) });
    expect(body.error).not.toMatch(/\{\w+\}|undefined|\[object/);
  });

  /** Returns the response to a call as the owner, in the team's organization unless the parameters name another. */
  async function responseOf(
    name: keyof Client,
    params: Record<string, unknown>,
    as: Caller = team.owner,
  ): Promise<Json> {
    const inTeam = name === 'createOrganization' ? {} : { organizationId: team.organizationId };
    return (await hub.call(name, { ...inTeam, ...params }, as)).body;
  }
  async function resultOf(name: keyof Client, params: Record<string, unknown>): Promise<Json> {
    const { result, error } = await responseOf(name, params);
    if (error) throw new Error(`${name}: ${error}`);
    return result;
  }
  /** Makes twenty calls at once and returns a refusal: some calls read the row before the first one changed it. */
  async function refusalOfTwenty(
    name: keyof Client,
    { code, prepare }: { code: number; prepare: () => Promise<Record<string, unknown>> },
  ): Promise<Json> {
    for (let round = 0; round < 5; round += 1) {
      const params = await prepare();
      const responses = await Promise.all(
        Array.from({ length: 20 }, () => responseOf(name, params)),
      );
      const refusal = responses.find((body) => body.code === code);
      if (refusal) return refusal;
    }
    throw new Error(`${name} never returned ${code}.`);
  }

  let made = 0;
  const webhook = () => ({ name: 'w', url: receiver.url, events: ['never.*'] });
  async function madeWebhook(change: Record<string, unknown> = {}): Promise<string> {
    return (await resultOf('createWebhook', { ...webhook(), ...change })).webhook.id;
  }
  async function madeType(given: object = {}): Promise<string> {
    const name = `made.no${++made}`;
    await resultOf('createEventType', { name, ...given });
    return name;
  }
  async function archivedType(): Promise<string> {
    const name = await madeType();
    await resultOf('archiveEventType', { name });
    return name;
  }
  /** Publishes an event to a new webhook. Its delivery is due and was not attempted yet. */
  async function dueDelivery() {
    const type = `sent.no${++made}`;
    const webhookId = await madeWebhook({ events: [type], retry: { schedule: [] } });
    const { eventId } = await resultOf('publishEvent', { type, data: {} });
    const { items } = await resultOf('getWebhookDeliveries', { eventId });
    return { webhookId, deliveryId: items[0].id as string };
  }
  async function deadDelivery() {
    const delivery = await dueDelivery();
    await hub.app.services.deliverDue();
    return delivery;
  }

  /** Calls with wrong URLs, headers and signature headers, for functions that take them. */
  function refusedSettings(
    name: keyof Client,
    others: () => Record<string, unknown> | Promise<Record<string, unknown>>,
  ) {
    const using = (wrong: object) => async () =>
      responseOf(name, { ...(await others()), ...wrong });
    return {
      TargetNotAllowed: using({ url: 'https://private.example/' }),
      TargetNotFound: using({ url: 'https://unknown.example/' }),
      TargetLookupFailed: using({ url: 'https://broken.example/' }),
      HeaderNotAllowed: using({ headers: { Host: 'example.com' } }),
      SignatureHeaderNotAllowed: using({
        headers: { 'X-Signature': 'mine' },
        legacySignatureHeader: 'x-signature',
      }),
    };
  }

  /** Calls with wrong schemas and examples, for functions that take them. */
  function refusedSchemas(name: keyof Client, typeName: () => string | Promise<string>) {
    const using = (wrong: object) => async () =>
      responseOf(name, { name: await typeName(), ...wrong });
    return {
      SchemaNotUsable: using({ schema: { type: 'strange' } }),
      DataDoesNotMatch: using({ schema: CLOSED, example: {} }),
      EventTooLarge: using({ example: LARGE }),
      EventTooDeep: using({ example: DEEP }),
    };
  }

  async function fullOrganization(): Promise<string> {
    const organizationId = await anotherOrganization(hub, team);
    const { webhook: first } = await hub
      .as(team.owner)
      .createWebhook({ organizationId, ...webhook() });
    const [row] = await hub.app.database.loadMany(Webhook, [first.id]);
    if (!row) throw new Error('The webhook is not there.');
    const copies = Array.from({ length: WEBHOOKS_MAX - 1 }, (_, i) => ({
      ...row,
      id: `copy${i}`,
      readers: [],
    }));
    await hub.app.database.insertMany(Webhook, copies);
    return organizationId;
  }

  function table(): Provocations {
    return {
      ...connectionProvocations({ hub, provider, responseOf, resultOf, refusalOfTwenty }),
      ...integrationProvocations({ hub, provider, team, responseOf, resultOf, refusalOfTwenty }),
      ...apiKeyProvocations({ hub, store, team, responseOf, resultOf, refusalOfTwenty }),
      ...organizationProvocations({ hub, store, team, responseOf }),
      ...oauthProvocations({ hub, team, responseOf, resultOf, refusalOfTwenty }),
      getConnectors: {},
      getConnector: {
        ConnectorNotFound: () => responseOf('getConnector', { connector: 'no' }),
      },
      getEncryptionStatus: {},
      getAuditLog: {},
      verifyAuditLog: {},
      exportAuditLog: {},
      getHubAuditLog: {},
      verifyHubAuditLog: {},
      rotateEncryptionKey: {
        KeyReplaced: async () =>
          (await hub.call('rotateEncryptionKey', { activeKeyId: 'no' }, master)).body,
        async KeysKeptElsewhere() {
          const other = await startHub({ store, hub: { kms: createTestKms() } });
          const { body } = await other.call('rotateEncryptionKey', { activeKeyId: 'k1' }, master);
          await other.stop();
          return body;
        },
      },
      createWebhook: {
        ...refusedSettings('createWebhook', webhook),
        SecretNotUsable: () =>
          responseOf('createWebhook', { ...webhook(), secret: generateSigningKeyPair().secret }),
        WebhookLimitReached: async () =>
          responseOf('createWebhook', { organizationId: await fullOrganization(), ...webhook() }),
      },
      getWebhooks: {},
      getWebhook: { WebhookNotFound: () => responseOf('getWebhook', { webhookId: 'no' }) },
      updateWebhook: {
        ...refusedSettings('updateWebhook', async () => ({ webhookId: await madeWebhook() })),
        WebhookNotFound: () => responseOf('updateWebhook', { webhookId: 'no', name: 'x' }),
        async WebhookChanged() {
          const webhookId = await madeWebhook();
          const lookedUp = dns.lookedUp();
          const slow = responseOf('updateWebhook', { webhookId, url: 'https://slow.example/' });
          await lookedUp;
          await resultOf('updateWebhook', { webhookId, name: 'quicker' });
          dns.respond();
          return slow;
        },
      },
      deleteWebhook: { WebhookNotFound: () => responseOf('deleteWebhook', { webhookId: 'no' }) },
      testWebhook: {
        WebhookNotFound: () => responseOf('testWebhook', { webhookId: 'no' }),
        WebhookNotActive: async () =>
          responseOf('testWebhook', { webhookId: await madeWebhook({ status: 'paused' }) }),
        DataDoesNotMatch: async () => {
          const type = await madeType({ schema: CLOSED });
          return responseOf('testWebhook', { webhookId: await madeWebhook(), type });
        },
        EventTypeArchived: async () => {
          const type = await archivedType();
          return responseOf('testWebhook', { webhookId: await madeWebhook(), type });
        },
      },
      rotateWebhookSecret: {
        WebhookNotFound: () => responseOf('rotateWebhookSecret', { webhookId: 'no' }),
        SecretNotUsable: async () => {
          const { secret } = generateSigningKeyPair();
          return responseOf('rotateWebhookSecret', { webhookId: await madeWebhook(), secret });
        },
        WebhookChanged: () =>
          refusalOfTwenty('rotateWebhookSecret', {
            code: 7303,
            prepare: async () => ({ webhookId: await madeWebhook() }),
          }),
      },
      publishEvent: {
        EventTooLarge: () => responseOf('publishEvent', { type: 'a.b', data: LARGE }),
        EventTooDeep: () => responseOf('publishEvent', { type: 'a.b', data: DEEP }),
        async IdempotencyKeyReused() {
          const event = { type: 'a.b', data: { n: 1 }, idempotencyKey: 'reused' };
          await resultOf('publishEvent', event);
          return responseOf('publishEvent', { ...event, data: { n: 2 } });
        },
        EventTypeArchived: async () =>
          responseOf('publishEvent', { type: await archivedType(), data: {} }),
        DataDoesNotMatch: async () =>
          responseOf('publishEvent', { type: await madeType({ schema: CLOSED }), data: {} }),
      },
      publishEvents: {},
      getEvents: {},
      getEvent: { EventNotFound: () => responseOf('getEvent', { eventId: 'no' }) },
      getWebhookDeliveries: {},
      getWebhookDelivery: {
        DeliveryNotFound: () => responseOf('getWebhookDelivery', { deliveryId: 'no' }),
      },
      retryWebhookDelivery: {
        DeliveryNotFound: () => responseOf('retryWebhookDelivery', { deliveryId: 'no' }),
        DeliveryPending: async () => {
          const { deliveryId } = await dueDelivery();
          return responseOf('retryWebhookDelivery', { deliveryId });
        },
        DeliveryChanged: () =>
          refusalOfTwenty('retryWebhookDelivery', {
            code: 7309,
            prepare: async () => ({ deliveryId: (await deadDelivery()).deliveryId }),
          }),
        async WebhookNotFound() {
          const { deliveryId, webhookId } = await deadDelivery();
          await resultOf('deleteWebhook', { webhookId });
          return responseOf('retryWebhookDelivery', { deliveryId });
        },
        async WebhookNotActive() {
          const { deliveryId, webhookId } = await deadDelivery();
          await resultOf('updateWebhook', { webhookId, status: 'disabled' });
          return responseOf('retryWebhookDelivery', { deliveryId });
        },
      },
      createEventType: {
        ...refusedSchemas('createEventType', () => `made.no${++made}`),
        EventTypeExists: async () => responseOf('createEventType', { name: await madeType() }),
      },
      getEventTypes: {},
      updateEventType: {
        ...refusedSchemas('updateEventType', madeType),
        EventTypeNotFound: () => responseOf('updateEventType', { name: 'never.made' }),
      },
      archiveEventType: {
        EventTypeNotFound: () => responseOf('archiveEventType', { name: 'never.made' }),
      },
    };
  }
});

const CLOSED = { type: 'object', required: ['id'] };
const DEEP = JSON.parse(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`) as Record<string, unknown>;
const LARGE = { text: 'x'.repeat(256 * 1024) };
