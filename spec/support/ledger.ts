import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request to the receiver. */
interface Visit {
  /** webhook-id: the same for each attempt of one delivery. */
  readonly id: string;
  /** Identifies the webhook. */
  readonly path: string;
  /** The port of the sender, which identifies its process. */
  readonly port: number;
  readonly isAccepted: boolean;
}

/** A receiver that records its requests, which ones it accepted, and whether two attempts of one delivery overlapped. */
export interface Ledger {
  readonly url: string;
  readonly visits: readonly Visit[];
  /** How often each id was accepted. */
  readonly accepted: ReadonlyMap<string, number>;
  /** Ids with a request that waits for its response. */
  readonly underway: ReadonlySet<string>;
  /** Ids that had two open requests at once. */
  readonly overlaps: readonly string[];
  /** Ports of the senders of the connections that are open now. */
  readonly connected: ReadonlySet<number>;
  /** Resolves as soon as `condition` holds. It is checked after each visit and each end of a connection. */
  until(condition: () => boolean): Promise<void>;
  /** Holds back all responses from now on, until `open`. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** Starts a receiver that refuses with 503 the requests that `refuses` selects, by number from 1, and accepts the others. */
export async function startLedger(refuses: (nth: number) => boolean): Promise<Ledger> {
  const visits: Visit[] = [];
  const accepted = new Map<string, number>();
  const overlaps: string[] = [];
  const underway = new Set<string>();
  const connected = new Set<number>();
  const waiting = new Set<() => void>();
  let gate = { opened: Promise.resolve(), open: () => undefined as void };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = String(request.headers['webhook-id']);
    if (underway.has(id)) overlaps.push(id);
    underway.add(id);
    try {
      request.resume();
      await once(request, 'end');
      const isAccepted = record(id, request);
      for (const check of [...waiting]) check();
      await gate.opened;
      response.writeHead(isAccepted ? 200 : 503).end();
    } finally {
      underway.delete(id);
    }
  }

  function record(id: string, { url = '', socket }: IncomingMessage): boolean {
    const isAccepted = !refuses(visits.length + 1);
    visits.push({ id, path: url, port: socket.remotePort ?? 0, isAccepted });
    if (isAccepted) accepted.set(id, (accepted.get(id) ?? 0) + 1);
    return isAccepted;
  }

  const server = createServer((request, response) => {
    // The sender was killed.
    respond(request, response).catch(() => undefined);
  });
  server.on('connection', (socket) => {
    const port = socket.remotePort ?? 0;
    connected.add(port);
    socket.once('close', () => {
      connected.delete(port);
      for (const check of [...waiting]) check();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    visits,
    accepted,
    underway,
    overlaps,
    connected,
    async until(condition) {
      if (condition()) return;
      await new Promise<void>((resolve) => {
        const check = () => {
          if (!condition()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
      });
    },
    shut() {
      let open: () => void = () => undefined;
      const opened = new Promise<void>((resolve) => (open = resolve));
      gate = { opened, open };
    },
    open() {
      gate.open();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
