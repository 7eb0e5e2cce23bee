import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';

import type { Certificate } from './certificate.js';

export interface RawServer {
  readonly port: number;
  /** Every connection so far, those that have ended included. */
  readonly sockets: readonly Socket[];
  close(): Promise<void>;
}

export interface RawServerOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Makes it a TLS server. */
  readonly certificate?: Certificate;
  /** Default: any free port. */
  readonly port?: number;
}

/**
 * A server that responds with bytes, so that its responses can be invalid. `serve` gets each connection with the first
 * bytes sent.
 */
export async function startRawServer(
  serve: (socket: Socket, first: Buffer) => void,
  { host = '127.0.0.1', certificate, port = 0 }: RawServerOptions = {},
): Promise<RawServer> {
  const sockets: Socket[] = [];
  const accept = (socket: Socket | TLSSocket): void => {
    sockets.push(socket);
    // The spec examines what the client does to the connection; here it only ends.
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => serve(socket, first));
  };
  const server = certificate
    ? createTlsServer({ ...certificate, ALPNProtocols: ['h2', 'http/1.1'] }, accept)
    : createServer(accept);
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    port: address.port,
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Resolves when the connection has ended, whichever side ended it. */
export function whenEnded(socket: Socket | undefined): Promise<void> {
  if (socket === undefined) throw new Error('There was no connection.');
  if (socket.destroyed) return Promise.resolve();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

/** Sends `piece` over and over, as fast as it is taken, until the connection ends. */
export function flood(socket: Socket, piece: string | Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
}

/** Sends `piece` once in each turn of the event loop, until the connection ends. */
export function dribble(socket: Socket, piece: string): void {
  if (socket.destroyed) return;
  socket.write(piece);
  setImmediate(dribble, socket, piece);
}
