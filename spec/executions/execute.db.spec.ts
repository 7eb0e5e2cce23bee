import { IntegrationExecution } from '../../schemas/index.js';
import { connectorAt, KEY, type Provider, startProvider } from '../connections/provider.js';
import { type Json, startHub, type TestHub, type TestUser } from '../support/hub.js';

describe('executeIntegration', () => {
  let hub: TestHub;
  let provider: Provider;
  let owner: TestUser;
  let connectionId: string;
  beforeAll(async () => {
    provider = await startProvider();
    const budgets = [{ requests: 3, perSeconds: 3600, scope: 'connection' as const }];
    hub = await startHub({
      hub: { connectors: [provider.connector, connectorAt(provider.url, 'tight', budgets)] },
    });
    owner = await hub.signUp();
    await client().createOrganization({ name: 'Acme' });
    connectionId = await connect('acme');
  });
  afterAll(async () => {
    provider.close();
    await hub.stop();
  });
  beforeEach(() => {
    provider.answer = undefined;
    provider.requests.length = 0;
  });

  const client = () => hub.as(owner);
  async function connect(connector: string): Promise<string> {
    const { connection } = await client().createConnection({
      ...{ connector, way: 'key', name: 'Ours', credential: { token: KEY } },
    });
    return connection.id;
  }
  type Settings = Omit<Parameters<ReturnType<typeof client>['createIntegration']>[0], 'name'>;
  async function make(settings: Partial<Settings> = {}): Promise<string> {
    const { integration } = await client().createIntegration({
      ...{ name: 'Made', connector: 'acme', connectionId, ...settings },
    });
    return integration.id;
  }
  const call = (integrationId: string, action: string, input = {}, more = {}) =>
    client().executeIntegration({ integrationId, action, input, ...more });
  const refusal = async (promise: Promise<unknown>): Promise<Json> =>
    promise.then(
      (result) => {
        throw new Error(`It was not refused: ${JSON.stringify(result)}`);
      },
      ({ code, message }: Json) => ({ code, message }),
    );
  const executionOf = async (executionId: string) =>
    (await client().getIntegrationExecution({ executionId })).execution;

  it('sends what the action says with the credential, and answers what came', async () => {
    const id = await make();
    const done = await call(id, 'getThing', { id: 'a/b' });
    expect(done).toMatchObject({
      state: 'succeeded',
      output: { id: 'a%2Fb', n: 1 },
      cached: false,
      attempts: 1,
    });
    const [request] = provider.requests;
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await executionOf(done.executionId)).toMatchObject({
      integrationId: id,
      connectionId,
      action: 'getThing',
      state: 'succeeded',
      status: 200,
      attempts: 1,
      caller: `user:${owner.id}`,
    });
  });

  describe('before anything is sent', () => {
    it.each([
      ['inactive', 7803],
      ['maintenance', 7803],
    ] as const)('refuses one that is %s', async (status, code) => {
      const integrationId = await make();
      await client().setIntegrationStatus({ integrationId, status });
      expect(await refusal(call(integrationId, 'getThing', { id: 't1' }))).toMatchObject({ code });
      await client().setIntegrationStatus({ integrationId, status: 'deprecated' });
      expect((await call(integrationId, 'getThing', { id: 't1' })).state).toBe('succeeded');
    });

    it('refuses an action that is not there, or not allowed, and input that does not fit', async () => {
      const id = await make({ actions: ['getThing'] });
      expect(await refusal(call(id, 'nothing'))).toMatchObject({ code: 8001 });
      expect(await refusal(call(id, 'createThing', { name: 'a' }))).toMatchObject({ code: 8002 });
      expect(await refusal(call(id, 'getThing', { id: 7, x: 1 }))).toEqual({
        code: 8003,
        message: expect.stringMatching(/^The input does not fit: id: .*; Unrecognized key: "x"\.$/),
      });
      expect(await refusal(call(id, 'getThing', { id: '..' }))).toMatchObject({ code: 8003 });
      expect(provider.requests).toEqual([]);
    });

    it('refuses one without a connection, and one whose connection is gone', async () => {
      const id = await make({ connectionId: undefined });
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 7805 });
      const other = await connect('acme');
      await client().connectIntegration({ integrationId: id, connectionId: other });
      expect((await call(id, 'getThing', { id: 't1' })).state).toBe('succeeded');
      await client().disconnectConnection({ connectionId: other });
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 7703 });
      await client().disconnectIntegration({ integrationId: id });
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 7805 });
    });
  });

  describe('what the service answers', () => {
    it.each([
      [400, 8009, 'validation'],
      [401, 8010, 'authentication'],
      [403, 8011, 'permission'],
      [404, 8012, 'notFound'],
      [409, 8013, 'conflict'],
      [429, 8008, 'rateLimit'],
      [500, 8014, 'provider'],
    ])('%i becomes error %i', async (status, code, failure) => {
      // Each on a connection of its own: what a service asks for holds for all that use it.
      const id = await make({ connectionId: await connect('acme'), retry: { attempts: 1 } });
      provider.answer = async () => ({
        status,
        body: { error: { code: 'c1', message: 'It is so.' } },
      });
      const { message, ...refused } = await refusal(call(id, 'getThing', { id: 't1' }));
      expect(refused).toEqual({ code });
      expect(message).toMatch(/Acme: It is so\. Execution \w+\.$/);
      const executionId = /Execution (\w+)/.exec(message)?.[1] ?? '';
      expect(await executionOf(executionId)).toMatchObject({
        ...{ state: 'failed', failure, code: 'c1', problem: 'It is so', status },
      });
    });

    it('means what the integration says it means', async () => {
      const id = await make({
        connectionId: await connect('acme'),
        errors: [
          { when: { status: 404, code: 'gone' }, kind: 'conflict', message: 'Somebody was faster' },
          { when: { kind: 'provider' }, kind: 'validation', retryable: false },
        ],
      });
      provider.answer = async () => ({ status: 404, body: { error: { code: 'gone' } } });
      const gone = await refusal(call(id, 'getThing', { id: 't1' }));
      expect(gone).toMatchObject({
        code: 8013,
        message: expect.stringContaining('Somebody was faster'),
      });
      provider.requests.length = 0;
      provider.answer = async () => ({ status: 503, body: {} });
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8009 });
      expect(provider.requests).toHaveLength(1);
    });

    it('is given with a warning when it is not as documented: what was done is done', async () => {
      const id = await make();
      provider.answer = async () => ({ status: 201, body: { identifier: 7 } });
      expect(await call(id, 'createThing', { name: 'a' })).toMatchObject({
        output: { identifier: 7 },
        warning: expect.stringContaining('at id'),
      });
    });

    it('is a list of events where it is a stream', async () => {
      const id = await make();
      provider.answer = async () => ({
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        body: 'data: {"id":"t1"}\n\ndata: {"id":"t2"}\n\ndata: [DONE]\n\n',
      });
      const { output } = await call(id, 'watchThings');
      expect(output).toEqual([{ id: 't1' }, { id: 't2' }]);
      expect(provider.requests[0]?.headers.accept).toBe('text/event-stream');
    });

    it('never has the credential in it, whatever the service repeats', async () => {
      const id = await make({ data: { keepBodies: 'all' }, connectionId: await connect('acme') });
      provider.answer = async ({ headers }) => ({
        status: 200,
        headers: { 'x-seen': headers.authorization ?? '' },
        body: { id: 't1', seen: headers, text: `you sent ${headers.authorization ?? ''}` },
      });
      const done = await call(id, 'getThing', { id: 't1' });
      expect(JSON.stringify(done.output)).toContain('[removed]');
      provider.answer = async ({ headers }) => ({
        status: 400,
        body: { error: { code: KEY, message: `bad key ${headers.authorization ?? ''}` } },
      });
      const refused = await refusal(call(id, 'getThing', { id: 't1' }));
      expect(refused.message).toContain('[removed]');
      const rows = await hub.rest('GET', '/classes/IntegrationExecution?limit=100', {
        sessionToken: owner.sessionToken,
      });
      const kept = await client().getIntegrationExecution({ executionId: done.executionId });
      const seen = JSON.stringify([done, refused, rows, kept, hub.logLines]);
      expect(seen).not.toContain(KEY);
    });
  });

  describe('retries', () => {
    const quick = { attempts: 3, baseMs: 50, maxMs: 50 };
    const failing = (times: number) => async (_request: unknown, nth: number) =>
      nth <= times ? { status: 503, body: {} } : undefined;

    it('reads again', async () => {
      const id = await make({ retry: quick });
      provider.answer = failing(2);
      expect(await call(id, 'getThing', { id: 't1' })).toMatchObject({ attempts: 3 });
    });

    it('ends after so many, with what was answered last', async () => {
      const id = await make({ retry: quick, connectionId: await connect('acme') });
      provider.answer = failing(9);
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8014 });
      expect(provider.requests).toHaveLength(3);
    });

    it('writes again with the same key only, the caller’s or the execution’s', async () => {
      const id = await make({ retry: quick, connectionId: await connect('acme') });
      provider.answer = failing(1);
      const done = await call(id, 'createThing', { name: 'a' });
      const keys = () => provider.requests.map(({ headers }) => headers['idempotency-key']);
      expect(keys()).toEqual([done.executionId, done.executionId]);
      provider.requests.length = 0;
      await call(id, 'createThing', { name: 'a' }, { idempotencyKey: 'mine-1' });
      expect(keys()).toEqual(['mine-1', 'mine-1']);
    });

    it('does not write again what the service would do twice', async () => {
      const id = await make({ retry: quick, connectionId: await connect('acme') });
      provider.answer = failing(1);
      expect(await refusal(call(id, 'pushThing', { name: 'a' }))).toMatchObject({ code: 8014 });
      expect(provider.requests).toHaveLength(1);
      const keyed = call(id, 'pushThing', { name: 'a' }, { idempotencyKey: 'k' });
      expect(await refusal(keyed)).toMatchObject({ code: 8018 });
    });
  });

  describe('limits', () => {
    it('lets exactly as many of 200 at once through as the rule says', async () => {
      const id = await make({
        limits: { rules: [{ strategy: 'slidingWindow', calls: 100, perSeconds: 3600 }] },
      });
      const results = await Promise.allSettled(
        Array.from({ length: 200 }, () => call(id, 'getThing', { id: 't1' })),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(100);
      expect(provider.requests).toHaveLength(100);
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toEqual({
        code: 8005,
        message: expect.stringMatching(
          /^The limit of 100 calls in 3600 seconds is reached\. Try again in \d+ seconds\.$/,
        ),
      });
      const { limits } = await client().checkRateLimit({ integrationId: id });
      expect(limits).toEqual([
        expect.objectContaining({ scope: 'integration', calls: 100, remaining: 0 }),
      ]);
    });

    it('keeps a quota by the calendar', async () => {
      const id = await make({ quota: { calls: 2, per: 'day' } });
      await call(id, 'getThing', { id: 't1' });
      await call(id, 'getThing', { id: 't1' });
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8006 });
      hub.clock.advance(86_400_000);
      expect((await call(id, 'getThing', { id: 't1' })).attempts).toBe(1);
    });

    it('waits where it may', async () => {
      const rule = { strategy: 'tokenBucket', calls: 10, perSeconds: 1, burst: 1 } as const;
      const id = await make({ limits: { rules: [rule], whenReached: 'wait' } });
      const done = await Promise.all([1, 2, 3].map(() => call(id, 'getThing', { id: 't1' })));
      const executions = await Promise.all(done.map((each) => executionOf(each.executionId)));
      expect(Math.max(...executions.map(({ waitedMs }) => waitedMs))).toBeGreaterThan(100);
    });

    it('puts off where it may, and makes the call when the limit allows it', async () => {
      const rule = { strategy: 'fixedWindow', calls: 1, perSeconds: 600 } as const;
      const id = await make({ limits: { rules: [rule], whenReached: 'queue' } });
      const first = await call(id, 'createThing', { name: 'one' });
      const second = await call(id, 'createThing', { name: 'two', pin: 'pin_canary' });
      expect([first.state, second.state]).toEqual(['succeeded', 'queued']);
      expect(await executionOf(second.executionId)).toMatchObject({ state: 'queued', attempts: 0 });
      await hub.drain();
      expect(provider.requests).toHaveLength(1);
      hub.clock.advance(600_000);
      await hub.drain();
      expect(provider.requests.map(({ body }) => JSON.parse(body).name)).toEqual(['one', 'two']);
      expect(await executionOf(second.executionId)).toMatchObject({
        ...{ state: 'succeeded', attempts: 1, caller: `user:${owner.id}` },
      });
      await hub.drain();
      expect(provider.requests).toHaveLength(2);
    });

    it('keeps to what the service bears, whichever integration calls', async () => {
      const shared = await connect('tight');
      const ids = await Promise.all(
        [1, 2].map(() => make({ connector: 'tight', connectionId: shared })),
      );
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, nth) => call(ids[nth % 2] ?? '', 'getThing', { id: 't1' })),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
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
    ])('keeps the silence that the service asks for in %s', async (_form, headersAt) => {
      const id = await make({ connectionId: await connect('acme') });
      provider.answer = async () => ({
        status: 429,
        headers: headersAt(hub.clock.now()),
        body: {},
      });
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8008 });
      provider.answer = undefined;
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8007 });
      expect(provider.requests).toHaveLength(1);
      expect(await client().checkRateLimit({ integrationId: id })).toHaveProperty('pausedUntil');
      hub.clock.advance(72_000);
      expect((await call(id, 'getThing', { id: 't1' })).state).toBe('succeeded');
    });

    it('stops when the service says that nothing is left, before it refuses', async () => {
      const id = await make({ connectionId: await connect('acme') });
      const resets = String(Math.floor(hub.clock.now().getTime() / 1000) + 60);
      provider.answer = async (_request, nth) => ({
        ...{ status: 200, body: { id: 't1' } },
        headers: { 'x-left': String(2 - nth), 'x-resets': resets },
      });
      await call(id, 'getThing', { id: 't1' });
      await call(id, 'getThing', { id: 't1' });
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8007 });
      expect(provider.requests).toHaveLength(2);
    });

    it('sends nothing for a while after too many failures, then tries one', async () => {
      const id = await make({
        connectionId: await connect('acme'),
        retry: { attempts: 1 },
        breaker: { failures: 2, openSeconds: 60 },
      });
      provider.answer = async () => ({ status: 500, body: {} });
      for (let n = 0; n < 2; n += 1) {
        expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8014 });
      }
      expect(await refusal(call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8007 });
      expect((await client().checkRateLimit({ integrationId: id })).breaker).toBe('open');
      hub.clock.advance(61_000);
      provider.requests.length = 0;
      provider.answer = undefined;
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => call(id, 'getThing', { id: 't1' })),
      );
      const sent = results.filter(({ status }) => status === 'fulfilled').length;
      expect(sent).toBeGreaterThan(0);
      expect(provider.requests).toHaveLength(sent);
      expect((await client().checkRateLimit({ integrationId: id })).breaker).toBe('closed');
    });
  });

  describe('the cache', () => {
    it('answers the same question again without asking, until it is too old or something was written', async () => {
      const id = await make({ cache: { seconds: 60 } });
      const ask = async (thing = 't1') => (await call(id, 'getThing', { id: thing })).cached;
      expect([await ask(), await ask(), await ask('t2'), await ask('t2')]).toEqual([
        ...[false, true, false, true],
      ]);
      hub.clock.advance(61_000);
      expect([await ask(), await ask()]).toEqual([false, true]);
      await call(id, 'createThing', { name: 'a' });
      expect([await ask(), await ask()]).toEqual([false, true]);
    });

    it.each([
      ['no-store', false],
      ['no-cache', false],
      ['private, max-age=0', false],
      ['private, max-age=30', true],
    ])('keeps to Cache-Control: %s', async (header, isKept) => {
      const id = await make({ cache: { seconds: 60 } });
      provider.answer = async () => ({
        ...{ status: 200, body: { id: 't1' }, headers: { 'cache-control': header } },
      });
      await call(id, 'getThing', { id: 't1' });
      expect((await call(id, 'getThing', { id: 't1' })).cached).toBe(isKept);
      hub.clock.advance(31_000);
      expect((await call(id, 'getThing', { id: 't1' })).cached).toBe(false);
    });

    it('is each integration’s own', async () => {
      const [one, other] = [
        await make({ cache: { seconds: 60 } }),
        await make({ cache: { seconds: 60 } }),
      ];
      await call(one, 'getThing', { id: 't1' });
      expect((await call(other, 'getThing', { id: 't1' })).cached).toBe(false);
    });
  });

  it('makes input and output as the integration maps them', async () => {
    const id = await make({
      request: { kind: 'map', to: { name: { $join: ['T-', { $from: '/number' }] } } },
      response: { kind: 'jsonata', expression: '{"made": given.name, "id": id}' },
    });
    expect((await call(id, 'createThing', { number: 7 })).output).toEqual({
      made: 'T-7',
      id: 'new',
    });
    expect(await refusal(call(id, 'createThing', { number: 'x'.repeat(30) }))).toMatchObject({
      code: 8003,
    });
    await client().updateIntegration({
      integrationId: id,
      response: { kind: 'jsonata', expression: '$error("never")' },
    });
    expect(await refusal(call(id, 'createThing', { number: 7 }))).toMatchObject({ code: 8016 });
    await client().updateIntegration({ integrationId: id, request: null, response: null });
    expect((await call(id, 'createThing', { name: 'a' })).output).toMatchObject({ id: 'new' });
  });

  it('turns pages', async () => {
    const id = await make();
    const items: Json[] = [];
    let cursor: string | undefined;
    do {
      const page = await call(id, 'listThings', { color: 'red' }, cursor ? { cursor } : {});
      items.push(...(page.output as Json).items);
      cursor = page.nextCursor;
    } while (cursor);
    expect(items.map((item) => item.id)).toEqual(['t1', 't2', 't3', 't4', 't5']);
    expect(provider.requests.map(({ query }) => query)).toEqual([
      { color: 'red' },
      { color: 'red', after: '2' },
      { color: 'red', after: '4' },
    ]);
  });

  it('takes no cursor of another list, nor one that somebody made up', async () => {
    const [one, other] = [await make(), await make()];
    const { nextCursor = '' } = await call(one, 'listThings');
    for (const [id, cursor] of [
      [other, nextCursor],
      [one, `${Buffer.from('{"kind":"url","url":"https://a.example/"}').toString('base64url')}.x`],
      [one, nextCursor.slice(1)],
      [one, 'x'],
    ] as const) {
      expect(await refusal(call(id, 'listThings', {}, { cursor }))).toMatchObject({ code: 7007 });
    }
  });

  it('keeps of bodies what the data policy says, without secrets', async () => {
    const id = await make({ data: { keepBodies: 'all', retentionDays: 2, remove: ['/name'] } });
    const done = await call(id, 'createThing', { name: 'private', pin: '1234' });
    const { executionId } = done;
    const kept = await client().getIntegrationExecution({ executionId });
    expect(JSON.parse(kept.request ?? '')).toEqual({ name: '[removed]', pin: '[removed]' });
    expect(JSON.parse(kept.response ?? '')).toMatchObject({ id: 'new' });
    const others = await make();
    const { executionId: plain } = await call(others, 'createThing', { name: 'a' });
    const bare = await client().getIntegrationExecution({ executionId: plain });
    expect([bare.request, bare.response]).toEqual([undefined, undefined]);
    hub.clock.advance(2 * 86_400_000 + 1);
    await hub.app.services.executions.prune({ signal: new AbortController().signal });
    const left = await hub.app.database.loadMany(IntegrationExecution, [executionId, plain]);
    expect(left.map((row) => row.id)).toEqual([plain]);
  });

  it('sums up how calls went', async () => {
    const id = await make({
      retry: { attempts: 2, baseMs: 50 },
      connectionId: await connect('acme'),
    });
    await call(id, 'getThing', { id: 't1' });
    provider.answer = async (_request, nth) => (nth < 4 ? { status: 503, body: {} } : undefined);
    await refusal(call(id, 'getThing', { id: 't1' }));
    await refusal(call(id, 'nothing'));
    const statistics = await client().getIntegrationStatistics({ integrationId: id });
    expect(statistics).toMatchObject({
      ...{ calls: 2, succeeded: 1, failed: 1, refused: 0, retries: 1, partial: false },
      failures: { provider: 1 },
      actions: [{ action: 'getThing', calls: 2, failed: 1 }],
    });
    const { items } = await client().getIntegrationExecutions({
      integrationId: id,
      state: 'failed',
    });
    expect(items).toHaveLength(1);
  });

  describe('explainExecution', () => {
    it('shows what would be sent, and sends nothing', async () => {
      const id = await make({
        headers: { 'X-Trace': 'yes' },
        limits: { rules: [{ strategy: 'fixedWindow', calls: 1, perSeconds: 600 }] },
      });
      const ask = { integrationId: id, action: 'createThing', input: { name: 'a', pin: '1' } };
      const first = await client().explainExecution(ask);
      expect(first).toMatchObject({
        wouldSend: true,
        request: {
          method: 'POST',
          url: `${provider.url}/things`,
          headers: { authorization: 'Bearer [token]', 'x-trace': 'yes' },
          body: '{"name":"a","pin":"[removed]"}',
        },
      });
      expect(provider.requests).toEqual([]);
      expect((await client().getIntegrationExecutions({ integrationId: id })).items).toEqual([]);
      await client().executeIntegration(ask);
      const second = await client().explainExecution(ask);
      expect(second.wouldSend).toBe(false);
      expect(second.steps.find(({ ok }) => !ok)).toEqual({
        ...{ step: 'limits', ok: false, says: 'Nothing is left of 1 calls in 600 seconds.' },
      });
      const wrong = await client().explainExecution({ ...ask, input: {} });
      expect(wrong.steps).toEqual([
        { step: 'plan', ok: false, says: expect.stringContaining('The input does not fit') },
      ]);
    });
  });

  describe('proxyRequest', () => {
    it('sends any request where the integration allows it', async () => {
      const id = await make({ allowProxy: true });
      provider.answer = async ({ path: asked }) => ({
        ...{ status: 418, body: { asked } },
        headers: { 'set-cookie': 'a=b', 'x-own': 'yes' },
      });
      const { output } = await client().proxyRequest({
        ...{ integrationId: id, method: 'PATCH', path: '/any/thing' },
        query: { a: [1, 2] },
        body: { json: { x: 1 } },
        headers: { 'X-Mine': '1' },
      });
      expect(output).toEqual({
        ...{ status: 418, body: { asked: '/any/thing' } },
        headers: expect.objectContaining({ 'x-own': 'yes' }),
      });
      expect((output as Json).headers).not.toHaveProperty('set-cookie');
      const [request] = provider.requests;
      expect(request).toMatchObject({ method: 'PATCH', query: { a: '2' }, body: '{"x":1}' });
      expect(request?.headers).toMatchObject({ 'x-mine': '1', authorization: `Bearer ${KEY}` });
    });

    it('refuses where it does not', async () => {
      const integrationId = await make();
      const asked = client().proxyRequest({ integrationId, path: '/me' });
      expect(await refusal(asked)).toMatchObject({ code: 8017 });
    });

    it.each([
      ...['//evil.example/', '/\\evil.example', '/a/../../b', '/a/%2e%2e/b', '/%252e%252e/b', 'me'],
      ...[
        '/a?b=c',
        '/a#b',
        '/ü',
        '/a b',
        'https://evil.example/',
        '/a/..;/b',
        '/..%2fb',
        '/..%5cb',
      ],
    ])('takes no path that leads elsewhere: %s', async (path) => {
      const integrationId = await make({ allowProxy: true });
      const asked = client().proxyRequest({ integrationId, path });
      expect(await refusal(asked)).toMatchObject({ code: 8021 });
      expect(provider.requests).toEqual([]);
    });

    it.each(['Authorization', 'Host', 'Cookie', 'Transfer-Encoding'])(
      'takes no header %s',
      async (name) => {
        const integrationId = await make({ allowProxy: true });
        const asked = client().proxyRequest({
          integrationId,
          path: '/a',
          headers: { [name]: 'x' },
        });
        expect(await refusal(asked)).toMatchObject({ code: expect.any(Number) });
        expect(provider.requests).toEqual([]);
      },
    );
  });
});
