import { schemas } from '../../schemas/index.js';
import type { ClassSpec } from '../../src/contract/index.js';
import { addMember, startTeam, type Team } from '../cloud/team.js';
import { APP, begin, comeBack } from '../connections/browser.js';
import { KEY, type Provider, startProvider } from '../connections/provider.js';
import { type Json, master, startHub, type TestHub } from '../support/hub.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { chainName, entriesOf } from './auditLog.js';

let provider: Provider;
let receiver: Receiver;
let hub: TestHub;
let team: Team;
beforeAll(async () => {
  [provider, receiver] = await Promise.all([startProvider(), startReceiver()]);
  hub = await startHub({
    hub: {
      connectors: [provider.connector],
      oauthClients: { acme: { clientId: 'client of the hub', clientSecret: 'secret' } },
      returnUrls: [`${APP}settings`],
    },
  });
  team = await startTeam(hub);
});
afterAll(async () => {
  provider.close();
  await receiver.close();
  await hub.stop();
});

const owner = () => hub.as(team.owner);
const within = (params: object) => ({ organizationId: team.organizationId, ...params });

/** Returns the changes in the newest entry of a function. */
async function changesOf(name: string): Promise<Json> {
  const [entry] = (await owner().getAuditLog(within({ function: name, limit: 1 }))).items;
  return entry?.changes;
}

async function webhook(name = 'orders') {
  const url = `${receiver.url}/secret-path?token=canary-of-the-url`;
  const headers = { 'X-Key': 'canary-of-the-header' };
  const request = { name, url, events: ['order.*', 'user.made'], headers };
  return (await owner().createWebhook(within(request) as never)).webhook;
}

describe('an entry', () => {
  it('has the whole row when it was created or deleted', async () => {
    const { id } = await webhook();
    const whole = {
      name: '[6 characters]',
      url: receiver.url,
      status: 'active',
      asymmetric: false,
      events: 'order.*, user.made',
      headerNames: 'X-Key',
      timeoutSeconds: 15,
      retryWaitsSeconds: '[9 items]',
      secretChangedAt: expect.stringMatching(/Z$/),
    };
    expect(await changesOf('createWebhook')).toEqual([{ class: 'Webhook', id, after: whole }]);
    await owner().deleteWebhook(within({ webhookId: id }) as never);
    expect(await changesOf('deleteWebhook')).toEqual([
      { class: 'Webhook', id, before: expect.objectContaining(whole) },
    ]);
  });

  it('has a row before and after the change', async () => {
    const { id: webhookId } = await webhook();
    const change = { webhookId, status: 'paused', events: ['a.*'], timeoutSeconds: 3 };
    await owner().updateWebhook(within(change) as never);
    expect(await changesOf('updateWebhook')).toEqual([
      {
        class: 'Webhook',
        id: webhookId,
        before: expect.objectContaining({
          status: 'active',
          events: 'order.*, user.made',
          timeoutSeconds: 15,
        }),
        after: { status: 'paused', events: 'a.*', timeoutSeconds: 3 },
      },
    ]);
  });

  it('has the scopes and redirect URIs of an OAuth app, and that its secret changed', async () => {
    const { oauthApp, clientSecret } = await owner().createOAuthApp(
      within({
        name: 'Warehouse',
        scopes: ['webhooks:read'],
        redirectUris: ['https://warehouse.example.com/callback?canary-of-the-address'],
      }) as never,
    );
    const [made] = await changesOf('createOAuthApp');
    expect(made).toMatchObject({
      class: 'OAuthApp',
      id: oauthApp.id,
      after: { status: 'active', scopes: 'webhooks:read' },
    });
    const { clientSecret: other } = await owner().regenerateOAuthSecret(
      within({ oauthAppId: oauthApp.id }) as never,
    );
    const changes = await changesOf('regenerateOAuthSecret');
    expect(changes).toMatchObject([{ class: 'OAuthApp', id: oauthApp.id }]);
    const text = JSON.stringify([made, changes]);
    for (const secret of [clientSecret, other]) expect(text).not.toContain(secret);
    expect(text).not.toContain('canary-of-the-address');
  });

  it('records another text of the same length', async () => {
    const { id: webhookId } = await webhook('abc');
    await owner().updateWebhook(within({ webhookId, name: 'xyz' }) as never);
    const [{ before, after }] = await changesOf('updateWebhook');
    expect([before.name, after]).toEqual(['[3 characters]', { name: '[3 characters]' }]);
  });

  it('records of a changed secret only the time', async () => {
    const { id: webhookId } = await webhook();
    hub.clock.advance(1_000);
    await owner().rotateWebhookSecret(within({ webhookId }) as never);
    const [{ after }] = await changesOf('rotateWebhookSecret');
    expect(Object.keys(after)).toEqual(['secretChangedAt']);
  });

  it('has members with their roles', async () => {
    const { id: userId } = team.outsider;
    const changeOf = async (name: 'setOrganizationMemberRole') => (await changesOf(name))?.[0];
    const row = { class: 'Membership', id: userId };
    await addMember(hub, within({ userId, role: 'viewer' }) as never);
    expect(await changesOf('addOrganizationMember')).toEqual([
      { ...row, after: { role: 'viewer' } },
    ]);
    await owner().setOrganizationMemberRole(within({ userId, role: 'developer' }) as never);
    expect(await changeOf('setOrganizationMemberRole')).toEqual({
      ...row,
      before: { role: 'viewer' },
      after: { role: 'developer' },
    });
    await owner().setOrganizationMemberRole(within({ userId, role: 'developer' }) as never);
    expect(await changeOf('setOrganizationMemberRole')).toEqual({
      ...row,
      before: { role: 'developer' },
      after: {},
    });
    const asAdmin = hub.as(team.admin);
    await asAdmin.createApiKey(
      within({ name: 'of the admin', scopes: ['webhooks:read'] }) as never,
    );
    await owner().removeOrganizationMember(within({ userId: team.admin.id }) as never);
    expect(await changesOf('removeOrganizationMember')).toEqual([
      { ...row, id: team.admin.id, before: { role: 'admin' } },
      // The member's keys were revoked.
      {
        class: 'APIKey',
        id: expect.any(String),
        before: expect.objectContaining({ status: 'active', scopes: 'webhooks:read' }),
        after: { status: 'revoked', revokedAt: expect.stringMatching(/Z$/) },
      },
    ]);
  });

  it('has each of several rows, and of one that changed twice the first and the last state', async () => {
    const made = async () =>
      (
        await owner().createConnection(
          within({
            connector: 'acme',
            authMethod: 'key',
            name: 'x',
            credential: { token: KEY },
          }) as never,
        )
      ).connection.id;
    const connectionIds = [await made(), await made()];
    const [{ before, after }] = await changesOf('createConnection');
    expect(before).toBeUndefined();
    expect(after).toMatchObject({ connector: 'acme', authMethod: 'key', state: 'connected' });
    await owner().disconnectConnections(within({ connectionIds }) as never);
    const changes = await changesOf('disconnectConnections');
    expect(changes.map(({ id }: Json) => id).sort()).toEqual([...connectionIds].sort());
    expect(changes[0]).toMatchObject({
      before: { state: 'connected' },
      after: { state: 'disconnected' },
    });
  });

  it('has no rows that were created and deleted again, and none of refused calls', async () => {
    const request = {
      connector: 'acme',
      authMethod: 'key',
      name: 'x',
      credential: { token: 'key_wrong' },
    };
    const { body } = await hub.call('createConnection', within(request), team.owner);
    expect(body.error).toEqual(expect.any(String));
    expect(await changesOf('createConnection')).toBeUndefined();
    await hub.call('updateWebhook', within({ webhookId: 'x', name: 'y' }), team.viewer);
    expect(await changesOf('updateWebhook')).toBeUndefined();
  });

  it('records a connection that a call lost, though the successful call is recorded elsewhere', async () => {
    const { connection } = await owner().createConnection(
      within({
        connector: 'acme',
        authMethod: 'key',
        name: 'lost',
        credential: { token: KEY },
      }) as never,
    );
    const integration = { name: 'i', connector: 'acme', connectionId: connection.id };
    const made = await owner().createIntegration(within(integration) as never);
    provider.tokens.delete(KEY);
    try {
      const call = { integrationId: made.integration.id, action: 'getMe' };
      await hub.call('executeIntegration', within(call), team.owner);
    } finally {
      provider.tokens.add(KEY);
    }
    expect(await changesOf('executeIntegration')).toEqual([
      expect.objectContaining({
        class: 'ServiceConnection',
        id: connection.id,
        after: expect.objectContaining({ state: 'reconnect' }),
      }),
    ]);
  });

  it('is found by a row that only its changes name', async () => {
    const { apiKey } = await owner().createApiKey(
      within({ name: 'found', scopes: ['webhooks:read'] }) as never,
    );
    const { items } = await owner().getAuditLog(within({ rowId: apiKey.id }));
    expect(items.map(({ function: name }) => name)).toEqual(['createApiKey']);
  });
});

describe('the hub’s own work', () => {
  it('is recorded: a webhook disabled because its receiver is gone', async () => {
    const { id } = await webhook('gone');
    receiver.respond({ status: 410 });
    await owner().publishEvent(within({ type: 'order.paid', data: {} }) as never);
    await hub.app.services.deliverDue();
    const { items } = await owner().getAuditLog(within({ function: 'lane.webhook' }));
    expect(items.find(({ changes }) => changes?.[0]?.id === id)).toMatchObject({
      actor: 'hub',
      outcome: 'ok',
      requestId: expect.stringMatching(/^req_/),
      changes: [
        {
          before: { status: 'active' },
          after: { status: 'disabled', disabledReason: 'The receiver responded 410 Gone.' },
        },
      ],
    });
  });

  it('is recorded: a connection whose token the service rejects; not each refresh', async () => {
    const { url, connection } = await owner().startConnection(
      within({ connector: 'acme', name: 'lives' }) as never,
    );
    const { state, cookie } = await begin(url);
    expect((await comeBack(hub.url, { state, cookie })).status).toBe(200);
    const entriesNow = async () =>
      (await owner().getAuditLog(within({ rowId: connection.id, actor: 'hub' }))).items;
    hub.clock.advance(3_500_000);
    await hub.app.services.refreshDue();
    expect(await entriesNow()).toEqual([]);
    provider.refreshTokens.clear();
    hub.clock.advance(3_500_000);
    await hub.app.services.refreshDue();
    expect(await entriesNow()).toMatchObject([
      {
        function: 'lane.connection',
        changes: [{ before: { state: 'connected' }, after: { state: 'reconnect' } }],
      },
    ]);
  });

  it('is recorded: each run of a job, with its result', async () => {
    await hub.rest('POST', '/jobs/reencryptSecrets', master, {});
    let entries: Json[] = [];
    while (entries.length === 0)
      entries = await entriesOf(hub, { function: 'job.reencryptSecrets' });
    expect(entries[0]).toMatchObject({ chain: 'hub', actor: 'hub', outcome: 'ok' });
    expect(JSON.parse(entries[0].result).message).toMatch(/^Re-encrypted/);
  });
});

describe('a consent that ends in a browser', () => {
  it('is recorded like the function that finishes one', async () => {
    const { url, connection } = await owner().startConnection(
      within({ connector: 'acme', name: 'consented' }) as never,
    );
    const { state, cookie } = await begin(url);
    expect((await comeBack(hub.url, { state, cookie: '' })).status).toBe(400);
    const [refused] = await entriesOf(hub, { actor: 'browser', outcome: 'refused' });
    const refusal = { chain: 'hub', function: 'finishConnection', error: 'BrowserNotKnown' };
    expect(refused).toMatchObject(refusal);
    expect((await comeBack(hub.url, { state, cookie })).status).toBe(200);
    const [entry] = (await owner().getAuditLog(within({ rowId: connection.id }))).items;
    expect(entry).toMatchObject({
      function: 'finishConnection',
      actor: 'browser',
      outcome: 'ok',
      agent: 'node',
      address: expect.stringContaining('127.0.0.1'),
      changes: [{ before: { state: 'waiting' }, after: { state: 'connected' } }],
    });
    expect(JSON.stringify(entry)).not.toContain(state);
  });
});

describe('a flood of anonymous calls', () => {
  it('is twenty entries a minute and one with the number of the others', async () => {
    await hub.app.services.audit.flush();
    hub.clock.advance(60_000);
    const since = hub.clock.now().toISOString();
    await Promise.all(Array.from({ length: 120 }, () => hub.call('getWebhooks', {})));
    await Promise.all(Array.from({ length: 30 }, () => hub.call('getWebhooks', {}, team.viewer)));
    const refused = async () =>
      (await hub.call('getHubAuditLog', { actor: 'anonymous', from: since, limit: 100 }, master))
        .body.result.items as Json[];
    expect(await refused()).toHaveLength(20);
    hub.clock.advance(60_000);
    await hub.call('getWebhooks', {});
    const [first, second, ...others] = await refused();
    expect([first.function, second.function].sort()).toEqual(['(several)', 'getWebhooks']);
    const folded = [first, second].find(({ function: name }) => name === '(several)');
    expect(folded).toMatchObject({
      actor: 'anonymous',
      outcome: 'refused',
      params: { refusals: 100, functions: 1, addresses: 1 },
    });
    expect(others).toHaveLength(20);
    const { result } = (await hub.call('verifyHubAuditLog', {}, master)).body;
    expect(result).toMatchObject({ isWhole: true, unsealed: 0 });
  });
});

describe('a key that is refused', () => {
  const call = (key: string, name = 'getWebhooks', headers: object = {}) =>
    hub.call(name, {}, { headers: { 'x-api-key': key, ...headers } });

  it('is recorded for its organization, five times a minute and then as a number', async () => {
    const { apiKey, key } = await owner().createApiKey(
      within({ name: 'far', scopes: ['webhooks:read'], addresses: ['192.0.2.1'] }) as never,
    );
    const refused = await call(key);
    expect([refused.status, refused.body.code]).toEqual([403, 8109]);
    for (let nth = 0; nth < 9; nth += 1) await call(key, nth % 2 === 0 ? 'getEvents' : 'nothing');
    await owner().revokeApiKey(within({ apiKeyId: apiKey.id }) as never);
    await call(key);
    await hub.app.services.audit.flush();
    const log = await owner().getAuditLog(within({ actor: apiKey.id, outcome: 'refused' }));
    const of = { actor: 'apiKey', actorId: team.owner.id, keyId: apiKey.id };
    expect(log.items.map(({ function: name }) => name)).toEqual([
      ...['(several)', '(others)', 'getEvents', '(others)', 'getEvents', 'getWebhooks'],
    ]);
    expect(log.items[0]).toMatchObject({ ...of, params: { refusals: 6, functions: 3 } });
    expect(log.items.at(-1)).toMatchObject({ ...of, error: 'ApiKeyAddressNotAllowed' });
    expect(JSON.stringify(log)).not.toContain(key.slice(10));
  });

  it('is recorded in the hub’s own chain when it is unknown', async () => {
    hub.clock.advance(60_000);
    await call('hub_live_00000000000000000000000000000000000000000003qDBdK');
    const [entry] = await entriesOf(hub, { error: 'ApiKeyNotValid', actor: 'anonymous' });
    expect(entry).toMatchObject({ chain: 'hub', function: 'getWebhooks', code: 7009 });
  });
});

describe('the recorded row', () => {
  it('has no hidden or encrypted fields', async () => {
    const classes: readonly ClassSpec[] = schemas;
    for (const { name, audited = [], hidden = [], sealed = [] } of classes) {
      const kept: readonly string[] = [...hidden, ...sealed];
      expect([name, audited.filter((field) => kept.includes(field))]).toEqual([name, []]);
    }
    const rows = await entriesOf(hub, { chain: chainName(team.organizationId) });
    const all = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(20);
    for (const secret of [KEY, 'canary-of', 'secret-path', 'enc:1:']) {
      expect([secret, all.includes(secret)]).toEqual([secret, false]);
    }
    const names = new Set(
      rows.flatMap(({ changes = '[]' }) =>
        (JSON.parse(changes) as Json[]).flatMap(({ before, after }) =>
          Object.keys({ ...before, ...after }),
        ),
      ),
    );
    for (const { hidden = [], sealed = [] } of classes) {
      for (const field of [...hidden, ...sealed]) expect(names).not.toContain(field);
    }
  });
});
