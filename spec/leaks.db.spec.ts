import { randomBytes } from 'node:crypto';

import { type ForkedHost, forkHost } from './support/hostFixtures/forkHost.js';
import type { Caller, Json } from './support/hub.js';
import { type Receiver, startReceiver } from './support/receiver.js';
import { createStore, type Store } from './support/store.js';

/** Returns a unique value. If it appears anywhere, the secret that it represents has leaked. */
const canary = (kind: string) => `canary-${kind}-${randomBytes(12).toString('hex')}`;
/** Returns a unique value in the format of a webhook's secret. */
const canarySecret = () => `whsec_${randomBytes(24).toString('base64')}`;

const canaries = {
  secret: canarySecret(),
  rotated: canarySecret(),
  header: canary('header'),
  urlPassword: canary('urlpassword'),
  urlToken: canary('urltoken'),
  data: canary('data'),
  dataName: canary('dataname'),
  idempotencyKey: canary('key'),
  unknownValue: canary('value'),
  wrongValue: canary('wrong'),
  cursor: canary('cursor'),
  description: canary('description'),
  response: canary('response'),
  password: canary('password'),
  wrongToken: `r:${canary('token')}`,
  wrongMasterKey: canary('wrongmaster'),
  masterKey: canary('master'),
  hubSecret: canary('hubsecret'),
  providerSecret: canary('provider'),
  providerKey: canary('providerkey'),
  integrationHeader: canary('integrationheader'),
};
/** The caller's own error may repeat the name of an unknown parameter, but the hub's log must not contain it. */
const unknownName = canary('name');

interface RestResponse {
  readonly status: number;
  readonly body: Json;
}

describe('secrets', () => {
  let store: Store;
  let receiver: Receiver;
  let host: ForkedHost;
  let written: Readonly<Record<string, string>>;
  /** Responses that refused a request, with the name of the function. */
  const refusals: (RestResponse & { readonly requested: string })[] = [];
  const tokens: string[] = [];
  /** Secrets that are shown once: keys, secrets of webhooks and apps, access tokens. */
  const shown: Record<string, string> = {};
  /** All rows of all classes, as the master key reads them. */
  let rows = '';
  const marks = { host: canary('host'), batch: canary('batch'), failing: canary('failing') };

  beforeAll(async () => {
    store = await createStore();
    receiver = await startReceiver();
    receiver.respond({ status: 200, body: canaries.response });
    host = await forkHost({
      parse: { appId: 'leaks', masterKey: canaries.masterKey, databaseURI: store.uri },
      hub: { secret: canaries.hubSecret, allowedTargets: '127.0.0.1', logLevel: 'debug' },
    });
    await everything();
    written = await host.stop();
  });
  afterAll(async () => {
    await receiver.close();
    await store.drop();
  });

  async function send(
    method: string,
    path: string,
    as: Caller,
    body?: Json,
  ): Promise<RestResponse> {
    if (host.news.kind !== 'ready') throw new Error(host.news.message);
    const response = await fetch(`${host.news.url}/parse${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-parse-application-id': 'leaks',
        ...(as.sessionToken !== undefined && { 'x-parse-session-token': as.sessionToken }),
        ...(as.masterKey !== undefined && { 'x-parse-master-key': as.masterKey }),
        ...as.headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  async function call(name: string, params: Json, as: Caller): Promise<Json> {
    const { status, body } = await send('POST', `/functions/${name}`, as, params);
    if (status !== 200) throw new Error(`${name}: ${JSON.stringify(body)}`);
    return body.result;
  }

  async function expectRefusal(name: string, params: Json, as: Caller): Promise<void> {
    const { status, body } = await send('POST', `/functions/${name}`, as, params);
    expect([name, status, body.result]).toEqual([name, 400, undefined]);
    refusals.push({ requested: name, status, body });
  }

  async function signUp(): Promise<Caller> {
    const username = `user${tokens.length}`;
    const user = { username, password: canaries.password };
    // Parse Server logs the token of this session, because the host has a trigger on users.
    await send('POST', '/users', {}, user);
    const { body } = await send('POST', '/login', {}, user);
    tokens.push(body.sessionToken);
    return { sessionToken: body.sessionToken };
  }

  /** Produces every kind of response, with a canary in every input. */
  async function everything(): Promise<void> {
    const [owner, viewer, outsider] = [await signUp(), await signUp(), await signUp()];
    const webhookId = await succeed(owner);
    await refuse({ owner, viewer, outsider, webhookId });
    await mixed(owner);
    await withKeys(owner);
    await withTokens(owner);
    rows = await everyRow();
  }

  async function withKeys(owner: Caller): Promise<void> {
    const request = { name: 'k', scopes: ['webhooks:read'] };
    const { key, apiKey } = await call('createApiKey', request, owner);
    const { key: rotated } = await call('rotateApiKey', { apiKeyId: apiKey.id }, owner);
    Object.assign(shown, { key: key.slice(10), rotatedKey: rotated.slice(10) });
    for (const secret of [key, rotated]) {
      const as = { headers: { 'x-api-key': secret } };
      await call('getWebhooks', {}, as);
      await tryCall('createWebhook', { name: secret }, as);
      await tryCall('getWebhooks', { [secret]: 1 }, { headers: { 'x-api-key': `${secret}0` } });
      await tryCall('getWebhooks', {}, { ...as, ...owner });
      await tryCall('verifyApiKey', { key: secret }, owner);
    }
    const client = { clientId: 'client', clientSecret: canaries.providerSecret };
    await call('installExtension', { connector: 'github', client }, owner);
    const credential = { token: canaries.providerKey };
    const connection = { connector: 'github', authMethod: 'token', name: 'x', credential };
    await tryCall('createConnection', connection, owner);
    await tryCall('validateCredentials', { ...connection, name: undefined }, owner);
    await withHeaders(owner);
  }

  async function withHeaders(owner: Caller): Promise<void> {
    const headers = { 'X-Api-Key': canaries.integrationHeader };
    const given = { name: 'i', connector: 'github', headers };
    const { integration } = await call('createIntegration', given, owner);
    const integrationId = integration.id;
    await tryCall('updateIntegration', { integrationId, headers, timeoutMs: 'soon' }, owner);
    await tryCall(
      'createIntegration',
      { ...given, headers: { Host: canaries.integrationHeader } },
      owner,
    );
    const action = { integrationId, action: 'listRepositories' };
    for (const name of ['executeIntegration', 'explainExecution'])
      await tryCall(name, action, owner);
    const seen = await call('getIntegrations', {}, owner);
    expect(JSON.stringify(seen)).not.toContain(canaries.integrationHeader);
  }

  async function withTokens(owner: Caller): Promise<void> {
    const request = { name: 'a', grants: ['clientCredentials'], scopes: ['webhooks:read'] };
    const { oauthApp, clientSecret } = await call('createOAuthApp', request, owner);
    const granted = await tokenFor(oauthApp.id, clientSecret);
    const { access_token: token } = granted.body;
    expect([granted.status, typeof token]).toEqual([200, 'string']);
    const { clientSecret: later } = await call(
      'regenerateOAuthSecret',
      { oauthAppId: oauthApp.id },
      owner,
    );
    Object.assign(shown, { clientSecret, later, token });
    await tokenFor(oauthApp.id, `${clientSecret as string}x`);
    await tokenFor(clientSecret, clientSecret);
    const as = { headers: { authorization: `Bearer ${token as string}` } };
    await call('getWebhooks', {}, as);
    await tryCall('createWebhook', { name: token }, as);
    await tryCall('getWebhooks', {}, { headers: { authorization: `Bearer ${token as string}x` } });
    await tryCall('getWebhooks', {}, { ...as, ...owner });
  }

  async function tokenFor(id: string, secret: string): Promise<RestResponse> {
    if (host.news.kind !== 'ready') throw new Error(host.news.message);
    const response = await fetch(`${host.news.url}/hub/oauth/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'webhooks:read' }),
    });
    const result = { status: response.status, body: (await response.json()) as Json };
    if (result.status !== 200) refusals.push({ requested: 'a token', ...result });
    return result;
  }

  /** Makes a call that may fail. A refusal is checked with the others. */
  async function tryCall(name: string, params: Json, as: Caller): Promise<void> {
    const { status, body } = await send('POST', `/functions/${name}`, as, params);
    // Only the caller's own response repeats the name of an unknown parameter.
    if (status !== 200 && !/^Unrecognized key/.test(body.error)) {
      refusals.push({ requested: name, status, body });
    }
  }

  async function everyRow(): Promise<string> {
    const master = { masterKey: canaries.masterKey };
    const { body } = await send('GET', '/schemas', master);
    const names: string[] = body.results.map(({ className }: Json) => className);
    expect(names).toEqual(expect.arrayContaining(['APIKey', 'AuditLog', 'OAuthApp', 'Extension']));
    const found = await Promise.all(
      names
        // Parse Server itself stores session tokens in plain text.
        .filter((name) => name !== '_Session')
        .map((name) => send('GET', `/classes/${name}?limit=1000`, master)),
    );
    return found.map((response) => JSON.stringify(response.body)).join('\n');
  }

  async function succeed(owner: Caller): Promise<string> {
    await call('createOrganization', { name: 'Acme' }, owner);
    await call('inviteOrganizationMember', { email: 'user1@example.com', role: 'viewer' }, owner);
    await call(
      'createEventType',
      {
        name: 'strict.event',
        description: canaries.description,
        schema: {
          type: 'object',
          properties: { note: { type: 'number' } },
          additionalProperties: false,
        },
      },
      owner,
    );
    const { webhook } = await call(
      'createWebhook',
      {
        name: 'orders',
        url: `${receiver.url}/?token=${canaries.urlToken}`,
        events: ['order.*'],
        headers: { Authorization: `Bearer ${canaries.header}` },
        secret: canaries.secret,
      },
      owner,
    );
    const data = { note: canaries.data, [canaries.dataName]: 1 };
    const event = { type: 'order.paid', data, idempotencyKey: canaries.idempotencyKey };
    await call('publishEvent', event, owner);
    await receiver.next();
    const rotation = { webhookId: webhook.id, secret: canaries.rotated };
    await call('rotateWebhookSecret', rotation, owner);
    for (const name of ['getWebhooks', 'getEvents', 'getWebhookDeliveries', 'getEventTypes']) {
      await call(name, {}, owner);
    }
    return webhook.id;
  }

  async function refuse(callers: {
    owner: Caller;
    viewer: Caller;
    outsider: Caller;
    webhookId: string;
  }): Promise<void> {
    const { owner, viewer, outsider, webhookId } = callers;
    const all = {
      name: canaries.description,
      url: `https://user:${canaries.urlPassword}@example.com/`,
      events: ['order.*'],
      secret: canaries.secret,
      headers: { 'X-Key': canaries.header },
    };
    for (const as of [{}, outsider, viewer, { sessionToken: canaries.wrongToken }]) {
      await expectRefusal('createWebhook', all, as);
    }
    await expectRefusal('createWebhook', all, { masterKey: canaries.wrongMasterKey });
    await expectRefusal('createWebhook', all, { masterKey: canaries.masterKey });
    const { wrongValue } = canaries;
    const wrong: readonly (readonly [string, Json])[] = [
      ['createWebhook', all],
      ['createWebhook', { ...all, url: wrongValue }],
      ['createWebhook', { ...all, url: `http://10.0.0.1/${wrongValue}` }],
      ['createWebhook', { ...all, url: `https://nowhere.invalid/${wrongValue}` }],
      ['createWebhook', { ...all, secret: `whsec_${wrongValue}` }],
      ['createWebhook', { ...all, secret: wrongValue }],
      ['createWebhook', { ...all, headers: wrongValue }],
      ['createWebhook', { ...all, headers: { Host: wrongValue } }],
      ['createWebhook', { ...all, headers: { 'X-Bad': `${wrongValue}\r\nX-More: 1` } }],
      ['createWebhook', { ...all, events: [wrongValue, 7] }],
      ['createWebhook', { ...all, status: wrongValue, signature: wrongValue, retry: wrongValue }],
      ['createWebhook', { ...all, timeoutSeconds: wrongValue, name: { wrongValue } }],
      ['createWebhook', { ...all, legacySignatureHeader: `${wrongValue} :` }],
      ['createWebhook', { ...all, organizationId: wrongValue }],
      ['createWebhook', { ...all, organizationId: [wrongValue] }],
      ['createWebhook', { ...all, [unknownName]: canaries.unknownValue }],
      ['updateWebhook', { webhookId, status: wrongValue }],
      ['getWebhook', { webhookId: wrongValue }],
      ['getWebhook', { webhookId: { $ne: wrongValue } }],
      ['rotateWebhookSecret', { webhookId, secret: wrongValue }],
      ['getEvents', { cursor: canaries.cursor }],
      ['getEvents', { limit: wrongValue }],
      ['publishEvent', { type: 'strict.event', data: { note: canaries.data } }],
      ['publishEvent', { type: 'strict.event', data: { [canaries.dataName]: 1 } }],
      ['publishEvent', { type: wrongValue, data: canaries.data }],
      [
        'publishEvent',
        { type: 'order.paid', data: { other: 1 }, idempotencyKey: canaries.idempotencyKey },
      ],
      ['publishEvents', { events: [{ type: wrongValue, data: { note: canaries.data } }] }],
      ['createEventType', { name: 'broken', schema: { type: wrongValue } }],
      ['acceptOrganizationInvitation', { token: wrongValue }],
      ['inviteOrganizationMember', { email: `${wrongValue}@example.com`, role: wrongValue }],
      ['setOrganizationMemberRole', { userId: wrongValue, role: 'viewer' }],
      ['retryWebhookDelivery', { deliveryId: wrongValue }],
    ];
    for (const [name, params] of wrong) await expectRefusal(name, params, owner);
  }

  /** Calls the host's own functions, alone and in one batch with the hub's. */
  async function mixed(owner: Caller): Promise<void> {
    await call('hostEcho', { mark: marks.host }, owner);
    await send('POST', '/functions/hostFails', owner, { mark: marks.failing });
    const secret = { name: 'x', url: `${receiver.url}/`, events: ['*'], secret: canaries.secret };
    const requests = [
      ['hostEcho', { mark: `${marks.batch}-first` }],
      ['createWebhook', secret],
      ['hostEcho', { mark: `${marks.batch}-middle` }],
      ['createWebhook', { ...secret, events: canaries.wrongValue }],
      ['hostEcho', { mark: `${marks.batch}-last` }],
      ['hostCallsHub', {}],
    ].map(([name, body]) => ({ method: 'POST', path: `/parse/functions/${name as string}`, body }));
    for (const each of [requests, [...requests].reverse()]) {
      const { body } = await send('POST', '/batch', owner, { requests: each });
      const results = body.map((part: Json) => (part.success ? 'success' : 'error'));
      expect(results.filter((result: string) => result === 'error')).toHaveLength(1);
    }
  }

  it('are not in the output of the process', () => {
    expect(Object.keys(written)).toEqual(
      expect.arrayContaining(['stdout', 'stderr', expect.stringContaining('parse-server.info')]),
    );
    const all = {
      ...canaries,
      ...shown,
      ...Object.fromEntries(tokens.map((token, n) => [`token${n}`, token])),
    };
    for (const [where, text] of Object.entries(written)) {
      const found = Object.entries(all).filter(([, value]) => text.includes(value));
      expect([where, found.map(([kind]) => kind)]).toEqual([where, []]);
    }
  });

  it('are not stored in plain text', () => {
    // Values that users can read again are not secrets, such as the URL of a webhook, its name and the data of an event.
    const kept = ['urlToken', 'description', 'data', 'dataName', 'idempotencyKey', 'response'];
    const secrets = { ...canaries, ...shown };
    expect(Object.keys(shown)).toEqual([
      ...['key', 'rotatedKey', 'clientSecret', 'later', 'token'],
    ]);
    expect(rows).toContain('sealedClient');
    const found = Object.entries(secrets).filter(
      ([kind, value]) => !kept.includes(kind) && rows.includes(value),
    );
    expect(found.map(([kind]) => kind)).toEqual([]);
  });

  it('are not in any refusal', () => {
    expect(refusals.length).toBeGreaterThan(35);
    for (const { requested, body } of refusals) {
      const found = Object.entries({ ...canaries, ...shown }).filter(([, value]) =>
        JSON.stringify(body).includes(value),
      );
      expect([requested, body, found.map(([kind]) => kind)]).toEqual([requested, body, []]);
    }
  });

  it('are not in the hub’s log, not even as the name of a parameter', () => {
    const lines = hubLines(written['stdout'] ?? '');
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.filter((line) => JSON.stringify(line).includes(unknownName))).toEqual([]);
    expect(lines.filter(({ params }) => params?.['(undeclared)'] === 1)).toHaveLength(1);
  });

  it('are hidden without hiding the log lines of the host’s own functions', () => {
    for (const file of ['stdout', namesOf(written, 'parse-server.info')]) {
      const text = written[file] ?? '';
      for (const mark of [marks.host, marks.failing]) expect(text).toContain(mark);
      for (const at of ['first', 'middle', 'last']) {
        // Twice: once for each order of the batch.
        const lines = text.split('Ran cloud function hostEcho').slice(1);
        expect(lines.filter((line) => line.includes(`${marks.batch}-${at}`))).toHaveLength(2);
      }
      expect(text.split('Ran cloud function hostCallsHub')).toHaveLength(3);
      expect(text).not.toContain('cloud function createWebhook');
      expect(text).not.toContain('cloud function getOrganizations');
    }
  });
});

function namesOf(written: Readonly<Record<string, string>>, start: string): string {
  return Object.keys(written).find((name) => name.startsWith(start)) ?? '';
}

/** Returns the hub's lines, which are the JSON lines. */
function hubLines(text: string): Json[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line): Json => JSON.parse(line));
}
