import { Pool } from 'undici';

import { guardedConnector } from '../../../src/platform/http/connect.js';
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type Lookup,
  NOTHING_ALLOWED,
  parseAllowList,
} from '../../../src/platform/http/index.js';
import { generateCertificate } from './certificate.js';
import { type RawServer, type RawServerOptions, startRawServer } from './rawServer.js';

// 127.0.0.2 stands for the internet: it is the only address that is let through. 127.0.0.3 is as private as ever.
const PUBLIC = '127.0.0.2';
const PRIVATE = '127.0.0.3';
const policy = { allowHttp: true, allowed: parseAllowList(`${PUBLIC},::1`) };
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

/** Returns the next of `results` for each lookup, the last one repeatedly, and counts. */
function resolvingTo(...results: (readonly string[])[]): Lookup & { readonly questions: string[] } {
  const questions: string[] = [];
  const lookup: Lookup = async (hostname) => {
    questions.push(hostname);
    const result = results[Math.min(questions.length, results.length) - 1] ?? [];
    return result.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return Object.assign(lookup, { questions });
}

describe('the guard', () => {
  let client: HttpClient;
  let servers: RawServer[];
  let publicServer: RawServer;
  let privateServer: RawServer;

  const open = (lookup: Lookup, options: Partial<HttpClientOptions> = {}): HttpClient =>
    (client = createHttpClient({ policy, lookup, ...options }));

  const serve = async (options: RawServerOptions): Promise<RawServer> => {
    const server = await startRawServer((socket) => socket.end(OK), options);
    servers.push(server);
    return server;
  };

  beforeEach(async () => {
    servers = [];
    publicServer = await serve({ host: PUBLIC });
    privateServer = await serve({ host: PRIVATE, port: publicServer.port });
  });
  afterEach(async () => {
    await client.close();
    await Promise.all(servers.map((server) => server.close()));
  });

  const url = (hostname: string) => `http://${hostname}:${publicServer.port}/`;

  it('connects to exactly the address that was checked, with one lookup for each connection', async () => {
    const lookup = resolvingTo([PUBLIC], [PRIVATE]);
    open(lookup);
    const outcome = await client.request({ url: url('rebind.example') });
    expect(outcome).toMatchObject({ kind: 'response', status: 200 });
    expect(lookup.questions).toEqual(['rebind.example']);
    expect(publicServer.sockets.length).toBe(1);
  });

  it('refuses the second connection when DNS has changed', async () => {
    open(resolvingTo([PUBLIC], [PRIVATE]));
    await expect(client.request({ url: url('rebind.example') })).resolves.toMatchObject({
      status: 200,
    });
    const outcome = await client.request({ url: url('rebind.example') });
    expect(outcome).toEqual({
      kind: 'failure',
      reason: 'blocked',
      message: expect.stringMatching(
        /^The host rebind\.example resolves to a private or reserved address\./,
      ),
      sent: false,
      durationMs: expect.any(Number),
    });
    expect(JSON.stringify(outcome)).not.toContain(PRIVATE);
    expect(privateServer.sockets).toEqual([]);
  });

  it.each([
    ['only a private address', [PRIVATE]],
    ['a private address after a public one', [PUBLIC, PRIVATE]],
    ['a private address before a public one', [PRIVATE, PUBLIC]],
    ['a private IPv6 address beside a public one', [PUBLIC, 'fd00::1']],
    ['only a private IPv6 address', ['fd00::1']],
    ['the public address as an IPv6 one', [`::ffff:${PUBLIC}`]],
    ['a metadata service', ['169.254.169.254']],
    ['a text that is not an address', ['rebind.example']],
  ])('blocks a name that has %s', async (_, addresses) => {
    open(resolvingTo(addresses));
    await expect(client.request({ url: url('rebind.example') })).resolves.toMatchObject({
      reason: 'blocked',
      sent: false,
    });
    expect([...publicServer.sockets, ...privateServer.sockets]).toEqual([]);
  });

  it('holds when 20 names change at once', async () => {
    let lookups = 0;
    open(async () => {
      lookups += 1;
      const address = lookups % 2 === 0 ? PRIVATE : PUBLIC;
      return [{ address, family: 4 }];
    });
    const names = Array.from({ length: 20 }, (_, i) => `rebind${i}.example`);
    const first = await Promise.all(names.map((name) => client.request({ url: url(name) })));
    const second = await Promise.all(names.map((name) => client.request({ url: url(name) })));
    const outcomes = [...first, ...second];
    expect(outcomes.filter(({ kind }) => kind === 'response').length).toBe(20);
    expect(
      outcomes.filter((outcome) => outcome.kind === 'failure' && outcome.reason === 'blocked')
        .length,
    ).toBe(20);
    expect(publicServer.sockets.length).toBe(20);
    expect(privateServer.sockets).toEqual([]);
  });

  it('looks up once for 20 connections that are opened at once', async () => {
    const lookup = resolvingTo([PUBLIC]);
    open(lookup);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => client.request({ url: url('busy.example') })),
    );
    expect(outcomes.map((outcome) => outcome.kind)).toEqual(
      Array.from({ length: 20 }, () => 'response'),
    );
    expect(publicServer.sockets.length).toBe(20);
    expect(lookup.questions).toEqual(['busy.example']);
  });

  it('takes the next address when the first refuses the connection', async () => {
    const lookup = resolvingTo([PUBLIC, '::1']);
    const six = await serve({ host: '::1' });
    open(lookup);
    const outcome = await client.request({ url: `http://two.example:${six.port}/` });
    expect(outcome).toMatchObject({ kind: 'response', status: 200 });
  });

  it('connects to a name that has only IPv6', async () => {
    const six = await serve({ host: '::1' });
    open(resolvingTo(['::1']));
    const outcome = await client.request({ url: `http://six.example:${six.port}/` });
    expect(outcome).toMatchObject({ kind: 'response', status: 200 });
    await expect(client.request({ url: `http://[::1]:${six.port}/` })).resolves.toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['an empty result', resolvingTo([]), 'No address is known for the host gone.example.'],
    [
      'an unknown name',
      () => Promise.reject(Object.assign(new Error(), { code: 'ENOTFOUND' })),
      'No address is known for the host gone.example.',
    ],
    [
      'a server failure',
      () => Promise.reject(Object.assign(new Error(), { code: 'ESERVFAIL' })),
      'The address of the host gone.example could not be looked up.',
    ],
  ])('reports %s', async (_, lookup, message) => {
    open(lookup);
    await expect(client.request({ url: url('gone.example') })).resolves.toEqual({
      kind: 'failure',
      reason: 'dns',
      message,
      sent: false,
      durationMs: expect.any(Number),
    });
  });

  it('gives up on a lookup that never ends', async () => {
    open(() => new Promise(() => undefined));
    await expect(
      client.request({ url: url('slow.example'), timeoutMs: 50 }),
    ).resolves.toMatchObject({ reason: 'timeout', sent: false });
  });

  it.each([
    ...[`http://${PRIVATE}/`, 'http://127.1/', 'http://[::ffff:127.0.0.2]/', 'http://2130706435/'],
    ...[
      'http://localhost/',
      'http://a.localhost/',
      'ftp://example.com/',
      'http://user@example.com/',
    ],
    ...[
      'not a URL',
      '',
      'http://169.254.169.254/latest/meta-data/',
      'http://metadata.google.internal/',
    ],
  ])('blocks %j without a lookup', async (text) => {
    const lookup = resolvingTo([PUBLIC]);
    open(lookup);
    await expect(client.request({ url: text })).resolves.toMatchObject({
      kind: 'failure',
      reason: 'blocked',
      sent: false,
    });
    expect(lookup.questions).toEqual([]);
  });

  it('blocks http where the policy does not let it through', async () => {
    open(resolvingTo([PUBLIC]), { policy: { ...policy, allowHttp: false } });
    await expect(client.request({ url: url('plain.example') })).resolves.toMatchObject({
      reason: 'blocked',
    });
    await expect(client.request({ url: url(PUBLIC) })).resolves.toMatchObject({ status: 200 });
  });

  it('lets a name on the allow-list go wherever it resolves', async () => {
    const allowed = parseAllowList('*.corp.example');
    open(resolvingTo([PRIVATE]), { policy: { allowHttp: false, allowed } });
    await expect(client.request({ url: url('crm.corp.example') })).resolves.toMatchObject({
      status: 200,
    });
    await expect(client.request({ url: url('corp.example') })).resolves.toMatchObject({
      reason: 'blocked',
    });
  });

  it('also checks an address when the socket connects', async () => {
    open(resolvingTo([PUBLIC]));
    const strict = { allowHttp: true, allowed: NOTHING_ALLOWED };
    const connect = guardedConnector({
      policy: strict,
      lookup: resolvingTo([PUBLIC]),
      connectTimeoutMs: 1_000,
    });
    for (const host of [PUBLIC, 'named.example']) {
      const pool = new Pool(`http://${host}:${publicServer.port}`, { connect });
      await expect(pool.request({ path: '/', method: 'GET' })).rejects.toThrow(
        'not an allowed target',
      );
      await pool.destroy();
    }
    expect(publicServer.sockets).toEqual([]);
  });

  describe('over TLS', () => {
    const certificate = generateCertificate('secure.example');

    it('names the host and trusts the configured certificate', async () => {
      const server = await serve({ host: PUBLIC, certificate });
      open(resolvingTo([PUBLIC]), { trustedCa: certificate.cert });
      const outcome = await client.request({ url: `https://secure.example:${server.port}/` });
      expect(outcome).toMatchObject({ kind: 'response', status: 200 });
      expect(server.sockets).toMatchObject([
        { servername: 'secure.example', alpnProtocol: 'http/1.1' },
      ]);
    });

    it('names no host where the URL has an address', async () => {
      const server = await serve({ host: PUBLIC, certificate });
      open(resolvingTo([]), { trustedCa: certificate.cert });
      const outcome = await client.request({ url: `https://${PUBLIC}:${server.port}/` });
      expect(outcome).toMatchObject({
        reason: 'tls',
        message: 'The certificate of the receiver is for another host name.',
        sent: false,
      });
    });

    it.each([
      ['is self-signed', certificate, {}, 'secure.example'],
      ['is for another host name', certificate, { trustedCa: certificate.cert }, 'other.example'],
      ['has expired', generateCertificate('secure.example', -1), 'own', 'secure.example'],
    ] as const)('fails when the certificate %s', async (...[flaw, issued, trust, hostname]) => {
      const server = await serve({ host: PUBLIC, certificate: issued });
      open(resolvingTo([PUBLIC]), trust === 'own' ? { trustedCa: issued.cert } : trust);
      await expect(
        client.request({ url: `https://${hostname}:${server.port}/` }),
      ).resolves.toMatchObject({
        kind: 'failure',
        reason: 'tls',
        message: `The certificate of the receiver ${flaw}.`,
        sent: false,
      });
    });

    it('fails when the receiver speaks plain HTTP', async () => {
      open(resolvingTo([PUBLIC]));
      await expect(
        client.request({ url: `https://plain.example:${publicServer.port}/` }),
      ).resolves.toMatchObject({
        reason: 'tls',
        message: expect.stringContaining('No secure connection could be made with the receiver'),
      });
    });
  });
});
