import { isForbiddenHeader } from '../../contract/index.js';
import { guardedConnector } from './connect.js';
import { Exchange } from './exchange.js';
import { ABORTED, type FailureExplanation } from './failure.js';
import { createLookup, type Lookup } from './lookup.js';
import type { HttpOutcome, HttpRequest } from './outcome.js';
import { originPools } from './pools.js';
import { readTarget, type TargetPolicy } from './target.js';

export interface HttpClientOptions {
  readonly policy: TargetPolicy;
  /** Default: `createLookup` over the policy's allow-list. */
  readonly lookup?: Lookup;
  /** Further requests to the origin wait for a free one. Default 64. */
  readonly maxConnectionsPerOrigin?: number;
  /** Origins with open connections or a recent request. Default 1000. */
  readonly maxOrigins?: number;
  /** How long an origin without requests is kept. Default 60 000. */
  readonly idleMs?: number;
  /** For connecting only, TLS included. Default 10 000. */
  readonly connectTimeoutMs?: number;
  /** PEM certificates of authorities to trust, in addition to those of Node. */
  readonly trustedCa?: string;
  readonly monotonicMs?: () => number;
}

/** The HTTP client of the product: every outgoing request passes through it. */
export interface HttpClient {
  /**
   * Resolves to the outcome, whatever the receiver does. Rejects only when the fault is ours: a request that cannot be
   * sent (TypeError), or a machine without free ports or file descriptors (EgressUnavailable).
   */
  request(request: HttpRequest): Promise<HttpOutcome>;
  /** Waits for the requests under way, each bounded by its own `timeoutMs`, and accepts no new ones. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 15_000;
const TIMEOUT_MS_MAX = 600_000;
const BODY_BYTES_MAX = 65_536;
const CONNECTIONS_PER_ORIGIN_MAX = 64;
/** For requests that set none. */
const USER_AGENT = 'parse-integration-hub';

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const maxConnectionsPerOrigin = options.maxConnectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN_MAX;
  const pools = originPools({
    connect: openConnector(options),
    maxConnectionsPerOrigin,
    maxOrigins: options.maxOrigins ?? 1_000,
    idleMs: options.idleMs ?? 60_000,
    monotonicMs,
  });
  let closed: Promise<void> | undefined;

  function send(url: URL, headers: string[], request: HttpRequest): Promise<HttpOutcome> {
    return new Promise((resolve, reject) => {
      const entry = pools.acquire(url.origin);
      const exchange = new Exchange({
        timeoutMs: request.timeoutMs ?? TIMEOUT_MS,
        bodyBytesMax: request.bodyBytesMax ?? BODY_BYTES_MAX,
        signal: request.signal,
        monotonicMs,
        queued: entry.inFlight > maxConnectionsPerOrigin,
        onSettled: () => pools.release(entry),
        resolve,
        reject,
      });
      const { method = 'POST', body = null } = request;
      entry.pool.dispatch({ path: url.pathname + url.search, method, headers, body }, exchange);
    });
  }

  return {
    async request(request) {
      if (closed !== undefined) throw new Error('The HTTP client is closed.');
      checkLimits(request);
      const headers = headerList(request.headers ?? {});
      const target = readTarget(request.url, options.policy);
      if (target.problem !== undefined) {
        return notSent({ reason: 'blocked', message: target.problem });
      }
      if (request.signal?.aborted === true) return notSent(ABORTED);
      return await send(target.url, headers, request);
    },
    close() {
      closed ??= pools.close();
      return closed;
    },
  };
}

function openConnector({ policy, lookup, connectTimeoutMs, trustedCa }: HttpClientOptions) {
  return guardedConnector({
    policy,
    lookup: lookup ?? createLookup(policy.allowed),
    connectTimeoutMs: connectTimeoutMs ?? 10_000,
    trustedCa,
  });
}

/** Returns headers as a flat list, the form that undici takes without a copy. */
function headerList(headers: Readonly<Record<string, string>>): string[] {
  const list: string[] = [];
  let named = false;
  for (const name of Object.keys(headers)) {
    if (isForbiddenHeader(name)) {
      throw new TypeError(`The header ${name} cannot be set by the caller.`);
    }
    named ||= name.toLowerCase() === 'user-agent';
    list.push(name, headers[name] ?? '');
  }
  if (!named) list.push('user-agent', USER_AGENT);
  // Without it a server may choose any encoding, RFC 9110 §12.5.3.
  list.push('accept-encoding', 'identity');
  return list;
}

function checkLimits({ timeoutMs = TIMEOUT_MS, bodyBytesMax = 0 }: HttpRequest): void {
  if (!(timeoutMs >= 1 && timeoutMs <= TIMEOUT_MS_MAX)) {
    throw new TypeError(`timeoutMs must be from 1 to ${TIMEOUT_MS_MAX}, not ${timeoutMs}.`);
  }
  if (!(Number.isInteger(bodyBytesMax) && bodyBytesMax >= 0)) {
    throw new TypeError(`bodyBytesMax must be a whole number of bytes, not ${bodyBytesMax}.`);
  }
}

function notSent({ reason, message }: FailureExplanation): HttpOutcome {
  return { kind: 'failure', reason, message, sent: false, durationMs: 0 };
}
