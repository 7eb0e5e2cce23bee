import { connect } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { manifest } from '../../cloud/manifest.js';
import { type AnyFunction, commonErrors } from '../../src/contract/index.js';
import { type JsonSchema, jsonSchemaOf } from '../../src/reference/jsonSchema.js';
import { callAll } from '../cloud/callers.js';
import { startTeam, type Team } from '../cloud/team.js';
import {
  anonymous,
  type Caller,
  type Json,
  master,
  shareHub,
  type TestHub,
} from '../support/hub.js';

const functions: readonly AnyFunction[] = manifest;

let hub: TestHub;
let team: Team;
let key: Caller;
beforeAll(async () => {
  hub = await shareHub();
  team = await startTeam(hub);
  const { organizationId } = team;
  const made = await hub
    .as(team.owner)
    .createApiKey({ organizationId, name: 'k', scopes: ['webhooks:read'] });
  key = { headers: { 'x-api-key': made.key } };
});
afterAll(() => hub.stop());

/** Sends a request to Parse Server with this exact body. */
async function send(
  path: string,
  body: string | Buffer | ReadableStream,
  headers: object = {},
): Promise<Json> {
  const response = await fetch(`${hub.url}/parse${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-parse-application-id': hub.appId,
      'x-parse-session-token': team.owner.sessionToken,
      ...headers,
    },
    body,
    // For a body in parts.
    duplex: 'half',
  });
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

/** Returns a body that is sent in parts of 1,000 characters, without a length. */
function partsOf(text: string): ReadableStream {
  const parts = text.match(/.{1,1000}/gs) ?? [];
  return ReadableStream.from(parts.map((part) => Buffer.from(part))) as ReadableStream;
}

describe('bypassing access checks', () => {
  const inBatch = (as: Caller, request: Json) =>
    hub.rest('POST', '/batch', as, { requests: [request] });
  const call = { method: 'POST', path: '/parse/functions/getAuditLog', body: {} };
  const asGet = async (path: string) => {
    const headers = { 'content-type': 'application/json', ...key.headers };
    const body = JSON.stringify({ _method: 'GET' });
    const { status } = await fetch(`${hub.url}/parse${path}`, { method: 'POST', headers, body });
    return { status, body: {} as Json };
  };

  it.each([
    ['a batch', () => inBatch(key, call)],
    [
      'a path with more slashes',
      () => inBatch(key, { ...call, path: '/parse//functions//getAuditLog' }),
    ],
    ['a path with ..', () => inBatch(key, { ...call, path: '/parse/x/../functions/getAuditLog' })],
    ['another method in the body', () => asGet('/functions/getAuditLog')],
    ['more slashes outside a batch', () => hub.rest('POST', '//functions//getAuditLog', key, {})],
    ['escapes', () => hub.rest('POST', '/functions/%67etAuditLog', key, {})],
    ['capitals', () => hub.rest('POST', '/Functions/getAuditLog', key, {})],
  ])('requires the same scope: %s', async (_what, send) => {
    const { status, body } = await send();
    const { code } = Array.isArray(body) ? (body[0].error ?? {}) : body;
    // Parse Server has no route for another method.
    if (status !== 404) expect([7003, 8108]).toContain(code);
    expect(JSON.stringify(body)).not.toContain('"items"');
  });

  it('is refused for a batch within a batch', async () => {
    const nested = { method: 'POST', path: '/parse/batch', body: { requests: [call] } };
    for (const as of [key, team.owner, anonymous]) {
      const { status, body } = await inBatch(as, nested);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(body)).not.toContain('"items"');
    }
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'prototype.constructor'])(
    'is refused for names of properties of every object: %s',
    async (name) => {
      for (const as of [anonymous, team.owner, master, key]) {
        const { status, body } = await hub.call(name, {}, as);
        expect(status).toBeGreaterThanOrEqual(400);
        expect(body).not.toHaveProperty('result');
      }
    },
  );

  it('is refused for a context forged by the caller', async () => {
    const { organizationId, viewer } = team;
    const context = { actor: { kind: 'master', readOnly: false }, userId: team.owner.id };
    const forged = { 'x-parse-cloud-context': JSON.stringify(context) };
    const headers = { ...forged, 'x-parse-session-token': viewer.sessionToken };
    const text = JSON.stringify({ organizationId, _context: context, _ApplicationId: hub.appId });
    for (const type of ['application/json', 'text/plain']) {
      const { body } = await send('/functions/getAuditLog', text, {
        ...headers,
        'content-type': type,
      });
      expect(body).not.toHaveProperty('result');
    }
  });
});

describe('a condition instead of a value', () => {
  const conditions: readonly unknown[] = [
    ...[{ $ne: null }, { $gt: '' }, { $regex: '.*' }, { $in: ['x'] }, { $where: 'true' }],
    ...[{ __type: 'Pointer', className: '_User', objectId: 'x' }, ['x'], 0, true, 'x'.repeat(1e6)],
  ];
  const named = functions.flatMap((spec) => {
    const { properties = {} } = jsonSchemaOf(spec.params, 'input');
    const isPlain = ({ type, enum: choices }: JsonSchema) => type === 'string' && !choices;
    const names = Object.keys(properties).filter(
      (name) =>
        /Id$|^(?:type|name|connector|cursor|actor|key|state)$/.test(name) &&
        isPlain(properties[name] ?? {}),
    );
    return names.length > 0 ? [[spec.name, { spec, names }] as const] : [];
  });

  it.each(named)('is refused, and finds nothing: %s', async (name, { spec, names }) => {
    const { organizationId } = team;
    const own = spec.access.kind === 'permission' ? { organizationId } : {};
    const calls = names.flatMap((param) =>
      conditions.map((value) => ({
        name,
        params: { ...spec.example.params, ...own, [param]: value },
      })),
    );
    const as = spec.access.kind === 'master' ? master : team.owner;
    const codes = (await callAll(hub, calls, as)).map(({ code }) => code);
    const { InvalidParameters, InvalidCursor, OrganizationNotFound } = commonErrors;
    const refusals: readonly unknown[] = [
      ...[InvalidParameters.spec.code, InvalidCursor.spec.code],
      // The organization is checked before the length of a name.
      OrganizationNotFound.spec.code,
    ];
    for (const [nth, code] of codes.entries()) {
      const given = JSON.stringify(conditions[nth % conditions.length]).slice(0, 40);
      expect([given, code, refusals.includes(code)]).toEqual([given, code, true]);
    }
  });
});

describe('prototype pollution', () => {
  const dirt =
    '{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"a":1}';

  it.each([
    ['createApiKey', `"name":"k","scopes":["webhooks:read"],"metadata":${dirt}`],
    ['publishEvent', `"type":"a.b","data":${dirt}`],
    ['createWebhook', `"name":"w","url":"http://127.0.0.1:9/","events":["a"],"headers":${dirt}`],
    ['createWebhook', `"name":"w","url":"http://127.0.0.1:9/","events":["a"],"retry":${dirt}`],
    ['createIntegration', `"name":"i","connector":"slack","limits":${dirt}`],
    ['createIntegration', `"name":"i","connector":"slack","request":{"input":${dirt}}`],
    ['createEventType', `"name":"x.y","schema":${dirt}`],
    ['getWebhooks', `"__proto__":{"polluted":"yes"}`],
  ])('does not change any object: %s %s', async (name, members) => {
    const text = `{"organizationId":"${team.organizationId}",${members}}`;
    const { status, text: responseText } = await send(`/functions/${name}`, text);
    expect(status).toBeLessThan(500);
    expect(({} as Json).polluted).toBeUndefined();
    expect(responseText).not.toContain('"polluted":"yes"},"polluted"');
    expect((await hub.rest('GET', '/health')).status).toBe(200);
  });
});

describe('an oversized request', () => {
  const params = (text: string) => `{"organizationId":"${team.organizationId}",${text}}`;
  const many = (count: number) =>
    Array.from({ length: count }, (_, nth) => `"k${String(nth)}":1`).join(',');

  it.each([
    ['25 MB of JSON', () => send('/functions/getWebhooks', params(`"x":"${'x'.repeat(25e6)}"`))],
    [
      '25 MB compressed to 25 kB',
      () =>
        send('/functions/getWebhooks', gzipSync(params(`"x":"${' '.repeat(25e6)}"`)), {
          'content-encoding': 'gzip',
        }),
    ],
    [
      'a depth of 100,000',
      () => send('/functions/getWebhooks', params(`"x":${'['.repeat(1e5)}${']'.repeat(1e5)}`)),
    ],
    ['200,000 names', () => send('/functions/getWebhooks', params(many(200_000)))],
    [
      '200,000 names in a free-form object',
      () => send('/functions/publishEvent', params(`"type":"a.b","data":{${many(200_000)}}`)),
    ],
    [
      'a header of 100 kB',
      () => send('/functions/getWebhooks', params('"x":1'), { 'x-long': 'x'.repeat(1e5) }),
    ],
    [
      'a request id of 8 kB',
      () => send('/functions/getWebhooks', params('"x":1'), { 'x-request-id': 'x'.repeat(8_000) }),
    ],
  ])('is refused, and the next caller is served: %s', async (_what, send) => {
    const { status, body } = await send();
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toHaveProperty('result');
    const { organizationId, owner } = team;
    expect((await hub.call('getWebhooks', { organizationId }, owner)).status).toBe(200);
  });

  const members = (count: number) => `{${many(count)}}`;
  const inBatch = (name: string, count: number, path = `/parse/functions/${name}`) =>
    `{"requests":[{"method":"POST","body":{"data":${members(count)}},"path":${JSON.stringify(path)}}]}`;
  const bodies: readonly [string, string, string][] = [
    ['too many parameters', '/functions/getWebhooks', members(1_001)],
    ['too many members', '/functions/publishEvent', `{"data":${members(51_000)}}`],
    [
      'too many members, in many objects',
      '//functions//publishEvent/',
      `[${`${members(10)},`.repeat(60_000)}1]`,
    ],
    ['too deep', '/functions/%70ublishEvent', `{"data":${'['.repeat(1_001)}${']'.repeat(1_001)}}`],
    [
      'too many objects in a list',
      '/functions/publishEvent',
      `{"data":{"a":[${'{},'.repeat(225_000)}1]}}`,
    ],
    [
      'too many lists in a list',
      '/functions/getWebhooks',
      `{"a":[${`${'['.repeat(900)}${']'.repeat(900)},`.repeat(300)}1]}`,
    ],
    ['too many elements', '/functions/getWebhooks', `{"a":[${'1,'.repeat(2_000_000)}1]}`],
    ['too many in a batch', '/batch', inBatch('publishEvent', 110_000)],
    [
      'an escaped name in a batch',
      '/batch',
      inBatch('x', 110_000).replace('functions/x', 'functions\\/\\u0070ublishEvent'),
    ],
    ['a detour in a batch', '/batch', inBatch('x', 110_000, '/parse/a/../functions/publishEvent')],
    [
      'a long detour in a batch',
      '/batch',
      inBatch('x', 110_000, `/parse/${'./'.repeat(5_000)}functions/publishEvent`),
    ],
  ];

  it.each(bodies)(
    'is refused before it is parsed, without credentials: %s',
    async (_what, path, text) => {
      const none = { 'x-parse-session-token': '' };
      const asIs = await send(path, text, none);
      expect([asIs.status, asIs.body.code]).toEqual([413, commonErrors.RequestTooLarge.spec.code]);
      const zipped = await send(path, gzipSync(text), { ...none, 'content-encoding': 'gzip' });
      expect([zipped.status, zipped.body.code]).toEqual([413, asIs.body.code]);
      const asSdk = await send(path, text, { ...none, 'content-type': 'text/plain' });
      expect([asSdk.status, asSdk.body.code]).toEqual([413, asIs.body.code]);
    },
  );

  it.each([
    ['another charset', Buffer.from('{"x":1}', 'utf16le'), 'application/json; charset=utf-16le'],
    ['a multipart form', Buffer.from('--b\r\n\r\n--b--'), 'multipart/form-data; boundary=b'],
  ])('is refused when it cannot be measured: %s', async (_what, body, type) => {
    const { status, body: response } = await send('/functions/getWebhooks', body, {
      'content-type': type,
    });
    expect([status, response.code]).toEqual([400, commonErrors.RequestNotReadable.spec.code]);
  });

  it('is the host’s own matter in its own functions, alone or in a batch', async () => {
    const alone = await send('/functions/hostOnly', members(55_000));
    expect(alone).toMatchObject({ status: 400, body: { code: 141 } });
    const { status, text } = await send('/batch', inBatch('hostOnly', 115_000));
    expect([status, text]).toEqual([200, expect.stringContaining('Invalid function')]);
  });

  it.each([
    ['in one part', {}, (text: string) => text],
    ['compressed', { 'content-encoding': 'gzip' }, (text: string) => gzipSync(text)],
    [
      'compressed with Brotli',
      { 'content-encoding': 'br' },
      (text: string) => brotliCompressSync(text),
    ],
    ['in many parts', {}, partsOf],
    ['by the SDK', { 'content-type': 'text/plain' }, (text: string) => text],
  ])('leaves the bytes of others as they are: %s', async (_what, headers, encode) => {
    const data = { text: 'ü😀"\\{[:', list: Array.from({ length: 30_000 }, (_, nth) => nth) };
    const { organizationId } = team;
    const body = JSON.stringify({ organizationId, type: 'size.right', data });
    const { status, body: response } = await send('/functions/publishEvent', encode(body), headers);
    expect(status).toBe(200);
    const { eventId } = response.result;
    const { event } = await hub.as(team.owner).getEvent({ organizationId, eventId });
    expect(JSON.parse(event.body).data).toEqual(data);
  });

  it('may be empty, and may end before its end', async () => {
    const { organizationId, owner } = team;
    expect((await send('/functions/getWebhooks', partsOf(''))).status).toBe(200);
    const { hostname, port } = new URL(hub.url);
    const lines = [
      'POST /parse/functions/getWebhooks HTTP/1.1',
      'Host: x',
      'Content-Length: 1000',
      '',
      '{',
    ];
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => undefined);
        await new Promise((sent) => socket.write(lines.join('\r\n'), sent));
        socket.destroy();
      }),
    );
    expect((await hub.call('getWebhooks', { organizationId }, owner)).status).toBe(200);
  });

  it('cannot block other callers by never ending', async () => {
    const { hostname, port } = new URL(hub.url);
    const sockets = Array.from({ length: 50 }, () => connect(Number(port), hostname));
    const begun = `POST /parse/functions/getWebhooks HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{`;
    for (const socket of sockets) socket.on('error', () => undefined).write(begun);
    try {
      const { organizationId, owner } = team;
      expect((await hub.call('getWebhooks', { organizationId }, owner)).status).toBe(200);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});

describe('a key in the URL', () => {
  it('is not accepted', async () => {
    const value = key.headers?.['x-api-key'] ?? '';
    for (const name of ['key', 'api_key', 'apiKey', 'access_token', 'x-api-key']) {
      const query = new URLSearchParams({ [name]: value }).toString();
      const { body } = await hub.rest('POST', `/functions/getWebhooks?${query}`, anonymous, {});
      expect([name, body.code]).toEqual([name, commonErrors.NotSignedIn.spec.code]);
    }
  });
});
