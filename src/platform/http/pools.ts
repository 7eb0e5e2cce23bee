import { type buildConnector, Pool } from 'undici';

export interface PoolOptions {
  readonly connect: buildConnector.connector;
  readonly maxConnectionsPerOrigin: number;
  /** The maximum number of origins with a pool, unless more than that have requests under way. */
  readonly maxOrigins: number;
  readonly idleMs: number;
  readonly monotonicMs: () => number;
}

/** The connections to one origin, and the number of requests under way there. */
interface OriginPool {
  readonly pool: Pool;
  inFlight: number;
  usedAtMs: number;
}

export interface OriginPools {
  /** Counts a request as under way; each call needs a `release`. */
  acquire(origin: string): OriginPool;
  release(entry: OriginPool): void;
  /** Resolves when no request is under way and every connection is closed. */
  close(): Promise<void>;
  readonly size: number;
}

const HEADER_BYTES_MAX = 16_384;
// Below the five seconds after which Node's own servers close: a request must not meet a connection that is just
// closing.
const KEEP_ALIVE_MS = 4_000;
const KEEP_ALIVE_MS_MAX = 60_000;
// A connection in steady use would otherwise stay with the same address forever, even after DNS has changed.
const REQUESTS_PER_CONNECTION_MAX = 1_000;

/**
 * Keeps one undici `Pool` per origin. Idle connections close by themselves after the keep-alive time; what is bounded
 * here is the bookkeeping for origins that are no longer used. It is checked whenever an origin is added, which costs a
 * connection anyway, so that the common request pays for one `Map.get`.
 */
export function originPools(options: PoolOptions): OriginPools {
  const entries = new Map<string, OriginPool>();
  let inFlight = 0;
  let whenDrained: (() => void) | undefined;

  function add(origin: string, nowMs: number): OriginPool {
    const unused = [...entries].filter(([, entry]) => entry.inFlight === 0);
    unused.sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
    for (const [idleOrigin, { pool, usedAtMs }] of unused) {
      if (entries.size < options.maxOrigins && nowMs - usedAtMs <= options.idleMs) break;
      entries.delete(idleOrigin);
      void pool.destroy();
    }
    const entry = { pool: openPool(origin, options), inFlight: 0, usedAtMs: nowMs };
    entries.set(origin, entry);
    return entry;
  }

  return {
    acquire(origin) {
      const nowMs = options.monotonicMs();
      const entry = entries.get(origin) ?? add(origin, nowMs);
      entry.usedAtMs = nowMs;
      entry.inFlight += 1;
      inFlight += 1;
      return entry;
    },
    release(entry) {
      entry.inFlight -= 1;
      inFlight -= 1;
      if (inFlight === 0) whenDrained?.();
    },
    async close() {
      if (inFlight > 0) await new Promise<void>((resolve) => (whenDrained = resolve));
      const pools = [...entries.values()].map(({ pool }) => pool);
      entries.clear();
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
    get size() {
      return entries.size;
    },
  };
}

function openPool(origin: string, options: PoolOptions): Pool {
  return new Pool(origin, {
    connect: options.connect,
    connections: options.maxConnectionsPerOrigin,
    pipelining: 1,
    maxHeaderSize: HEADER_BYTES_MAX,
    maxRequestsPerClient: REQUESTS_PER_CONNECTION_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS_MAX,
    // Each exchange has one timer for everything instead.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
