import { jest } from '@jest/globals';

import { createIntegrationHub } from '../../index.js';
import { hubAddresses } from '../../src/http/addresses.js';
import { HUB_SECRET, type Json, startHub, type TestHub } from '../support/hub.js';

let hub: TestHub;
afterEach(() => {
  jest.restoreAllMocks();
});

async function get(path: string): Promise<{ status: number; body: Json }> {
  const response = await fetch(`${hub.url}/hub${path}`);
  return { status: response.status, body: await response.json() };
}

const OK = { status: 'ok' };

/** Does not respond until it is released; then nothing waits for it any more. */
function hanging() {
  let letGo: (response: never) => void = () => undefined;
  const response = new Promise<never>((resolve) => {
    letGo = resolve;
  });
  return { response, letGo };
}

describe('a hub without loops', () => {
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  it('is ready when every check is, and off is not a failure', async () => {
    const ready = {
      status: 'ok',
      checks: { installation: OK, database: OK, loops: { status: 'off' } },
    };
    expect(await get('/health/ready')).toEqual({ status: 200, body: ready });
    expect(await get('/health')).toEqual({ status: 200, body: ready });
    expect(await get('/health/live')).toEqual({ status: 200, body: OK });
  });

  it('is not ready when the database does not respond, but still alive', async () => {
    const { response, letGo } = hanging();
    const now = jest.spyOn(hub.app.database, 'now').mockReturnValue(response);
    const responses = await Promise.all([get('/health/ready'), get('/health'), get('/health')]);
    for (const { status, body } of responses) {
      expect([status, body.status, body.checks.database]).toEqual([
        ...[503, 'failing'],
        { status: 'failing', reason: 'The database did not respond within two seconds.' },
      ]);
    }
    // Concurrent requests share one query.
    expect(now).toHaveBeenCalledTimes(1);
    expect((await get('/health/live')).status).toBe(200);
    letGo(new Date(0) as never);
    now.mockRestore();
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('does not return the error of the database', async () => {
    jest
      .spyOn(hub.app.database, 'now')
      .mockRejectedValue(new Error('password of postgres://canary'));
    const { status, body } = await get('/health/ready');
    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain('canary');
    expect(body.checks.database).toEqual({
      status: 'failing',
      reason: 'The database does not respond.',
    });
  });

  describe('addresses of the hub', () => {
    it('exist, and a 404 lists them', async () => {
      for (const { method, path } of Object.values(hubAddresses)) {
        const { status } = await fetch(`${hub.url}/hub${path}`, { method });
        expect([path, status]).not.toEqual([path, 404]);
      }
      const { status, body } = await get('/nowhere');
      expect(status).toBe(404);
      for (const { path } of Object.values(hubAddresses))
        expect(body.error).toContain(`${hub.url}/hub${path} `);
    });

    it('respond before Parse Server has started, with the reason', async () => {
      const early = createIntegrationHub({
        secret: HUB_SECRET,
        publicUrl: 'http://127.0.0.1:1/hub',
      });
      const { default: express } = await import('express');
      const server = express().use('/hub', early.router).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as { port: number };
      const response = await fetch(`http://127.0.0.1:${port}/hub/health`);
      expect(response.status).toBe(503);
      expect(((await response.json()) as Json).checks.installation.reason).toMatch(/server\.start/);
      server.close();
    });
  });
});

describe('a hub with loops', () => {
  beforeEach(async () => {
    hub = await startHub({ loops: true });
  });
  afterEach(() => hub.stop());

  it('is not ready when the loop has stopped looking for work', async () => {
    expect((await get('/health/ready')).body.checks.loops).toEqual(OK);
    const { response, letGo } = hanging();
    const held = new Promise<void>((resolve) => {
      jest.spyOn(hub.app.database, 'hold').mockImplementation(() => {
        resolve();
        return response;
      });
    });
    await held;
    hub.clock.advance(29_000);
    expect((await get('/health/ready')).status).toBe(200);
    hub.clock.advance(2_000);
    const { status, body } = await get('/health/ready');
    expect([status, body.checks.loops]).toEqual([
      503,
      { status: 'failing', reason: 'The loops have not looked for work for 30 seconds.' },
    ]);
    letGo([] as never);
  });

  it('is not ready after the hub was stopped', async () => {
    await hub.app.stop();
    expect((await get('/health/ready')).body.checks.loops.status).toBe('failing');
  });
});
