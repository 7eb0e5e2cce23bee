import type { Client } from '../../cloud/manifest.js';
import { manifest } from '../../cloud/manifest.js';
import { Webhook } from '../../schemas/index.js';
import { type AnyFunction, type Raisable } from '../../src/contract/index.js';
import type { Lookup } from '../../src/platform/http/index.js';
import { mintKeyPair } from '../../src/webhooks/secret.js';
import { WEBHOOKS_MAX } from '../../src/webhooks/webhooks.js';
import { type Caller, master, startHub, type TestHub } from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { anotherOrganization, startTeam, type Team } from './team.js';

/** One call, as the owner unless said otherwise, in the team's organisation unless said otherwise. */
interface Provocation {
  readonly params: Record<string, unknown>;
  readonly as?: Caller;
}
type Provocations = {
  readonly [Name in keyof Client]: Readonly<Record<string, () => Promise<Provocation>>>;
};

/** Names that resolve as the cases need it. `slow.example` tells when it is asked and waits for its answer. */
function names() {
  let isAsked = (): void => undefined;
  let answer = (): void => undefined;
  const failing = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
  const lookup: Lookup = async (host) => {
    if (host === 'unknown.example') return failing('ENOTFOUND');
    if (host === 'broken.example') return failing('ESERVFAIL');
    if (host === 'slow.example') {
      const answered = new Promise<void>((resolve) => (answer = resolve));
      isAsked();
      await answered;
    }
    return [{ address: host === 'private.example' ? '10.1.2.3' : '93.184.215.14', family: 4 }];
  };
  const asked = () => new Promise<void>((resolve) => (isAsked = resolve));
  return { lookup, asked, answer: () => answer() };
}

describe('every declared error of every function', () => {
  const dns = names();
  let hub: TestHub;
  let team: Team;
  let receiver: Receiver;
  let provocations: Provocations;
  beforeAll(async () => {
    hub = await startHub({ seams: { lookup: dns.lookup } });
    [team, receiver] = await Promise.all([startTeam(hub), startReceiver()]);
    receiver.respond({ status: 503 });
    provocations = table();
  });
  afterAll(async () => {
    await receiver.close();
    await hub.stop();
  });

  const declared = (manifest as readonly AnyFunction[]).flatMap((spec) =>
    Object.entries(spec.errors as Raisable).map(([kind, raise]) => ({
      ...{ name: spec.name, kind, code: raise.spec.code, access: spec.access.kind },
    })),
  );

  it('has its case here, and no other has', () => {
    const covered = Object.entries(provocations).flatMap(([name, cases]) =>
      Object.keys(cases).map((kind) => `${name} ${kind}`),
    );
    expect(covered.sort()).toEqual(declared.map(({ name, kind }) => `${name} ${kind}`).sort());
  });

  it.each(declared)('$name: $kind', async ({ name, kind, code, access }) => {
    const provoke = provocations[name as keyof Client][kind];
    if (!provoke) throw new Error(`There is no case for ${name} ${kind}.`);
    const { params, as = team.owner } = await provoke();
    const inTeam = access === 'permission' && { organizationId: team.organizationId };
    const { body } = await hub.call(name, { ...inTeam, ...params }, as);
    expect(body).toEqual({ code, error: expect.stringMatching(/^[A-Z].*\.$/s) });
    expect(body.error).not.toMatch(/\{\w+\}|undefined|\[object/);
  });

  const client = () => hub.as(team.owner);
  const given = (params: Record<string, unknown>) => () => Promise.resolve({ params });

  async function madeWebhook(change: Record<string, unknown> = {}): Promise<string> {
    const { organizationId } = team;
    const params = { organizationId, name: 'w', url: receiver.url, events: ['never.*'], ...change };
    return (await client().createWebhook(params)).webhook.id;
  }
  let made = 0;
  async function madeType(given: object = {}): Promise<string> {
    const { organizationId } = team;
    const name = `made.no${++made}`;
    await client().createEventType({ organizationId, name, ...given });
    return name;
  }
  async function archivedType(): Promise<string> {
    const name = await madeType();
    await client().archiveEventType({ organizationId: team.organizationId, name });
    return name;
  }
  /** Of an event to a webhook that listens to it: due, not tried yet. */
  async function madeDelivery(change: Record<string, unknown> = {}) {
    const { organizationId } = team;
    const type = `sent.no${++made}`;
    const webhookId = await madeWebhook({ events: [type], retry: { schedule: [] }, ...change });
    const { eventId } = await client().publishEvent({ organizationId, type, data: {} });
    const { items } = await client().getWebhookDeliveries({ organizationId, eventId });
    return { deliveryId: items[0]?.id ?? '', webhookId };
  }
  async function deadDelivery() {
    const delivery = await madeDelivery();
    await hub.drain();
    return delivery;
  }
  const nobody = { userId: 'nobodyAtAll' };
  const closed = { type: 'object', required: ['id'] };
  const deep = JSON.parse(`${'{"a":'.repeat(64)}1${'}'.repeat(64)}`) as Record<string, unknown>;
  const large = { text: 'x'.repeat(256 * 1024) };

  /** Wrong URLs, headers and signature headers, for whichever function takes them. */
  function refusedSettings(params: () => Promise<Record<string, unknown>>) {
    const using = (wrong: object) => async () => ({ params: { ...(await params()), ...wrong } });
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

  function table(): Provocations {
    const { owner, admin, developer, viewer, outsider } = team;
    const memberErrors = (change: Record<string, unknown>) => ({
      MemberNotFound: given({ ...nobody, ...change }),
      LastOwner: given({ userId: owner.id, ...change }),
      OwnersOnly: () => Promise.resolve({ params: { userId: owner.id, ...change }, as: admin }),
    });
    return {
      createOrganization: {
        UserNotFound: () => Promise.resolve({ params: { name: 'A', ownerId: 'no' }, as: master }),
        MasterKeyRequired: given({ name: 'A', ownerId: viewer.id }),
      },
      getOrganizations: {},
      updateOrganization: {},
      addOrganizationMember: {
        UserNotFound: given({ username: 'nobody-at-all', role: 'viewer' }),
        AlreadyMember: given({ userId: viewer.id, role: 'viewer' }),
        OwnersOnly: () =>
          Promise.resolve({ params: { userId: outsider.id, role: 'owner' }, as: admin }),
      },
      setOrganizationMemberRole: memberErrors({ role: 'viewer' }),
      removeOrganizationMember: {
        ...memberErrors({}),
        PermissionDenied: () => Promise.resolve({ params: { userId: viewer.id }, as: developer }),
      },
      getOrganizationMembers: {},
      createWebhook: {
        ...refusedSettings(() => Promise.resolve({ name: 'w', url: receiver.url, events: ['*'] })),
        SecretNotUsable: given({
          ...{ name: 'w', url: receiver.url, events: ['*'] },
          secret: mintKeyPair().secret,
        }),
        async WebhookLimitReached() {
          const organizationId = await anotherOrganization(hub, team);
          await fillWithWebhooks(organizationId);
          return { params: { organizationId, name: 'w', url: receiver.url, events: ['*'] } };
        },
      },
      getWebhooks: {},
      getWebhook: { WebhookNotFound: given({ webhookId: 'no' }) },
      updateWebhook: {
        ...refusedSettings(async () => ({ webhookId: await madeWebhook() })),
        WebhookNotFound: given({ webhookId: 'no', name: 'x' }),
        async WebhookChanged() {
          const { organizationId } = team;
          const webhookId = await madeWebhook();
          const asked = dns.asked();
          const url = 'https://slow.example/';
          // Somebody else is quicker while the name of the new URL is being looked up.
          void asked
            .then(() => client().updateWebhook({ organizationId, webhookId, name: 'quicker' }))
            .finally(dns.answer);
          return { params: { webhookId, url } };
        },
      },
      deleteWebhook: { WebhookNotFound: given({ webhookId: 'no' }) },
      testWebhook: {
        WebhookNotFound: given({ webhookId: 'no' }),
        WebhookNotActive: async () => ({
          params: { webhookId: await madeWebhook({ status: 'paused' }) },
        }),
        DataDoesNotMatch: async () => ({
          params: { webhookId: await madeWebhook(), type: await madeType({ schema: closed }) },
        }),
        EventTypeArchived: async () => ({
          params: { webhookId: await madeWebhook(), type: await archivedType() },
        }),
      },
      rotateWebhookSecret: {
        WebhookNotFound: given({ webhookId: 'no' }),
        SecretNotUsable: async () => ({
          params: { webhookId: await madeWebhook(), secret: mintKeyPair().secret },
        }),
        async WebhookChanged() {
          const { organizationId } = team;
          const webhookId = await madeWebhook();
          // Twenty at once: one is the first, and those that had read the webhook before it was done are refused.
          await refusedOfTwenty('rotateWebhookSecret', { organizationId, webhookId }, 7303);
          return { params: { webhookId: await changedWhileRead(webhookId) } };
        },
      },
      publishEvent: {
        EventTooLarge: given({ type: 'a.b', data: large }),
        EventTooDeep: given({ type: 'a.b', data: deep }),
        async IdempotencyKeyReused() {
          const params = { type: 'a.b', data: { n: 1 }, idempotencyKey: 'reused' };
          await client().publishEvent({ organizationId: team.organizationId, ...params });
          return { params: { ...params, data: { n: 2 } } };
        },
        EventTypeArchived: async () => ({ params: { type: await archivedType(), data: {} } }),
        DataDoesNotMatch: async () => ({
          params: { type: await madeType({ schema: closed }), data: {} },
        }),
      },
      publishEvents: {},
      getEvents: {},
      getEvent: { EventNotFound: given({ eventId: 'no' }) },
      getWebhookDeliveries: {},
      getWebhookDelivery: { DeliveryNotFound: given({ deliveryId: 'no' }) },
      retryWebhookDelivery: {},
      createEventType: {},
      getEventTypes: {},
      updateEventType: {},
      archiveEventType: { EventTypeNotFound: given({ name: 'never.made' }) },
    };
  }
});
