import { randomBytes } from 'node:crypto';

import { type Json, startHub, type TestHub, type TestUser } from '../support/hub.js';
import { AppCache } from '../support/parseServerInside.js';
import { engine } from '../support/store.js';

const canary = `canary-${randomBytes(12).toString('hex')}`;

describe('an internal error', () => {
  let hub: TestHub;
  let owner: TestUser;
  beforeAll(async () => {
    hub = await startHub();
    owner = await hub.signUp();
    await hub.as(owner).createOrganization({ name: 'Acme' });
  });
  afterAll(() => hub.stop());

  async function post(
    path: string,
    headers: Readonly<Record<string, string>> = {},
    body: Json = {},
  ): Promise<{ status: number; requestId: string; body: Json }> {
    const response = await fetch(hub.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-parse-application-id': hub.appId,
        'x-parse-session-token': owner.sessionToken,
        ...headers,
      },
      body: JSON.stringify(body),
    });
    const requestId = response.headers.get('x-request-id') ?? '';
    return { status: response.status, requestId, body: await response.json() };
  }

  const linesWith = (text: string): Json[] =>
    hub.logLines.filter((line) => line.includes(text)).map((line): Json => JSON.parse(line));

  it('returns one sentence with the request id, and logs the cause once under this id', async () => {
    const { admin } = hub.app.services.webhooks;
    const { list } = admin;
    const broken = { list: () => Promise.reject(new Error(`It broke: ${canary}`)) };
    Object.assign(admin, broken);
    const { status, requestId, body } = await post('/parse/functions/getWebhooks');
    Object.assign(admin, { list });
    expect(requestId).toMatch(/^req_[0-9a-z]{25}$/);
    expect([status, body]).toEqual([
      500,
      {
        code: 1,
        error: `Something failed on our side. Quote request ${requestId} when you ask for help.`,
      },
    ]);
    expect(linesWith(requestId)).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'function.failed',
        function: 'getWebhooks',
        userId: owner.id,
        err: expect.objectContaining({ message: `It broke: ${canary}` }),
      }),
    ]);
  });

  it('is returned for an error that the function does not declare', async () => {
    const { organizationErrors } = await import('../../src/organizations/index.js');
    const { admin } = hub.app.services.webhooks;
    const { list } = admin;
    Object.assign(admin, { list: () => Promise.reject(organizationErrors.LastOwner()) });
    const { status, body } = await post('/parse/functions/getWebhooks');
    Object.assign(admin, { list });
    expect([status, body.code]).toEqual([500, 1]);
  });

  it('is returned for a result that the function does not declare', async () => {
    const { admin } = hub.app.services.webhooks;
    const { list } = admin;
    Object.assign(admin, { list: async () => ({ items: [{ id: canary, secrets: [canary] }] }) });
    const { status, body } = await post('/parse/functions/getWebhooks');
    Object.assign(admin, { list });
    expect([status, body.code]).toEqual([500, 1]);
    expect(JSON.stringify(body)).not.toContain(canary);
  });

  describe('the id of a request', () => {
    it('is the one that the caller sent if it is well formed', async () => {
      const given = `mine_${randomBytes(8).toString('hex')}`;
      const { requestId } = await post('/parse/functions/getWebhooks', { 'x-request-id': given });
      expect(requestId).toBe(given);
      expect(linesWith(given)).toHaveLength(1);
    });

    it.each([
      ['JSON', '","level":"error","event":"forged'],
      ['spaces', 'a sentence of its own'],
      ['a line', 'forged%0a{"level":"error"}'],
      ['a letter outside ASCII', 'forged-id-é'],
      ['too short', 'short'],
      ['too long', 'x'.repeat(65)],
      ['nothing', ''],
    ])('is a new one if the caller’s is %s', async (_what, given) => {
      const { requestId } = await post('/parse/functions/getWebhooks', { 'x-request-id': given });
      expect(requestId).toMatch(/^req_[0-9a-z]{25}$/);
      const [line, ...more] = linesWith(requestId);
      expect([line.requestId, more]).toEqual([requestId, []]);
      if (given.length > 5) expect(hub.logLines.join('')).not.toContain(given);
    });

    it('is new for each request without one, and returned by every entry point', async () => {
      const paths = ['/parse/functions/getWebhooks', '/parse/batch', '/hub/health', '/hub/nowhere'];
      const ids = await Promise.all(
        paths.map(async (path) => {
          const response = await fetch(hub.url + path, { method: 'POST' });
          return response.headers.get('x-request-id');
        }),
      );
      for (const id of ids) expect(id).toMatch(/^req_[0-9a-z]{25}$/);
      expect(new Set(ids).size).toBe(paths.length);
    });
  });

  it('reveals nothing about a row that the database refused', async () => {
    await refuseEventsOf(hub, 'canary.event');
    const event = {
      type: 'canary.event',
      data: { note: `${canary}-data` },
      idempotencyKey: `${canary}-key`,
    };
    const { status, requestId, body } = await post('/parse/functions/publishEvent', {}, event);
    expect([status, body.code]).toEqual([500, 1]);
    const [line, ...more] = linesWith(requestId);
    expect([line.err.type, more]).toEqual([expect.any(String), []]);
    for (const secret of ['data', 'key']) {
      expect(hub.logLines.join('')).not.toContain(`${canary}-${secret}`);
      expect(JSON.stringify(body)).not.toContain(`${canary}-${secret}`);
    }
  });
});

/** Makes the database refuse events of a type by a constraint (PostgreSQL), or all events (MongoDB). */
async function refuseEventsOf(hub: TestHub, type: string): Promise<void> {
  const { adapter } = AppCache.get(hub.appId)['databaseController'] as { adapter: Json };
  if (engine === 'postgres') {
    await adapter._client.none('alter table "WebhookEvent" add check (type <> $1)', [type]);
  } else {
    // A view with the name of the collection makes all inserts fail.
    await adapter.database.dropCollection('WebhookEvent');
    await adapter.database.createCollection('WebhookEvent', { viewOn: 'Webhook', pipeline: [] });
  }
}
