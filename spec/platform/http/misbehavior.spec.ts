import type { HttpOutcome } from '../../../src/platform/http/index.js';
import type { Reply } from '../../support/receiver.js';
import { dribble, flood, whenEnded } from './rawServer.js';
import { responseOf, useSetting } from './setting.js';

describe('the HTTP client and a receiver that misbehaves', () => {
  const at = useSetting();

  describe('a body longer than is kept', () => {
    it.each([
      [0, '', true],
      [1, 'a', true],
      [9, 'abcdefghi', true],
      [10, 'abcdefghij', false],
      [11, 'abcdefghij', false],
    ])('is cut to %d bytes', async (bodyBytesMax, kept, bodyTruncated) => {
      at.receiver.respond({ status: 200, body: 'abcdefghij' });
      const response = responseOf(await at.client.request({ url: at.receiver.url, bodyBytesMax }));
      expect({ body: response.body.toString(), truncated: response.bodyTruncated }).toEqual({
        body: kept,
        truncated: bodyTruncated,
      });
    });

    it('is cut where it comes in many small pieces', async () => {
      const pieces = Array.from({ length: 3_000 }, (_, i) => `1\r\n${i % 10}\r\n`).join('');
      const bytes = `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${pieces}0\r\n\r\n`;
      const { body } = responseOf(await at.respondWith(bytes, { bodyBytesMax: 2_500 }));
      expect(body.toString()).toBe('0123456789'.repeat(250));
    });

    it('keeps its connection when little is lost', async () => {
      const server = await at.serve((socket) => {
        const response = `HTTP/1.1 200 OK\r\ncontent-length: 50000\r\n\r\n${'x'.repeat(50_000)}`;
        socket.write(response);
        socket.on('data', () => socket.write(response));
      });
      for (let i = 0; i < 6; i++) {
        const outcome = await at.client.request({
          url: `http://127.0.0.1:${server.port}/`,
          bodyBytesMax: 10,
        });
        expect(responseOf(outcome)).toMatchObject({
          bodyTruncated: true,
          body: Buffer.from('xxxxxxxxxx'),
        });
      }
      // A request that follows at once finds the first connection still busy with itself.
      expect(server.sockets.length).toBeLessThanOrEqual(2);
    });

    it('loses its connection when there is no end to it', async () => {
      const server = await at.serve((socket) => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        flood(socket, Buffer.alloc(65_536, 'x'));
      });
      const outcome = await at.client.request({
        url: `http://127.0.0.1:${server.port}/`,
        bodyBytesMax: 1_000,
      });
      expect(responseOf(outcome)).toMatchObject({ status: 200, bodyTruncated: true });
      expect(responseOf(outcome).body.length).toBe(1_000);
      await whenEnded(server.sockets[0]);
      expect(server.sockets[0]?.bytesWritten).toBeLessThan(20_000_000);
    });

    it('counts as a response although the rest never arrives', async () => {
      const head = 'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n';
      const outcome = await at.respondWith(`${head}${'x'.repeat(20)}`, {
        bodyBytesMax: 10,
        timeoutMs: 100,
      });
      expect(responseOf(outcome)).toMatchObject({ status: 200, bodyTruncated: true });
      const reset = await at.serve((socket) =>
        socket.write(`${head}${'x'.repeat(20)}`, () => socket.resetAndDestroy()),
      );
      const url = `http://127.0.0.1:${reset.port}/`;
      expect(responseOf(await at.client.request({ url, bodyBytesMax: 10 }))).toMatchObject({
        status: 200,
      });
    });
  });

  describe('a failure', () => {
    it('is a timeout when there is no response, and ends the connection', async () => {
      const server = await at.serve(() => undefined);
      const outcome = await at.client.request({
        url: `http://127.0.0.1:${server.port}/`,
        timeoutMs: 100,
      });
      expect(outcome).toEqual({
        kind: 'failure',
        reason: 'timeout',
        message: 'The receiver did not respond within 0.1 seconds.',
        sent: true,
        durationMs: expect.any(Number),
      });
      expect(outcome.durationMs).toBeGreaterThanOrEqual(99);
      await whenEnded(server.sockets[0]);
    });

    it.each([
      ['stops in its status line', 'HTTP/1.1 20', 'did not respond'],
      ['stops in its headers', 'HTTP/1.1 200 OK\r\nx-a: b\r\n', 'did not respond'],
      ['stops before its body', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n', 'did not finish'],
      ['stops in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab', 'did not finish'],
      [
        'stops in a chunk',
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nab',
        'did not finish',
      ],
      ['never comes after 103', 'HTTP/1.1 103 Early Hints\r\n\r\n', 'did not respond'],
    ])('is a timeout when the response %s', async (_, bytes, message) => {
      await expect(at.respondWith(bytes, { timeoutMs: 100 })).resolves.toMatchObject({
        reason: 'timeout',
        message: expect.stringContaining(message),
        sent: true,
      });
    });

    it.each([
      ['interim responses', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
      ['header bytes', 'HTTP/1.1 200 OK\r\n\r\n'.slice(0, 10), ''],
      ['body bytes', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
      ['chunk extensions', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1', ';x=y'],
    ])('is a timeout however many %s keep coming one by one', async (_, head, piece) => {
      const server = await at.serve((socket) => {
        socket.write(head);
        dribble(socket, piece);
      });
      const outcome = await at.client.request({
        url: `http://127.0.0.1:${server.port}/`,
        timeoutMs: 200,
        bodyBytesMax: 100_000_000,
      });
      expect(outcome).toMatchObject({ kind: 'failure', reason: 'timeout' });
      await whenEnded(server.sockets[0]);
    });

    it('is a timeout when the connection is not accepted for TLS', async () => {
      const server = await at.serve(() => undefined);
      const outcome = await at.client.request({
        url: `https://127.0.0.1:${server.port}/`,
        timeoutMs: 100,
      });
      expect(outcome).toMatchObject({
        reason: 'timeout',
        message: 'The receiver did not accept a connection within 0.1 seconds.',
        sent: false,
      });
    });

    it('is refused where nothing listens', async () => {
      const server = await at.serve(() => undefined);
      await server.close();
      const outcome = await at.client.request({ url: `http://127.0.0.1:${server.port}/` });
      expect(outcome).toMatchObject({ kind: 'failure', reason: 'refused', sent: false });
      expect(JSON.stringify(outcome)).not.toContain('127.0.0.1');
    });

    it.each([
      ['without a response', ''],
      ['without a response', 'HTTP/1.1 2'],
      ['in the middle of its response', 'HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nab'],
      [
        'in the middle of its response',
        'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab',
      ],
    ])('is a reset when the receiver goes %s: %j', async (message, bytes) => {
      for (const end of ['end', 'resetAndDestroy'] as const) {
        const server = await at.serve((socket) => socket.write(bytes, () => socket[end]()));
        const outcome = await at.client.request({ url: `http://127.0.0.1:${server.port}/` });
        expect(outcome).toMatchObject({
          reason: 'reset',
          message: expect.stringContaining(message),
          sent: true,
        });
      }
    });

    it.each([
      ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n', 'not valid'],
      ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'not valid'],
      [
        'two lengths',
        'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
        'not valid',
      ],
      [
        'a length and chunks',
        'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
        'not valid',
      ],
      [
        '101 Switching Protocols',
        'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
        'not valid',
      ],
      // undici accepts no unrequested 100 Continue, although RFC 9110 §15.2 lets a receiver send one.
      [
        '100 Continue',
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
        'not valid',
      ],
      ['one long header', `HTTP/1.1 200 OK\r\nx-a: ${'b'.repeat(20_000)}\r\n\r\n`, '16 KiB'],
      ['many headers', `HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(5_000)}\r\n`, '16 KiB'],
      [
        'long trailers',
        `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n${'x-a: b\r\n'.repeat(5_000)}\r\n`,
        '16 KiB',
      ],
    ])('is one of protocol when the response is %s', async (_, bytes, message) => {
      await expect(at.respondWith(bytes)).resolves.toMatchObject({
        kind: 'failure',
        reason: 'protocol',
        message: expect.stringContaining(message),
        sent: true,
      });
    });

    it('costs nothing but itself: the next request succeeds', async () => {
      const replies: Reply[] = ['reset', 'hang', { status: 200 }];
      at.receiver.respond((_, nth) => replies[nth - 1] ?? 'hang');
      const outcomes: HttpOutcome[] = [];
      for (const timeoutMs of [5_000, 50, 5_000]) {
        outcomes.push(await at.client.request({ url: at.receiver.url, timeoutMs }));
      }
      expect(outcomes).toMatchObject([{ reason: 'reset' }, { reason: 'timeout' }, { status: 200 }]);
    });
  });

  describe('an abort', () => {
    it('before the request sends nothing', async () => {
      const outcome = await at.client.request({
        url: at.receiver.url,
        signal: AbortSignal.abort(),
      });
      expect(outcome).toMatchObject({ kind: 'failure', reason: 'aborted', sent: false });
      expect(at.receiver.requests).toEqual([]);
    });

    it('ends the request and its connection', async () => {
      const server = await at.serve((socket) =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', () => stop.abort()),
      );
      const stop = new AbortController();
      const outcome = await at.client.request({
        url: `http://127.0.0.1:${server.port}/`,
        signal: stop.signal,
      });
      expect(outcome).toMatchObject({ kind: 'failure', reason: 'aborted', sent: true });
      await whenEnded(server.sockets[0]);
    });

    it('ends 20 requests that share a signal, without a warning', async () => {
      const warnings: Error[] = [];
      const listen = (warning: Error) => warnings.push(warning);
      process.on('warning', listen);
      at.receiver.respond('hang');
      const stop = new AbortController();
      const { signal } = stop;
      const requests = Array.from({ length: 20 }, () =>
        at.client.request({ url: at.receiver.url, signal }),
      );
      await at.receiver.received(20);
      stop.abort();
      const outcomes = await Promise.all(requests);
      expect(outcomes.map((outcome) => outcome.kind === 'failure' && outcome.reason)).toEqual(
        Array.from({ length: 20 }, () => 'aborted'),
      );
      process.off('warning', listen);
      expect(warnings).toEqual([]);
    });

    it('after the response changes nothing', async () => {
      const stop = new AbortController();
      const outcome = await at.client.request({ url: at.receiver.url, signal: stop.signal });
      stop.abort();
      expect(outcome).toMatchObject({ kind: 'response', status: 204 });
      await expect(at.client.request({ url: at.receiver.url })).resolves.toMatchObject({
        status: 204,
      });
    });
  });
});
