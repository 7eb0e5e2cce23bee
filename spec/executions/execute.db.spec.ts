import { pagesOf } from '../../client.js';
import { IntegrationExecution } from '../../schemas/index.js';
import { KEY } from '../connections/provider.js';
import type { Json } from '../support/hub.js';
import { refusal, useCalls } from './setting.js';

describe('executeIntegration', () => {
  const calls = useCalls();

  it('sends the request of the action with the credential, and returns the response', async () => {
    const id = await calls.make();
    const done = await calls.call(id, 'getThing', { id: 'a/b' });
    expect(done).toMatchObject({
      state: 'succeeded',
      output: { id: 'a%2Fb', n: 1 },
      cached: false,
      attempts: 1,
    });
    const [request] = calls.provider.requests;
    expect(request?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await calls.execution(done.executionId)).toMatchObject({
      integrationId: id,
      action: 'getThing',
      state: 'succeeded',
      status: 200,
      attempts: 1,
      caller: `user:${calls.owner.id}`,
    });
  });

  describe('before anything is sent', () => {
    it.each([
      ['inactive', 7803],
      ['maintenance', 7803],
    ] as const)('refuses one that is %s', async (status, code) => {
      const integrationId = await calls.make();
      await calls.client().setIntegrationStatus({ integrationId, status });
      expect(await refusal(calls.call(integrationId, 'getThing', { id: 't1' }))).toMatchObject({
        code,
      });
      await calls.client().setIntegrationStatus({ integrationId, status: 'deprecated' });
      expect((await calls.call(integrationId, 'getThing', { id: 't1' })).state).toBe('succeeded');
    });

    it('refuses an action that does not exist or is not allowed, and invalid input', async () => {
      const id = await calls.make({ actions: ['getThing'] });
      expect(await refusal(calls.call(id, 'nothing'))).toMatchObject({ code: 8001 });
      expect(await refusal(calls.call(id, 'createThing', { name: 'a' }))).toMatchObject({
        code: 8002,
      });
      expect(await refusal(calls.call(id, 'getThing', { id: 7, x: 1 }))).toEqual({
        code: 8003,
        message: expect.stringMatching(/^The input is not valid: id: .*; Unrecognized key: "x"\.$/),
      });
      for (const odd of ['..', '', 'a\0b', 'a\ud800', '\udc00b']) {
        expect(await refusal(calls.call(id, 'getThing', { id: odd }))).toMatchObject({
          code: 8003,
        });
      }
      expect(
        await refusal(calls.call(await calls.make(), 'pushThing', { name: '\ud800' })),
      ).toEqual({
        code: 8003,
        message: 'The input is not valid: name contains an unpaired UTF-16 surrogate.',
      });
      expect(calls.provider.requests).toEqual([]);
    });

    it('refuses one without a connection, and one whose connection is gone', async () => {
      const id = await calls.make({ connectionId: undefined });
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 7805 });
      const other = await calls.connect('acme');
      await calls.client().connectIntegration({ integrationId: id, connectionId: other });
      expect((await calls.call(id, 'getThing', { id: 't1' })).state).toBe('succeeded');
      await calls.client().disconnectConnection({ connectionId: other });
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 7703 });
      await calls.client().disconnectIntegration({ integrationId: id });
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 7805 });
    });
  });

  describe('the response of the service', () => {
    it.each([
      [400, 8009, 'validation'],
      [401, 8010, 'authentication'],
      [403, 8011, 'permission'],
      [404, 8012, 'notFound'],
      [409, 8013, 'conflict'],
      [429, 8008, 'rateLimit'],
      [500, 8014, 'provider'],
    ])('%i becomes error %i', async (status, code, failure) => {
      // Each on a connection of its own: a pause that the service requests applies to all integrations of the
      // connection.
      const id = await calls.make({
        connectionId: await calls.connect('acme'),
        retry: { attempts: 1 },
      });
      calls.provider.onRequest = async () => ({
        status,
        body: { error: { code: 'c1', message: 'It is so.' } },
      });
      const { message, ...refused } = await refusal(calls.call(id, 'getThing', { id: 't1' }));
      expect(refused).toEqual({ code });
      expect(message).toMatch(/Acme.*: It is so\. Execution \w+\.$/);
      const executionId = /Execution (\w+)/.exec(message)?.[1] ?? '';
      expect(await calls.execution(executionId)).toMatchObject({
        state: 'failed',
        failure,
        code: 'c1',
        problem: 'It is so',
        status,
      });
    });

    it('is changed by the error rules of the integration', async () => {
      const id = await calls.make({
        connectionId: await calls.connect('acme'),
        errors: [
          {
            when: { status: 404, code: 'gone' },
            kind: 'conflict',
            message: 'Another call was faster',
          },
          { when: { kind: 'provider' }, kind: 'validation', retryable: false },
        ],
      });
      calls.provider.onRequest = async () => ({ status: 404, body: { error: { code: 'gone' } } });
      const gone = await refusal(calls.call(id, 'getThing', { id: 't1' }));
      expect(gone).toMatchObject({
        code: 8013,
        message: expect.stringContaining('Another call was faster'),
      });
      calls.provider.requests.length = 0;
      calls.provider.onRequest = async () => ({ status: 503, body: {} });
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8009 });
      expect(calls.provider.requests).toHaveLength(1);
    });

    it('is returned with a warning when it is not as documented', async () => {
      const id = await calls.make();
      calls.provider.onRequest = async () => ({ status: 201, body: { identifier: 7 } });
      expect(await calls.call(id, 'createThing', { name: 'a' })).toMatchObject({
        output: { identifier: 7 },
        warning: 'The response is not as documented: id: is missing',
      });
    });

    it('is a list of events if it is a stream', async () => {
      const id = await calls.make();
      calls.provider.onRequest = async () => ({
        status: 200,
        headers: { 'content-type': 'text/event-stream' },
        body: 'data: {"id":"t1"}\n\ndata: {"id":"t2"}\n\ndata: [DONE]\n\n',
      });
      const { output } = await calls.call(id, 'watchThings');
      expect(output).toEqual([{ id: 't1' }, { id: 't2' }]);
      expect(calls.provider.requests[0]?.headers.accept).toBe('text/event-stream');
    });

    it('never has the credential in it, whatever the service repeats', async () => {
      const id = await calls.make({
        data: { keepBodies: 'all' },
        connectionId: await calls.connect('acme'),
      });
      calls.provider.onRequest = async ({ headers }) => ({
        status: 200,
        headers: { 'x-seen': headers.authorization ?? '' },
        body: { id: 't1', seen: headers, text: `you sent ${headers.authorization ?? ''}` },
      });
      const done = await calls.call(id, 'getThing', { id: 't1' });
      expect(JSON.stringify(done.output)).toContain('[removed]');
      calls.provider.onRequest = async ({ headers }) => ({
        status: 400,
        body: { error: { code: KEY, message: `bad key ${headers.authorization ?? ''}` } },
      });
      const refused = await refusal(calls.call(id, 'getThing', { id: 't1' }));
      expect(refused.message).toContain('[removed]');
      const rows = await calls.hub.rest('GET', '/classes/IntegrationExecution?limit=100', {
        sessionToken: calls.owner.sessionToken,
      });
      const kept = await calls.client().getIntegrationExecution({ executionId: done.executionId });
      const seen = JSON.stringify([done, refused, rows, kept, calls.hub.logLines]);
      expect(seen).not.toContain(KEY);
    });
  });

  describe('retries', () => {
    const quick = { attempts: 3, baseMs: 50, maxMs: 50 };
    const failing = (times: number) => async (_request: unknown, nth: number) =>
      nth <= times ? { status: 503, body: {} } : undefined;

    it('reads again', async () => {
      const id = await calls.make({ retry: quick });
      calls.provider.onRequest = failing(2);
      expect(await calls.call(id, 'getThing', { id: 't1' })).toMatchObject({ attempts: 3 });
    });

    it('ends after the last attempt, with the failure of that', async () => {
      const id = await calls.make({ retry: quick, connectionId: await calls.connect('acme') });
      calls.provider.onRequest = failing(9);
      expect(await refusal(calls.call(id, 'getThing', { id: 't1' }))).toMatchObject({ code: 8014 });
      expect(calls.provider.requests).toHaveLength(3);
    });

    it('writes again with the same key only, the caller’s or the execution’s', async () => {
      const id = await calls.make({ retry: quick, connectionId: await calls.connect('acme') });
      calls.provider.onRequest = failing(1);
      const done = await calls.call(id, 'createThing', { name: 'a' });
      const keys = () => calls.provider.requests.map(({ headers }) => headers['idempotency-key']);
      expect(keys()).toEqual([done.executionId, done.executionId]);
      calls.provider.requests.length = 0;
      await calls.call(id, 'createThing', { name: 'a' }, { idempotencyKey: 'mine-1' });
      expect(keys()).toEqual(['mine-1', 'mine-1']);
    });

    it('writes again with the same member of the body, the caller’s, the key’s or the execution’s', async () => {
      const id = await calls.make({ retry: { attempts: 2, baseMs: 50 } });
      const sent = async (input: object, more = {}) => {
        calls.provider.requests.length = 0;
        calls.provider.onRequest = async (_request, nth) =>
          nth === 1 ? { status: 503, body: {} } : undefined;
        const done = await calls.call(id, 'orderThing', { name: 'a', ...input }, more);
        const tokens = calls.provider.requests.map(({ body }) => JSON.parse(body).token);
        return { tokens, executionId: done.executionId };
      };
      const plain = await sent({});
      expect(plain.tokens).toEqual([plain.executionId, plain.executionId]);
      expect((await sent({}, { idempotencyKey: 'k1' })).tokens).toEqual(['k1', 'k1']);
      expect((await sent({ token: 'mine' })).tokens).toEqual(['mine', 'mine']);
    });

    it('writes again what did not reach the service at all', async () => {
      const connectionId = await calls.connect('fleeting');
      const id = await calls.make({ connector: 'fleeting', connectionId, retry: quick });
      calls.fleeting.close();
      const { code, message } = await refusal(calls.call(id, 'pushThing', { name: 'a' }));
      expect(code).toBe(8015);
      const executionId = /Execution (\w+)/.exec(message)?.[1] ?? '';
      expect(await calls.execution(executionId)).toMatchObject({
        state: 'failed',
        failure: 'connection',
        attempts: 3,
      });
    });

    it('does not write again what the service would do twice', async () => {
      const id = await calls.make({ retry: quick, connectionId: await calls.connect('acme') });
      calls.provider.onRequest = failing(1);
      expect(await refusal(calls.call(id, 'pushThing', { name: 'a' }))).toMatchObject({
        code: 8014,
      });
      expect(calls.provider.requests).toHaveLength(1);
      const keyed = calls.call(id, 'pushThing', { name: 'a' }, { idempotencyKey: 'k' });
      expect(await refusal(keyed)).toMatchObject({ code: 8018 });
    });
  });

  it('maps input and output as the integration defines', async () => {
    const id = await calls.make({
      request: { kind: 'map', to: { name: { $join: ['T-', { $from: '/number' }] } } },
      response: { kind: 'jsonata', expression: '{"made": given.name, "id": id}' },
    });
    expect((await calls.call(id, 'createThing', { number: 7 })).output).toEqual({
      made: 'T-7',
      id: 'new',
    });
    expect(await refusal(calls.call(id, 'createThing', { number: 'x'.repeat(30) }))).toMatchObject({
      code: 8003,
    });
    await calls.client().updateIntegration({
      integrationId: id,
      response: { kind: 'jsonata', expression: '$error("never")' },
    });
    expect(await refusal(calls.call(id, 'createThing', { number: 7 }))).toMatchObject({
      code: 8016,
    });
    const nested = (levels: number) =>
      calls.client().updateIntegration({
        integrationId: id,
        response: {
          kind: 'jsonata',
          expression: `$reduce([1..${String(levels)}], function($i, $j) {{"a": $i}})`,
        },
      });
    await nested(900);
    expect((await calls.call(id, 'createThing', { number: 7 })).state).toBe('succeeded');
    await nested(1_500);
    expect(await refusal(calls.call(id, 'createThing', { number: 7 }))).toMatchObject({
      code: 8016,
      message: expect.stringContaining('nested too deep'),
    });
    await calls.client().updateIntegration({ integrationId: id, request: null, response: null });
    expect((await calls.call(id, 'createThing', { name: 'a' })).output).toMatchObject({
      id: 'new',
    });
  });

  it('is followed page by page by the client, as far as its reader goes', async () => {
    const integrationId = await calls.make();
    const params = { integrationId, action: 'listThings', input: { color: 'red' } };
    const ids: string[][] = [];
    for await (const { output } of pagesOf(calls.client(), params)) {
      ids.push((output as Json).items.map((item: Json) => item.id));
    }
    expect(ids).toEqual([['t1', 't2'], ['t3', 't4'], ['t5']]);
    calls.provider.requests.length = 0;
    for await (const page of pagesOf(calls.client(), params)) {
      if (page.nextCursor) break;
    }
    expect(calls.provider.requests).toHaveLength(1);
  });

  it('returns page after page', async () => {
    const id = await calls.make();
    const items: Json[] = [];
    let cursor: string | undefined;
    do {
      const page = await calls.call(id, 'listThings', { color: 'red' }, cursor ? { cursor } : {});
      items.push(...(page.output as Json).items);
      cursor = page.nextCursor;
    } while (cursor);
    expect(items.map((item) => item.id)).toEqual(['t1', 't2', 't3', 't4', 't5']);
    expect(calls.provider.requests.map(({ query }) => query)).toEqual([
      { color: 'red' },
      { color: 'red', after: '2' },
      { color: 'red', after: '4' },
    ]);
  });

  it('refuses a cursor of another list, and a forged one', async () => {
    const [one, other] = [await calls.make(), await calls.make()];
    const { nextCursor = '' } = await calls.call(one, 'listThings');
    for (const [id, cursor] of [
      [other, nextCursor],
      [one, `${Buffer.from('{"kind":"url","url":"https://a.example/"}').toString('base64url')}.x`],
      [one, nextCursor.slice(1)],
      [one, 'x'],
    ] as const) {
      expect(await refusal(calls.call(id, 'listThings', {}, { cursor }))).toMatchObject({
        code: 7007,
      });
    }
  });

  it('stores bodies according to the data policy, without secrets', async () => {
    const id = await calls.make({
      data: { keepBodies: 'all', retentionDays: 2, remove: ['/name'] },
    });
    const done = await calls.call(id, 'createThing', { name: 'private', pin: '1234' });
    const { executionId } = done;
    const kept = await calls.client().getIntegrationExecution({ executionId });
    expect(JSON.parse(kept.request ?? '')).toEqual({ name: '[removed]', pin: '[removed]' });
    expect(JSON.parse(kept.response ?? '')).toMatchObject({ id: 'new' });
    const others = await calls.make();
    const { executionId: plain } = await calls.call(others, 'createThing', { name: 'a' });
    const bare = await calls.client().getIntegrationExecution({ executionId: plain });
    expect([bare.request, bare.response]).toEqual([undefined, undefined]);
    calls.hub.clock.advance(2 * 86_400_000 + 1);
    await calls.hub.app.services.executions.prune({ signal: new AbortController().signal });
    const left = await calls.hub.app.database.loadMany(IntegrationExecution, [executionId, plain]);
    expect(left.map((row) => row.id)).toEqual([plain]);
  });

  it('stores bodies of failures only, if the data policy requires that', async () => {
    const id = await calls.make({
      data: { keepBodies: 'failures' },
      connectionId: await calls.connect('acme'),
    });
    const done = await calls.call(id, 'createThing', { name: 'a' });
    calls.provider.onRequest = async () => ({ status: 422, body: { error: { message: 'No.' } } });
    const { message } = await refusal(calls.call(id, 'createThing', { name: 'b' }));
    const executionId = /Execution (\w+)/.exec(message)?.[1] ?? '';
    const kept = async (of: string) => {
      const { request, response } = await calls
        .client()
        .getIntegrationExecution({ executionId: of });
      return [request, response];
    };
    expect(await kept(done.executionId)).toEqual([undefined, undefined]);
    expect(await kept(executionId)).toEqual(['{"name":"b"}', '{"error":{"message":"No."}}']);
  });

  it('sums up how calls went', async () => {
    const id = await calls.make({
      retry: { attempts: 2, baseMs: 50 },
      connectionId: await calls.connect('acme'),
    });
    await calls.call(id, 'getThing', { id: 't1' });
    calls.provider.onRequest = async (_request, nth) =>
      nth < 4 ? { status: 503, body: {} } : undefined;
    await refusal(calls.call(id, 'getThing', { id: 't1' }));
    await refusal(calls.call(id, 'nothing'));
    const statistics = await calls.client().getIntegrationStatistics({ integrationId: id });
    expect(statistics).toMatchObject({
      calls: 2,
      succeeded: 1,
      failed: 1,
      refused: 0,
      retries: 1,
      partial: false,
      failures: { provider: 1 },
      actions: [{ action: 'getThing', calls: 2, failed: 1 }],
    });
    const { items } = await calls.client().getIntegrationExecutions({
      integrationId: id,
      state: 'failed',
    });
    expect(items).toHaveLength(1);
  });
});
