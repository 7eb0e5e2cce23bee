import { refusal, useCalls } from './setting.js';

describe('an action whose scopes the token does not have', () => {
  const calls = useCalls();

  async function makeConnected(scopes: string): Promise<{ id: string; connectionId: string }> {
    calls.provider.scopes = scopes;
    const connectionId = await calls.connect();
    return { id: await calls.make({ connectionId }), connectionId };
  }
  const push = (id: string) => calls.call(id, 'pushThing', { name: 'a' });

  it('is refused before anything is sent, until they are granted', async () => {
    const { id, connectionId } = await makeConnected('read');
    expect(await refusal(push(id))).toEqual({
      code: 8022,
      message:
        'The connection was not granted write, which the action pushThing needs: call reconnectConnection with that scope, or testConnection if it was granted in the meantime.',
    });
    expect(calls.provider.requests).toEqual([]);
    expect((await calls.call(id, 'getThing', { id: 't1' })).state).toBe('succeeded');
    const request = { integrationId: id, action: 'pushThing', input: { name: 'a' } };
    expect(await calls.client().explainExecution(request)).toMatchObject({
      wouldSend: false,
      steps: [{ step: 'plan', ok: false, message: expect.stringContaining('not granted write') }],
    });
    calls.provider.scopes = 'read, write';
    await calls.client().testConnection({ connectionId });
    expect((await push(id)).state).toBe('succeeded');
  });

  it('is sent where a granted scope may include them, and the caller learns which scopes may be missing', async () => {
    const { id } = await makeConnected('read,everything');
    const request = { integrationId: id, action: 'pushThing', input: { name: 'a' } };
    const { wouldSend, steps } = await calls.client().explainExecution(request);
    expect(wouldSend).toBe(true);
    expect(steps).toContainEqual({
      step: 'scopes',
      ok: true,
      message: 'The connection was not granted write: Acme may refuse this.',
    });
    expect((await push(id)).state).toBe('succeeded');
    calls.provider.onRequest = async () => ({ status: 403, body: { error: { message: 'No.' } } });
    expect((await refusal(push(id))).message).toMatch(
      /^The service Acme does not permit this: No\. The connection was not granted write: reconnect it with that scope\. Execution/,
    );
  });

  it('is not refused for what another credential of the connection was granted', async () => {
    const { id, connectionId } = await makeConnected('read');
    calls.provider.scopes = '';
    const credential = { token: 'key_canary7f3c' };
    await calls.client().reconnectConnection({ connectionId, credential });
    expect((await push(id)).state).toBe('succeeded');
  });
});
