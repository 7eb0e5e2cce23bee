import { lookup as systemLookup, Resolver } from 'node:dns/promises';

import { type AllowList, allowsName } from './allowList.js';
import { codeOf } from './errors.js';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * Returns every address of a host name, in the order in which to try them. Rejects with `code` ENOTFOUND or ENODATA
 * when there are none, and with any other error when the lookup failed.
 */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export interface LookupOptions {
  /** DNS servers as `address` or `address:port`. Default: those of the machine. */
  readonly servers?: readonly string[];
  /** For the first try; the second and last one may take twice as long. Default 2000. */
  readonly timeoutMs?: number;
}

/**
 * Resolves names without a thread: `getaddrinfo` has four for the whole process, and a few receivers whose name servers
 * never respond would occupy all of them. Only the operator's own names are resolved by `getaddrinfo`, as they may be
 * in the hosts file or below a search domain: those on the allow-list, and, where it has ranges, those that DNS does
 * not know. https://nodejs.org/docs/latest-v20.x/api/dns.html#implementation-considerations
 */
export function createLookup(allowed: AllowList, options: LookupOptions = {}): Lookup {
  const resolver = new Resolver({ timeout: options.timeoutMs ?? 2_000, tries: 2 });
  if (options.servers !== undefined) resolver.setServers(options.servers);
  return async (hostname) => {
    if (allowsName(allowed, hostname)) return await resolveBySystem(hostname);
    try {
      return await resolveByDns(resolver, hostname);
    } catch (error) {
      if (allowed.ranges.length > 0 && isUnknownHost(error)) return await resolveBySystem(hostname);
      throw error;
    }
  };
}

/** Returns whether a lookup failed because the name has no address, rather than because no DNS server responded. */
export function isUnknownHost(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOTFOUND' || code === 'ENODATA';
}

/** Resolves a name by DNS, IPv4 first: a machine without an IPv6 route is more common than one without IPv4. */
async function resolveByDns(
  resolver: Resolver,
  hostname: string,
): Promise<readonly ResolvedAddress[]> {
  const [v4, v6] = await Promise.allSettled([
    resolver.resolve4(hostname),
    resolver.resolve6(hostname),
  ]);
  const addresses = [...addressesIn(v4, 4), ...addressesIn(v6, 6)];
  if (addresses.length > 0) return addresses;
  const failures: unknown[] = [v4, v6].flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  throw failures.find((failure) => !isUnknownHost(failure)) ?? failures[0];
}

function addressesIn(result: PromiseSettledResult<string[]>, family: 4 | 6): ResolvedAddress[] {
  return result.status === 'fulfilled' ? result.value.map((address) => ({ address, family })) : [];
}

async function resolveBySystem(hostname: string): Promise<readonly ResolvedAddress[]> {
  const addresses = await systemLookup(hostname, { all: true });
  return addresses.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}
