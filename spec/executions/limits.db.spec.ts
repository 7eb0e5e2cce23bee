import { addMember } from '../cloud/team.js';
import { CODE } from '../connections/provider.js';
import type { Json, TestUser } from '../support/hub.js';
import { refusal, useCalls } from './setting.js';

describe('limits of calls', () => {
  const calls = useCalls();

  describe('limits', () => {
    it('lets exactly as many of 200 at once through as the rule says', async () => {
      const id = await calls.make({
        limits: { rules: [{ strategy: 'slidingWindow', calls: 100, perSeconds: 3600 }] },
      });
      const results = await Promise.allSettled(
        Array.from({ length: 200 }, () => calls.call(id, 'getThing', { id: 't1' })),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
      expect(calls.provider.requests).toHaveLength(100);
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toEqual({
        code: 8005,
        message: expect.stringMatching(
          /^The limit of 100 calls in 3600 seconds is reached\. Try again in \d+ seconds\.$/,
        ),
      });
      const { limits } = await calls.client().checkRateLimit({ integrationId: id });
      expect(limits).toEqual([
        expect.objectContaining({ scope: 'integration', calls: 100, remaining: 0 }),
      ]);
    });

    it('keeps a quota by the calendar', async () => {
      const id = await calls.make({ quota: { calls: 2, per: 'day' } });
      await calls.call(id, 'getThing', { id: 't1' });
      await calls.call(id, 'getThing', { id: 't1' });
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8006 });
      calls.hub.clock.advance(86_400_000);
      expect((await calls.call(id, 'getThing', { id: 't1' })).attempts).toBe(1);
    });

    it('keeps a quota of each caller, which no other uses up', async () => {
      const other = await calls.hub.signUp();
      const [organization] = (await calls.client().getOrganizations()).items;
      const organizationId = organization?.id ?? '';
      await addMember(calls.hub, { organizationId, userId: other.id, role: 'developer' });
      const integrationId = await calls.make({
        quota: { calls: 3, per: 'month', each: 'caller' },
        limits: { rules: [{ strategy: 'fixedWindow', calls: 5, perSeconds: 31_536_000 }] },
      });
      const request = { integrationId, action: 'getThing', input: { id: 't1' } };
      const callsOf = async (user: TestUser, count: number) => {
        const made = Array.from({ length: count }, () =>
          calls.hub
            .as(user)
            .executeIntegration(request)
            .then(String, ({ code }: Json) => code),
        );
        return (await Promise.all(made)).filter((code) => code === 8006 || code === 8005).sort();
      };
      const leftTo = async (user: TestUser) => {
        const { limits } = await calls.hub.as(user).checkRateLimit({ integrationId });
        return limits.map(({ scope, remaining }) => [scope, remaining]);
      };
      expect(await callsOf(calls.owner, 20)).toEqual(Array.from({ length: 17 }, () => 8006));
      expect(await leftTo(calls.owner)).toEqual([
        ['caller', 0],
        ['integration', 2],
      ]);
      // A call that the integration's rule refuses does not count in the quota of its caller.
      expect(await callsOf(other, 3)).toEqual([8005]);
      expect(await leftTo(other)).toEqual([
        ['caller', 1],
        ['integration', 0],
      ]);
    });

    it('waits where it may', async () => {
      const rule = { strategy: 'tokenBucket', calls: 10, perSeconds: 1, burst: 1 } as const;
      const id = await calls.make({ limits: { rules: [rule], whenReached: 'wait' } });
      const done = await Promise.all([1, 2, 3].map(() => calls.call(id, 'getThing', { id: 't1' })));
      const executions = await Promise.all(done.map((each) => calls.execution(each.executionId)));
      const waits: number[] = executions.map(({ waitedMs }) => waitedMs);
      expect(Math.max(...waits)).toBeGreaterThan(100);
      expect(await calls.client().getIntegrationStatistics({ integrationId: id })).toMatchObject({
        waited: 2,
        waitedMs: waits.reduce((sum, each) => sum + each, 0),
        refusals: {},
      });
    });

    it('queues the call where it may, and makes the call when the limit allows it', async () => {
      const rule = { strategy: 'fixedWindow', calls: 1, perSeconds: 600 } as const;
      const id = await calls.make({ limits: { rules: [rule], whenReached: 'queue' } });
      const first = await calls.call(id, 'createThing', { name: 'one' });
      const second = await calls.call(id, 'createThing', { name: 'two', pin: 'pin_canary' });
      expect([first.state, second.state]).toEqual(['succeeded', 'queued']);
      expect(await calls.execution(second.executionId)).toMatchObject({
        state: 'queued',
        attempts: 0,
      });
      await calls.hub.drain();
      expect(calls.provider.requests).toHaveLength(1);
      calls.hub.clock.advance(600_000);
      await calls.hub.drain();
      expect(calls.provider.requests.map(({ body }) => JSON.parse(body).name)).toEqual([
        'one',
        'two',
      ]);
      expect(await calls.execution(second.executionId)).toMatchObject({
        state: 'succeeded',
        attempts: 1,
        caller: `user:${calls.owner.id}`,
      });
      await calls.hub.drain();
      expect(calls.provider.requests).toHaveLength(2);
    });

    it('keeps to the limits of the service, whichever integration calls', async () => {
      const shared = await calls.connect('tight');
      const ids = await Promise.all(
        [1, 2].map(() => calls.make({ connector: 'tight', connectionId: shared })),
      );
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, nth) =>
          calls.call(ids[nth % 2] ?? '', 'getThing', { id: 't1' }),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    });

    it('gives back the slot of a call that another limit refused', async () => {
      const rules = [{ strategy: 'fixedWindow' as const, calls: 9, perSeconds: 31_536_000 }];
      const leftTo = async (connector: string, count: number) => {
        const connectionId = await calls.connect(connector);
        const integrationId = await calls.make({ connector, connectionId, limits: { rules } });
        for (let nth = 0; nth < count; nth += 1) {
          await calls.call(integrationId, 'getThing', { id: 't1' }).catch(() => undefined);
        }
        const { limits } = await calls.client().checkRateLimit({ integrationId });
        return limits.map(({ scope, remaining }) => [scope, remaining]);
      };
      expect(await leftTo('tight', 5)).toEqual([
        ['integration', 6],
        ['connection', 0],
        ['connection', 1],
      ]);
      expect(await leftTo('narrow', 5)).toEqual([
        ['integration', 7],
        ['connection', 3],
        ['app', 0],
      ]);
    });

    it('limits only the actions that a budget names, and names them', async () => {
      const connectionId = await calls.connect('tight');
      const id = await calls.make({ connector: 'tight', connectionId });
      await calls.call(id, 'listThings');
      expect(await refusal(calls.call(id, 'listThings'))).toMatchObject({ code: 8005 });
      const explained = async (action: string, input = {}) => {
        const request = { integrationId: id, action, input };
        return (await calls.client().explainExecution(request)).wouldSend;
      };
      expect(await explained('listThings')).toBe(false);
      expect(await explained('getThing', { id: 't1' })).toBe(true);
      expect((await calls.call(id, 'getThing', { id: 't1' })).state).toBe('succeeded');
      const { limits } = await calls.client().checkRateLimit({ integrationId: id });
      expect(limits).toEqual([
        expect.objectContaining({ scope: 'connection', calls: 3, remaining: 1 }),
        expect.objectContaining({ calls: 1, remaining: 0, actions: ['listThings'] }),
      ]);
      expect(await calls.client().getIntegrationStatistics({ integrationId: id })).toMatchObject({
        calls: 3,
        refused: 1,
        refusals: { LimitReached: 1 },
        waited: 0,
        waitedMs: 0,
      });
    });

    it.each([
      ['seconds', () => ({ 'retry-after': '70' })],
      [
        'a date',
        (now: Date) => ({ 'retry-after': new Date(now.getTime() + 70_000).toUTCString() }),
      ],
      [
        'seconds since 1970',
        (now: Date) => ({ 'x-resets': String(now.getTime() / 1000 + 70), 'x-left': '0' }),
      ],
      [
        'milliseconds since 1970',
        (now: Date) => ({ 'x-resets-ms': String(now.getTime() + 70_000), 'x-left': '0' }),
      ],
    ])(
      'sends nothing during the pause that the service requests in %s',
      async (_form, headersAt) => {
        const id = await calls.make({ connectionId: await calls.connect('acme') });
        calls.provider.onRequest = async () => ({
          status: 429,
          headers: headersAt(calls.hub.clock.now()),
          body: {},
        });
        expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({
          code: 8008,
        });
        calls.provider.onRequest = undefined;
        expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({
          code: 8007,
        });
        expect(calls.provider.requests).toHaveLength(1);
        expect(await calls.client().checkRateLimit({ integrationId: id })).toHaveProperty(
          'pausedUntil',
        );
        calls.hub.clock.advance(72_000);
        expect((await calls.call(id, 'getThing', { id: 't1' })).state).toBe('succeeded');
      },
    );

    it('stops when the service reports that nothing is left, before it refuses', async () => {
      const id = await calls.make({ connectionId: await calls.connect('acme') });
      const resets = String(Math.floor(calls.hub.clock.now().getTime() / 1000) + 60);
      calls.provider.onRequest = async (_request, nth) => ({
        status: 200,
        body: { id: 't1' },
        headers: { 'x-left': String(2 - nth), 'x-resets': resets },
      });
      await calls.call(id, 'getThing', { id: 't1' });
      await calls.call(id, 'getThing', { id: 't1' });
      const request = { integrationId: id, action: 'getThing', input: { id: 't1' } };
      expect(await calls.client().explainExecution(request)).toMatchObject({
        wouldSend: false,
        steps: expect.arrayContaining([
          expect.objectContaining({
            step: 'limits',
            ok: false,
            message: expect.stringMatching(/left/),
          }),
        ]),
      });
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8007 });
      expect(calls.provider.requests).toHaveLength(2);
    });

    it('sends nothing for a while after too many failures, then tries one', async () => {
      const id = await calls.make({
        connectionId: await calls.connect('acme'),
        retry: { attempts: 1 },
        breaker: { failures: 2, openSeconds: 60 },
      });
      calls.provider.onRequest = async () => ({ status: 500, body: {} });
      for (let n = 0; n < 2; n += 1) {
        expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({
          code: 8014,
        });
      }
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8007 });
      expect((await calls.client().checkRateLimit({ integrationId: id })).breaker).toBe('open');
      calls.hub.clock.advance(61_000);
      calls.provider.requests.length = 0;
      calls.provider.onRequest = undefined;
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => calls.call(id, 'getThing', { id: 't1' })),
      );
      const sent = results.filter(({ status }) => status === 'fulfilled').length;
      expect(sent).toBeGreaterThan(0);
      expect(calls.provider.requests).toHaveLength(sent);
      expect((await calls.client().checkRateLimit({ integrationId: id })).breaker).toBe('closed');
    });
  });

  describe('the cache', () => {
    it('returns a cached response until it expires or something was written', async () => {
      const id = await calls.make({ cache: { seconds: 60 } });
      const isCached = async (thing = 't1') =>
        (await calls.call(id, 'getThing', { id: thing })).cached;
      expect([
        await isCached(),
        await isCached(),
        await isCached('t2'),
        await isCached('t2'),
      ]).toEqual([...[false, true, false, true]]);
      calls.hub.clock.advance(61_000);
      expect([await isCached(), await isCached()]).toEqual([false, true]);
      await calls.call(id, 'createThing', { name: 'a' });
      expect([await isCached(), await isCached()]).toEqual([false, true]);
    });

    it.each([
      ['no-store', false],
      ['no-cache', false],
      ['private, max-age=0', false],
      ['private, max-age=30', true],
    ])('keeps to Cache-Control: %s', async (header, isKept) => {
      const id = await calls.make({ cache: { seconds: 60 } });
      calls.provider.onRequest = async () => ({
        status: 200,
        body: { id: 't1' },
        headers: { 'cache-control': header },
      });
      await calls.call(id, 'getThing', { id: 't1' });
      expect((await calls.call(id, 'getThing', { id: 't1' })).cached).toBe(isKept);
      calls.hub.clock.advance(31_000);
      expect((await calls.call(id, 'getThing', { id: 't1' })).cached).toBe(false);
    });

    it('has no responses of raw requests, whose fingerprints do not differ', async () => {
      const integrationId = await calls.make({ cache: { seconds: 60 }, allowProxy: true });
      const isCached = async (path: string) => {
        const { output, cached } = await calls.client().proxyRequest({ integrationId, path });
        return [(output as Json).body.id, cached];
      };
      expect([
        await isCached('/things/a'),
        await isCached('/things/b'),
        await isCached('/things/a'),
      ]).toEqual([
        ...[
          ['a', false],
          ['b', false],
          ['a', false],
        ],
      ]);
      const read = async () => (await calls.call(integrationId, 'getThing', { id: 't1' })).cached;
      expect([await read(), await read()]).toEqual([false, true]);
      await calls.client().proxyRequest({ integrationId, method: 'DELETE', path: '/things/t1' });
      expect(await read()).toBe(false);
    });

    it('has no responses of the account that was connected before', async () => {
      const finish = ({ url }: { readonly url: string }) =>
        calls.client().finishConnection({
          code: CODE,
          state: new URL(url).searchParams.get('state') ?? '',
        });
      const client = { clientId: 'c', clientSecret: 's' };
      const begun = await calls
        .client()
        .startConnection({ connector: 'acme', name: 'Ours', browser: false, client });
      await finish(begun);
      const connectionId = begun.connection.id;
      const id = await calls.make({ connectionId, cache: { seconds: 60 } });
      const read = async () => (await calls.call(id, 'getThing', { id: 't1' })).cached;
      expect([await read(), await read()]).toEqual([false, true]);
      const again = await calls.client().reconnectConnection({ connectionId, browser: false });
      await finish(again as { readonly url: string });
      expect(await read()).toBe(false);
    });

    it('is each integration’s own', async () => {
      const [one, other] = [
        await calls.make({ cache: { seconds: 60 } }),
        await calls.make({ cache: { seconds: 60 } }),
      ];
      await calls.call(one, 'getThing', { id: 't1' });
      expect((await calls.call(other, 'getThing', { id: 't1' })).cached).toBe(false);
    });
  });
});
