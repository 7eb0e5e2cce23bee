import { KEY } from '../connections/provider.js';
import type { Json } from '../support/hub.js';
import { refusal, useCalls } from './setting.js';

describe('raw requests and explanations', () => {
  const calls = useCalls();

  describe('explainExecution', () => {
    it('shows what would be sent, and sends nothing', async () => {
      const id = await calls.make({
        headers: { 'X-Trace': 'yes' },
        limits: { rules: [{ strategy: 'fixedWindow', calls: 1, perSeconds: 600 }] },
      });
      const request = { integrationId: id, action: 'createThing', input: { name: 'a', pin: '1' } };
      const first = await calls.client().explainExecution(request);
      expect(first).toMatchObject({
        wouldSend: true,
        request: {
          method: 'POST',
          url: `${calls.provider.url}/things`,
          headers: { authorization: 'Bearer [token]', 'x-trace': '[X-Trace]' },
          body: '{"name":"a","pin":"[removed]"}',
        },
      });
      expect(calls.provider.requests).toEqual([]);
      expect((await calls.client().getIntegrationExecutions({ integrationId: id })).items).toEqual(
        [],
      );
      await calls.client().executeIntegration(request);
      const second = await calls.client().explainExecution(request);
      expect(second.wouldSend).toBe(false);
      expect(second.steps.find(({ ok }) => !ok)).toEqual({
        step: 'limits',
        ok: false,
        message: 'Nothing is left of 1 calls in 600 seconds.',
      });
      const wrong = await calls.client().explainExecution({ ...request, input: {} });
      expect(wrong.steps).toEqual([
        { step: 'plan', ok: false, message: expect.stringContaining('The input is not valid') },
      ]);
    });
  });

  it('describes the cache as it applies to the action', async () => {
    const message = async (settings: object, action: string, input: Record<string, string>) => {
      const integrationId = await calls.make(settings);
      const request = { integrationId, action, input };
      const { steps } = await calls.client().explainExecution(request);
      return steps.find(({ step }) => step === 'cache')?.message;
    };
    const cache = { seconds: 60, actions: ['listThings'] };
    expect(await message({}, 'getThing', { id: 't1' })).toBe('Responses are not cached.');
    expect(await message({ cache }, 'listThings', {})).toMatch(/up to 60 seconds old/);
    expect(await message({ cache }, 'getThing', { id: 't1' })).toMatch(/this action are not/);
    expect(await message({ cache }, 'createThing', { name: 'a' })).toMatch(/^A write/);
  });

  describe('proxyRequest', () => {
    it('sends any request where the integration allows it', async () => {
      const id = await calls.make({ allowProxy: true });
      calls.provider.onRequest = async ({ path: requestedPath }) => ({
        status: 418,
        body: { requestedPath },
        headers: { 'set-cookie': 'a=b', 'x-own': 'yes' },
      });
      const { output } = await calls.client().proxyRequest({
        integrationId: id,
        method: 'PATCH',
        path: '/any/thing',
        query: { a: [1, 2] },
        body: { json: { x: 1 } },
        headers: { 'X-Mine': '1' },
      });
      expect(output).toEqual({
        status: 418,
        body: { requestedPath: '/any/thing' },
        headers: expect.objectContaining({ 'x-own': 'yes' }),
      });
      expect((output as Json).headers).not.toHaveProperty('set-cookie');
      const [request] = calls.provider.requests;
      expect(request).toMatchObject({ method: 'PATCH', query: { a: '2' }, body: '{"x":1}' });
      expect(request?.headers).toMatchObject({ 'x-mine': '1', authorization: `Bearer ${KEY}` });
    });

    it('refuses where it does not', async () => {
      const integrationId = await calls.make();
      const response = calls.client().proxyRequest({ integrationId, path: '/me' });
      expect(await refusal(response)).toMatchObject({ code: 8017 });
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
    ])('refuses a path that is not below the server: %s', async (path) => {
      const integrationId = await calls.make({ allowProxy: true });
      const response = calls.client().proxyRequest({ integrationId, path });
      expect(await refusal(response)).toMatchObject({ code: 8021 });
      expect(calls.provider.requests).toEqual([]);
    });

    it.each(['other', 'constructor', '__proto__', ''])('knows no server %j', async (server) => {
      const integrationId = await calls.make({ allowProxy: true });
      const response = calls.client().proxyRequest({ integrationId, path: '/a', server });
      expect(await refusal(response)).toEqual({
        code: 8021,
        message: 'The path is not allowed: server must be one of api.',
      });
    });

    it.each(['Authorization', 'Host', 'Cookie', 'Transfer-Encoding'])(
      'takes no header %s',
      async (name) => {
        const integrationId = await calls.make({ allowProxy: true });
        const response = calls.client().proxyRequest({
          integrationId,
          path: '/a',
          headers: { [name]: 'x' },
        });
        expect(await refusal(response)).toMatchObject({ code: 7023 });
        expect(calls.provider.requests).toEqual([]);
      },
    );
  });
});
