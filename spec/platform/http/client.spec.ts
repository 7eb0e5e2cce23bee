import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import { headerValue } from '../../../src/platform/http/index.js';
import { type Reply, startReceiver } from '../../support/receiver.js';
import { whenEnded } from './rawServer.js';
import { gate, responseOf, useSetting } from './setting.js';

describe('the HTTP client', () => {
  const at = useSetting();

  describe('a request', () => {
    it('arrives as it was given', async () => {
      const body = Buffer.from([0, 255, 128, 10, 13]);
      await at.client.request({
        url: `${at.receiver.url}/hooks/1?a=b%20c`,
        method: 'PUT',
        headers: {
          'content-type': 'application/json',
          'X-Mixed-Case': 'kept',
          authorization: 'Bearer a',
        },
        body,
      });
      expect(at.receiver.requests).toEqual([
        {
          method: 'PUT',
          path: '/hooks/1?a=b%20c',
          headers: {
            host: at.receiver.url.slice('http://'.length),
            connection: 'keep-alive',
            'content-type': 'application/json',
            'x-mixed-case': 'kept',
            authorization: 'Bearer a',
            'user-agent': 'parse-integration-hub',
            'accept-encoding': 'identity',
            'content-length': '5',
          },
          body,
          at: expect.any(Date),
        },
      ]);
    });

    it('is a POST with the text in UTF-8 unless it says otherwise', async () => {
      await at.client.request({ url: at.receiver.url, body: '{"ü":"€"}' });
      expect(at.receiver.requests).toMatchObject([
        { method: 'POST', path: '/', body: Buffer.from('{"ü":"€"}') },
      ]);
    });

    it('may have no body, and a user-agent of its own', async () => {
      const headers = { 'User-Agent': 'mine' };
      for (const method of ['GET', 'HEAD', 'DELETE', 'POST'] as const) {
        responseOf(await at.client.request({ url: at.receiver.url, method, headers }));
      }
      expect(at.receiver.requests.map(({ method, body }) => [method, body.length])).toEqual([
        ['GET', 0],
        ['HEAD', 0],
        ['DELETE', 0],
        ['POST', 0],
      ]);
      expect(new Set(at.receiver.requests.map(({ headers: got }) => got['user-agent']))).toEqual(
        new Set(['mine']),
      );
    });

    it.each([
      ['host', { headers: { Host: 'elsewhere.example' } }],
      ['content-length', { headers: { 'content-length': '3' } }],
      ['transfer-encoding', { headers: { 'Transfer-Encoding': 'chunked' } }],
      ['connection', { headers: { connection: 'close' } }],
      ['accept-encoding', { headers: { 'accept-encoding': 'gzip' } }],
      ['invalid', { headers: { 'x-a': 'b\r\nhost: c' } }],
      ['invalid', { headers: { 'x a': 'b' } }],
      ['timeoutMs', { timeoutMs: 0 }],
      ['timeoutMs', { timeoutMs: Number.NaN }],
      ['timeoutMs', { timeoutMs: 600_001 }],
      ['bodyBytesMax', { bodyBytesMax: -1 }],
      ['bodyBytesMax', { bodyBytesMax: 0.5 }],
    ])('that cannot be sent is a TypeError about %s: %j', async (word, request) => {
      await expect(at.client.request({ url: at.receiver.url, ...request })).rejects.toThrow(
        expect.objectContaining({
          name: 'TypeError',
          message: expect.stringMatching(new RegExp(word, 'i')),
        }),
      );
      expect(at.receiver.requests).toEqual([]);
    });
  });

  describe('a response', () => {
    it('comes back as it was sent', async () => {
      const bytes = Buffer.concat([
        Buffer.from(
          'HTTP/1.1 422 Nope\r\nX-Mixed-Case: kept\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n',
        ),
        Buffer.from('X-Latin: \xe9\r\nRetry-After: 7\r\nContent-Length: 4\r\n\r\n', 'latin1'),
        Buffer.from([0, 255, 128, 1]),
      ]);
      const { headers, ...rest } = responseOf(await at.respondWith(bytes));
      expect(rest).toEqual({
        kind: 'response',
        status: 422,
        body: Buffer.from([0, 255, 128, 1]),
        bodyTruncated: false,
        durationMs: expect.any(Number),
      });
      expect(headers).toEqual([
        ['X-Mixed-Case', 'kept'],
        ['Set-Cookie', 'a=1'],
        ['Set-Cookie', 'b=2'],
        ['X-Latin', '\xe9'],
        ['Retry-After', '7'],
        ['Content-Length', '4'],
      ]);
      expect(headerValue(headers, 'retry-AFTER')).toBe('7');
      expect(headerValue(headers, 'set-cookie')).toBe('a=1');
      expect(headerValue(headers, 'absent')).toBeUndefined();
    });

    it.each([
      ['204 without a body', 'HTTP/1.1 204 No Content\r\n\r\n', 204, ''],
      [
        'chunks',
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
        200,
        'abcde',
      ],
      [
        '103 Early Hints before it',
        'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok',
        200,
        'ok',
      ],
      [
        '102 Processing before it',
        'HTTP/1.1 102 Processing\r\n\r\n'.repeat(50) +
          'HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n',
        201,
        '',
      ],
    ])('may be %s', async (...[, bytes, status, body]) => {
      const response = responseOf(await at.respondWith(bytes));
      expect({ status: response.status, body: response.body.toString() }).toEqual({ status, body });
      expect(response.headers.map(([name]) => name)).not.toContain('link');
    });

    it('may end with the connection', async () => {
      const server = await at.serve((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nuntil the end'));
      const outcome = await at.client.request({ url: `http://127.0.0.1:${server.port}/` });
      expect(responseOf(outcome).body.toString()).toBe('until the end');
    });

    it.each([301, 302, 303, 307, 308])('of %d is not followed', async (status) => {
      const elsewhere = await startReceiver();
      at.receiver.respond({ status, headers: { location: elsewhere.url } });
      const response = responseOf(await at.client.request({ url: at.receiver.url }));
      expect(response.status).toBe(status);
      expect(headerValue(response.headers, 'location')).toBe(elsewhere.url);
      expect(elsewhere.requests).toEqual([]);
      await elsewhere.close();
    });

    it('is never decompressed: a bomb stays as small as it came', async () => {
      const bomb = gzipSync(Buffer.alloc(50_000_000));
      at.receiver.respond({ status: 200, headers: { 'content-encoding': 'gzip' }, body: bomb });
      const { body, bodyTruncated } = responseOf(
        await at.client.request({ url: at.receiver.url, bodyBytesMax: 1_000 }),
      );
      expect(body).toEqual(bomb.subarray(0, 1_000));
      expect(bodyTruncated).toBe(true);
    });
  });

  describe('connections', () => {
    const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

    it('are kept for the next request', async () => {
      const server = await at.serve((socket) => {
        socket.write(ok);
        socket.on('data', () => socket.write(ok));
      });
      for (let i = 0; i < 10; i++) {
        responseOf(await at.client.request({ url: `http://127.0.0.1:${server.port}/${i}` }));
      }
      expect(server.sockets.length).toBeLessThanOrEqual(2);
    });

    it('serve 20 requests at once', async () => {
      const all = gate<Reply>();
      at.receiver.respond((request) =>
        all.promise.then(() => ({ status: 200, body: request.path })),
      );
      const requests = Array.from({ length: 20 }, (_, i) =>
        at.client.request({ url: `${at.receiver.url}/${i}` }),
      );
      await at.receiver.received(20);
      all.open({ status: 200 });
      const bodies = (await Promise.all(requests)).map((outcome) =>
        responseOf(outcome).body.toString(),
      );
      expect(bodies).toEqual(Array.from({ length: 20 }, (_, i) => `/${i}`));
    });

    it('are no more than allowed, and all 20 requests get their turn', async () => {
      await at.reopen({ maxConnectionsPerOrigin: 3 });
      const server = await at.serve((socket) => {
        socket.write(ok);
        socket.on('data', () => socket.write(ok));
      });
      const url = `http://127.0.0.1:${server.port}/`;
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => at.client.request({ url })),
      );
      expect(outcomes.map((outcome) => responseOf(outcome).status)).toEqual(
        Array.from({ length: 20 }, () => 200),
      );
      expect(server.sockets.length).toBe(3);
    });

    it('are not lost to a request that gave up in the queue, and it is never sent', async () => {
      await at.reopen({ maxConnectionsPerOrigin: 1 });
      const arrived = gate<Socket>();
      const lines: string[] = [];
      const server = await at.serve((socket, first) => {
        lines.push(first.toString().split('\r\n')[0] ?? '');
        arrived.open(socket);
        socket.on('data', (next: Buffer) => {
          lines.push(next.toString().split('\r\n')[0] ?? '');
          socket.write(ok);
        });
      });
      const url = `http://127.0.0.1:${server.port}`;
      const holding = at.client.request({ url: `${url}/first` });
      const socket = await arrived.promise;
      const stop = new AbortController();
      const queued = at.client.request({ url: `${url}/queued`, timeoutMs: 50 });
      const aborted = at.client.request({ url: `${url}/aborted`, signal: stop.signal });
      stop.abort();
      await expect(aborted).resolves.toMatchObject({ reason: 'aborted', sent: false });
      await expect(queued).resolves.toMatchObject({
        reason: 'timeout',
        message:
          'The request was not sent: all connections to this receiver were busy for 0.1 seconds.',
        sent: false,
      });
      socket.write(ok);
      responseOf(await holding);
      responseOf(await at.client.request({ url: `${url}/last` }));
      expect(lines).toEqual(['POST /first HTTP/1.1', 'POST /last HTTP/1.1']);
      expect(server.sockets.length).toBe(1);
    });
  });

  describe('closing', () => {
    it('waits for the requests under way and takes no more', async () => {
      const held = gate<Reply>();
      at.receiver.respond(() => held.promise);
      const request = at.client.request({ url: at.receiver.url });
      await at.receiver.received(1);
      const order: string[] = [];
      const closed = at.client.close().then(() => order.push('closed'));
      await expect(at.client.request({ url: at.receiver.url })).rejects.toThrow('closed');
      held.open({ status: 200 });
      const outcome = await request.finally(() => order.push('responded'));
      await closed;
      expect(outcome).toMatchObject({ kind: 'response', status: 200 });
      expect(order).toEqual(['responded', 'closed']);
      expect(at.receiver.requests.length).toBe(1);
    });

    it('ends idle connections, and may be called twice', async () => {
      const server = await at.serve((socket) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
      responseOf(await at.client.request({ url: `http://127.0.0.1:${server.port}/` }));
      await Promise.all([at.client.close(), at.client.close()]);
      await whenEnded(server.sockets[0]);
    });
  });
});
