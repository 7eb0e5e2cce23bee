import { Webhook } from '../../schemas/index.js';
import { generateSecret, generateSigningKeyPair } from '../../src/webhooks/delivery/secret.js';
import { type Json, master, startHub, type TestHub } from '../support/hub.js';
import { createStore, type Store } from '../support/store.js';
import { lookup, REFUSED_TARGETS } from './refusedTargets.js';
import { startTeam, type Team } from './team.js';

const UNREACHABLE_URL = 'http://127.0.0.1:9/hooks';
const DEFAULT_WAITS = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400];

describe('webhooks', () => {
  let store: Store;
  /** A hub with the allow-list that hosts have by default: an empty one. */
  let guarded: TestHub;
  let hub: TestHub;
  let team: Team;
  beforeAll(async () => {
    store = await createStore();
    guarded = await startHub({ store, hub: { allowedTargets: '' }, seams: { lookup } });
    hub = await startHub({ store });
    team = await startTeam(hub);
  });
  afterAll(async () => {
    await hub.stop();
    await guarded.stop();
    await store.drop();
  });

  async function responseOf(name: string, params: object, on = hub): Promise<Json> {
    const { organizationId, owner } = team;
    return (await on.call(name, { organizationId, ...params }, owner)).body;
  }
  async function resultOf(name: string, params: object, on = hub): Promise<Json> {
    const { result, error } = await responseOf(name, params, on);
    if (error) throw new Error(`${name}: ${error}`);
    return result;
  }
  const given = { name: 'orders', url: UNREACHABLE_URL, events: ['order.*'] };
  const made = (change: object = {}) => resultOf('createWebhook', { ...given, ...change });
  const rowOf = async (id: string) => (await hub.app.database.loadMany(Webhook, [id]))[0];
  const storedText = async () =>
    JSON.stringify((await hub.rest('GET', '/classes/Webhook?limit=1000', master)).body.results);

  describe('are created', () => {
    it('with defaults for absent parameters', async () => {
      const { webhook, secret } = await made();
      expect(webhook).toEqual({
        id: expect.stringMatching(/^[0-9a-z]{25}$/),
        name: 'orders',
        url: UNREACHABLE_URL,
        status: 'active',
        events: ['order.*'],
        headerNames: [],
        retryWaitsSeconds: DEFAULT_WAITS,
        timeoutSeconds: 15,
        signature: 'v1',
        secretChangedAt: webhook.createdAt,
        createdAt: expect.stringMatching(/Z$/),
        updatedAt: webhook.createdAt,
      });
      expect(Buffer.from(secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
      expect(await resultOf('getWebhook', { webhookId: webhook.id })).toEqual({ webhook });
    });

    it('with all that can be set', async () => {
      const settings = {
        name: 'all',
        url: `${UNREACHABLE_URL}?a=1&b=%20`,
        events: ['*', 'order.paid', 'user.*'],
        status: 'paused',
        retry: { attempts: 4, backoff: 'exponential', initialSeconds: 10, factor: 3 },
        timeoutSeconds: 30,
        legacySignatureHeader: 'X-Webhook-Signature',
      };
      const headers = { 'X-Api-Key': 'k', 'X-Empty': '' };
      const { webhook } = await made({ ...settings, headers });
      expect(webhook).toMatchObject({
        ...settings,
        headerNames: ['X-Api-Key', 'X-Empty'],
        retryWaitsSeconds: [10, 30, 90],
      });
      expect(await resultOf('getWebhook', { webhookId: webhook.id })).toEqual({ webhook });
    });

    it('with a given secret, which is returned unchanged', async () => {
      const own = generateSecret();
      expect((await made({ secret: own })).secret).toBe(own);
    });

    it('with a public key for the receiver when they are signed with ed25519', async () => {
      const pair = generateSigningKeyPair();
      const own = await made({ signature: 'v1a', secret: pair.secret });
      expect(own.webhook.signature).toBe('v1a');
      expect(own.secret).toBe(pair.publicKey);
      expect((await made({ signature: 'v1a' })).secret).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    });

    it('with the URL in the form that was checked', async () => {
      const { webhook } = await made({ url: 'HTTP://127.0.0.1:9/ü' });
      expect(webhook.url).toBe('http://127.0.0.1:9/%C3%BC');
    });

    it('and listed newest first, a page at a time', async () => {
      const client = hub.as(team.owner);
      const { organization } = await client.createOrganization({ name: 'Lists' });
      const organizationId = organization.id;
      const ids: string[] = [];
      for (let i = 0; i < 5; i += 1) {
        ids.push((await client.createWebhook({ organizationId, ...given })).webhook.id);
        hub.clock.advance(1);
      }
      const first = await client.getWebhooks({ organizationId, limit: 3 });
      const cursor = first.nextCursor ?? '';
      const second = await client.getWebhooks({ organizationId, limit: 3, cursor });
      const seen = [...first.items, ...second.items].map(({ id }) => id);
      expect(seen).toEqual(ids.reverse());
      expect(second).not.toHaveProperty('nextCursor');
    });
  });

  describe('are refused', () => {
    const tooMany = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`X-${i}`, 'v']));
    it.each([
      ['without a name', { name: ' ' }, 7001],
      ['with a long name', { name: 'x'.repeat(101) }, 7001],
      ['without events', { events: [] }, 7001],
      ['with an event pattern of another kind', { events: ['order.*.paid'] }, 7001],
      ['with too many event patterns', { events: Array(101).fill('a') }, 7001],
      ['with a status that does not exist', { status: 'on' }, 7001],
      ['with more than 20 headers', { headers: tooMany }, 7001],
      ['with a header that the hub sets', { headers: { 'Webhook-Id': 'x' } }, 7023],
      ['with a header of HTTP', { headers: { 'Content-Length': '1' } }, 7023],
      ['with a header twice', { headers: { 'X-A': '1', 'x-a': '2' } }, 7023],
      ['with a line break in a header', { headers: { 'X-A': 'a\r\nX-B: b' } }, 7023],
      ['with a space in a header’s name', { headers: { 'X A': '1' } }, 7023],
      ['with a long header value', { headers: { 'X-A': 'x'.repeat(4097) } }, 7001],
      ['with a timeout of half a second', { timeoutSeconds: 0.5 }, 7001],
      ['with a timeout of 31 seconds', { timeoutSeconds: 31 }, 7001],
      ['with too many attempts', { retry: { schedule: Array(30).fill(1) } }, 7001],
      ['with two retry policies', { retry: { schedule: [1], attempts: 3 } }, 7001],
      ['with a wait below zero', { retry: { schedule: [-1] } }, 7001],
      [
        'with a signature header that the hub sets',
        { legacySignatureHeader: 'webhook-signature' },
        7023,
      ],
      [
        'with a signature header and no secret',
        { signature: 'v1a', legacySignatureHeader: 'X-S' },
        7308,
      ],
      ['with a short secret', { secret: 'whsec_AAAA' }, 7001],
      ['with a secret of another kind', { signature: 'v1a', secret: generateSecret() }, 7307],
      ['with an unknown signature', { signature: 'v2' }, 7001],
    ])('%s, and nothing is stored', async (_how, wrong, code) => {
      const before = await storedText();
      const body = await responseOf('createWebhook', { ...given, ...wrong });
      expect(body).toEqual({ code, error: expect.stringMatching(/^[A-Za-z].*\.$/s) });
      expect(await storedText()).toBe(before);
    });

    it.each(REFUSED_TARGETS)(
      'with the URL %s, by a hub without an allow-list',
      async (url, problem) => {
        const before = await storedText();
        const body = await responseOf('createWebhook', { ...given, url }, guarded);
        expect([7001, 7020, 7021]).toContain(body.code);
        expect(body.error).toMatch(problem);
        // No map of the network: no message contains an address that was not in the URL.
        expect(body.error).not.toMatch(/10\.1\.2\.3|192\.168\.1\.1/);
        expect(await storedText()).toBe(before);
      },
    );

    it('but not with an allowed URL', async () => {
      for (const url of ['https://public.example/hooks?x=1', 'https://93.184.215.14:8443/']) {
        expect((await resultOf('createWebhook', { ...given, url }, guarded)).webhook.url).toBe(url);
      }
    });

    it('as changes too, and stay unchanged', async () => {
      const { webhook } = await made({ legacySignatureHeader: 'X-Signature' });
      const before = await rowOf(webhook.id);
      const wrong = [
        { headers: { 'x-signature': 'mine' } },
        { name: '' },
        { url: 'ftp://127.0.0.1/' },
        { events: ['*.paid'] },
        { status: 'gone' },
        { headers: { Host: 'x' } },
        { retry: { schedule: ['soon'] } },
        { timeoutSeconds: 0 },
        { legacySignatureHeader: 'content-type' },
        { name: 'good', headers: { 'X-A': 'ü' } },
        { signature: 'v1a' },
        { secret: generateSecret() },
      ];
      for (const change of wrong) {
        const body = await responseOf('updateWebhook', { webhookId: webhook.id, ...change });
        expect({ change, code: body.code }).toEqual({ change, code: expect.any(Number) });
      }
      expect(await rowOf(webhook.id)).toEqual(before);
    });
  });

  describe('are changed', () => {
    it.each([
      ['name', { name: ' new ' }, { name: 'new' }],
      ['url', { url: 'http://127.0.0.1:10/' }, { url: 'http://127.0.0.1:10/' }],
      ['events', { events: ['a.*'] }, { events: ['a.*'] }],
      ['status', { status: 'paused' }, { status: 'paused' }],
      ['headers', { headers: { 'X-B': 'b' } }, { headerNames: ['X-B'] }],
      ['headers, to none', { headers: {} }, { headerNames: [] }],
      ['timeout', { timeoutSeconds: 3 }, { timeoutSeconds: 3 }],
      ['retry', { retry: { schedule: [7] } }, { retry: { schedule: [7] }, retryWaitsSeconds: [7] }],
      [
        'retry, to the default',
        { retry: null },
        { retry: undefined, retryWaitsSeconds: DEFAULT_WAITS },
      ],
      ['legacy header', { legacySignatureHeader: 'X-T' }, { legacySignatureHeader: 'X-T' }],
      [
        'legacy header, to none',
        { legacySignatureHeader: null },
        { legacySignatureHeader: undefined },
      ],
      ['nothing', {}, {}],
    ])('in %s, and in nothing else', async (_what, change, expected) => {
      const { webhook } = await made({
        headers: { 'X-A': 'a' },
        retry: { schedule: [1, 2] },
        legacySignatureHeader: 'X-S',
        timeoutSeconds: 20,
      });
      hub.clock.advance(1_000);
      const changed = await resultOf('updateWebhook', { webhookId: webhook.id, ...change });
      const { updatedAt, ...rest } = { ...webhook, ...expected };
      const wanted = JSON.parse(JSON.stringify(rest)) as object;
      expect(changed.webhook).toEqual({ ...wanted, updatedAt: expect.any(String) });
      expect(changed.webhook.updatedAt > updatedAt).toBe(true);
      const { webhook: read } = await resultOf('getWebhook', { webhookId: webhook.id });
      expect(read).toEqual({ ...changed.webhook, updatedAt: read.updatedAt });
    });

    it('by one of twenty calls at once, or by several in sequence, and never in part', async () => {
      const { webhook } = await made();
      const responses = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          responseOf('updateWebhook', {
            webhookId: webhook.id,
            name: `no ${i}`,
            events: [`no.${i}`],
          }),
        ),
      );
      const done = responses.filter((body) => body.result);
      const refused = responses.filter((body) => body.code === 7303);
      expect(done.length).toBeGreaterThan(0);
      expect(done.length + refused.length).toBe(20);
      const row = await rowOf(webhook.id);
      expect(row?.revision).toBe(done.length);
      expect(row?.events).toEqual([row?.name.replace(' ', '.')]);
    });

    it('from disabled, with a reason, to active, without one', async () => {
      const { webhook } = await made({ status: 'disabled' });
      const to = async (status: string) =>
        (await resultOf('updateWebhook', { webhookId: webhook.id, status })).webhook;
      expect(await to('disabled')).toMatchObject({ disabledReason: 'By a person.' });
      expect(await to('active')).not.toHaveProperty('disabledReason');
    });

    it('no more once they are deleted', async () => {
      const { webhook } = await made();
      expect(await resultOf('deleteWebhook', { webhookId: webhook.id })).toEqual({});
      expect(await rowOf(webhook.id)).toBeUndefined();
      for (const name of ['getWebhook', 'updateWebhook', 'deleteWebhook', 'testWebhook']) {
        expect((await responseOf(name, { webhookId: webhook.id })).code).toBe(7301);
      }
      const { items } = await resultOf('getWebhooks', { limit: 100 });
      expect(items.map(({ id }: Json) => id)).not.toContain(webhook.id);
    });
  });

  describe('keep their secrets', () => {
    /** Returns, as text, all results, rows and log lines of a webhook after its secret was rotated. */
    async function everything(webhookId: string): Promise<string> {
      const { owner, viewer } = team;
      const path = `/classes/Webhook/${webhookId}`;
      const outputs: unknown[] = [
        await resultOf('getWebhook', { webhookId }),
        await resultOf('getWebhooks', { limit: 100 }),
        await resultOf('updateWebhook', { webhookId, timeoutSeconds: 9 }),
        await resultOf('testWebhook', { webhookId }),
        await resultOf('getWebhookDeliveries', { webhookId }),
        hub.logLines,
      ];
      for (const as of [owner, viewer, master]) {
        outputs.push(await hub.rest('GET', path, as));
        outputs.push(await hub.rest('GET', '/classes/Webhook?limit=1000&keys=secrets', as));
      }
      return JSON.stringify(outputs);
    }

    it('out of all output once they were returned', async () => {
      const [first, second] = [generateSecret(), generateSecret()];
      const headerValue = 'canary-of-a-header-4711';
      const { webhook } = await made({ secret: first, headers: { 'X-Api-Key': headerValue } });
      await resultOf('rotateWebhookSecret', { webhookId: webhook.id, secret: second });
      const outputs = await everything(webhook.id);
      expect(outputs).toContain(webhook.id);
      for (const secret of [first, second].map((text) => text.replace('whsec_', ''))) {
        expect(outputs).not.toContain(secret);
        expect(outputs).not.toContain(JSON.stringify(secret).slice(1, -1));
      }
      expect(outputs).not.toContain(headerValue);
    });

    it('encrypted, in fields that only the master key reads', async () => {
      const { webhook } = await made({ headers: { 'X-Api-Key': 'k' } });
      const path = `/classes/Webhook/${webhook.id}`;
      const { body: row } = await hub.rest('GET', path, master);
      expect(row.secrets).toEqual([{ scheme: 'v1', sealed: expect.stringMatching(/^v1\./) }]);
      expect(row.sealedHeaders).toMatch(/^v1\./);
      for (const as of [team.owner, team.viewer]) {
        const { status, body } = await hub.rest('GET', path, as);
        expect(status).toBe(200);
        expect(body.name).toBe('orders');
        expect(body).not.toHaveProperty('secrets');
        expect(body).not.toHaveProperty('sealedHeaders');
        const where = encodeURIComponent(JSON.stringify({ 'secrets.scheme': 'v1' }));
        const probe = await hub.rest('GET', `/classes/Webhook?where=${where}`, as);
        expect(probe.body.results ?? []).toEqual([]);
      }
    });

    it('encrypted differently for each webhook, even when two have the same secret', async () => {
      const secret = generateSecret();
      const rows = await Promise.all(
        [await made({ secret }), await made({ secret })].map(({ webhook }) => rowOf(webhook.id)),
      );
      const sealed = rows.map((row) => row?.secrets[0]?.sealed);
      expect(new Set(sealed).size).toBe(2);
    });
  });

  describe('get new secrets', () => {
    const rotate = (webhookId: string, params: object = {}) =>
      resultOf('rotateWebhookSecret', { webhookId, ...params });

    it('with the previous one valid for another day', async () => {
      const { webhook, secret } = await made();
      hub.clock.advance(1_000);
      const rotated = await rotate(webhook.id);
      expect(rotated.secret).toMatch(/^whsec_/);
      expect(rotated.secret).not.toBe(secret);
      const { secretChangedAt, previousSecretUntil } = rotated.webhook;
      expect(secretChangedAt > webhook.secretChangedAt).toBe(true);
      expect(Date.parse(previousSecretUntil) - Date.parse(secretChangedAt)).toBe(24 * 3_600_000);
    });

    it.each([0.5, 168])(
      'with the previous one valid for another %p hours',
      async (overlapHours) => {
        const { webhook } = await made();
        const { secretChangedAt, previousSecretUntil } = (
          await rotate(webhook.id, { overlapHours })
        ).webhook;
        expect(Date.parse(previousSecretUntil) - Date.parse(secretChangedAt)).toBe(
          overlapHours * 3_600_000,
        );
      },
    );

    it('without the previous one when the overlap is 0', async () => {
      const { webhook } = await made();
      const rotated = await rotate(webhook.id, { overlapHours: 0 });
      expect(rotated.webhook).not.toHaveProperty('previousSecretUntil');
      expect((await rowOf(webhook.id))?.secrets).toHaveLength(1);
    });

    it('of the kind of their signature', async () => {
      const { webhook, secret } = await made({ signature: 'v1a' });
      const rotated = await rotate(webhook.id);
      expect(rotated.secret).toMatch(/^whpk_/);
      expect(rotated.secret).not.toBe(secret);
      expect((await rowOf(webhook.id))?.secrets.map(({ scheme }) => scheme)).toEqual([
        'v1a',
        'v1a',
      ]);
    });

    it('and keep at most ten, the newest', async () => {
      const { webhook } = await made();
      for (let i = 0; i < 12; i += 1) await rotate(webhook.id);
      const secrets = (await rowOf(webhook.id))?.secrets ?? [];
      expect(secrets).toHaveLength(10);
      expect(secrets.filter(({ expiresAt }) => expiresAt === undefined)).toHaveLength(1);
    });

    it.each([-1, 169, '24'])('not with an overlap of %p', async (overlapHours) => {
      const { webhook } = await made();
      const body = await responseOf('rotateWebhookSecret', { webhookId: webhook.id, overlapHours });
      expect(body.code).toBe(7001);
    });
  });
});
