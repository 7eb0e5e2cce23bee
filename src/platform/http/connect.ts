import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';

import { buildConnector } from 'undici';

import { isUnknownHost, type Lookup, type ResolvedAddress } from './lookup.js';
import { forbiddenAddress, isAddressAllowed, type TargetPolicy } from './target.js';

/** The target guard refused the connection. */
export class TargetBlocked extends Error {
  constructor(readonly host: string) {
    super(`${host} is not an allowed target`);
  }
}

/** A name was not resolved; `unknown` when it has no address, otherwise the lookup itself failed. */
export class LookupFailed extends Error {
  readonly unknown: boolean;

  constructor(
    readonly host: string,
    cause?: unknown,
  ) {
    super(`${host} was not resolved`, { cause });
    this.unknown = cause === undefined || isUnknownHost(cause);
  }
}

export interface ConnectOptions {
  readonly policy: TargetPolicy;
  readonly lookup: Lookup;
  readonly connectTimeoutMs: number;
  /** PEM certificates of authorities to trust, in addition to those of Node. */
  readonly trustedCa?: string | undefined;
}

// Long enough for a handshake around the world, so that a slow first address is not abandoned for a dead second one.
const NEXT_ADDRESS_AFTER_MS = 1_000;

/**
 * Opens connections to vetted addresses only. A name is resolved once for each connection, and the socket gets exactly
 * the addresses that were checked: there is no second DNS query that could return something else. Node's `connect`
 * calls its `lookup` for names only, so addresses in URLs are checked here as well.
 */
export function guardedConnector(options: ConnectOptions): buildConnector.connector {
  const connect = buildConnector({
    lookup: vettedLookup(options),
    timeout: options.connectTimeoutMs,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    maxCachedSessions: 1_000,
    allowH2: false,
    // Set explicitly, because an environment variable can turn it off for the whole process.
    rejectUnauthorized: true,
    ...(options.trustedCa !== undefined && { ca: [...rootCertificates, options.trustedCa] }),
  });
  return (to, callback) => {
    if (isIP(to.hostname) !== 0 && !isAddressAllowed(to.hostname, options.policy)) {
      queueMicrotask(() => callback(new TargetBlocked(to.hostname), null));
      return;
    }
    connect(to, callback);
  };
}

function vettedLookup({ policy, lookup }: ConnectOptions): LookupFunction {
  const resolve = shareRunning(lookup);
  return (hostname, { all }, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) callback(new LookupFailed(hostname), []);
        else if (forbiddenAddress(hostname, addresses, policy) !== undefined) {
          callback(new TargetBlocked(hostname), []);
        } else if (all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (cause: unknown) => callback(new LookupFailed(hostname, cause), []),
    );
  };
}

/** Connections opened at the same time share one lookup. Nothing is cached after it. */
function shareRunning(lookup: Lookup): Lookup {
  const running = new Map<string, Promise<readonly ResolvedAddress[]>>();
  return (hostname) => {
    const pending = running.get(hostname);
    if (pending !== undefined) return pending;
    const resolution = lookup(hostname).finally(() => running.delete(hostname));
    running.set(hostname, resolution);
    return resolution;
  };
}
