import { domainToASCII } from 'node:url';

import ipaddr from 'ipaddr.js';

import { type IpRange, isInRange, readAddress } from './address.js';
import { httpErrors } from './errors.js';

/** Targets that the operator allows although they are not publicly reachable. */
export interface AllowList {
  readonly names: ReadonlySet<string>;
  /** With the leading dot: `.example.internal`. */
  readonly suffixes: readonly string[];
  readonly ranges: readonly IpRange[];
}

export const NOTHING_ALLOWED: AllowList = { names: new Set(), suffixes: [], ranges: [] };

// RFC 1123 §2.1 labels, and the underscore that occurs in names on private networks.
const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const HOST_NAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);
const HOST_NAME_LENGTH_MAX = 253;

/**
 * Returns whether an ASCII name is valid in DNS. A name that ends in a number is not: browsers read it as an address.
 */
export function isHostName(text: string): boolean {
  return (
    text.length <= HOST_NAME_LENGTH_MAX && HOST_NAME.test(text) && !/(?:^|\.)[0-9]+$/.test(text)
  );
}

/**
 * Reads HUB_ALLOWED_TARGETS: host names (`crm.example.internal`, or `*.example.internal` for every name below it),
 * addresses (`10.1.2.3`, `fd00::1`) and ranges (`10.0.0.0/8`), separated by commas or as a list. A host name is allowed
 * whatever it resolves to; an address or range allows names that resolve into it.
 * @throws AllowListInvalid, which names the entry that cannot be read.
 */
export function parseAllowList(given: string | readonly string[]): AllowList {
  const names = new Set<string>();
  const suffixes: string[] = [];
  const ranges: IpRange[] = [];
  const entries = typeof given === 'string' ? given.split(',') : given;
  for (const entry of entries.map((part) => part.trim().toLowerCase())) {
    if (entry === '') continue;
    const range = readRange(entry);
    const isSuffix = entry.startsWith('*.');
    const name = asciiName(isSuffix ? entry.slice(2) : entry);
    if (range !== undefined) ranges.push(range);
    else if (!isHostName(name)) throw invalidEntry(entry);
    else if (isSuffix) suffixes.push(`.${name}`);
    else names.add(name);
  }
  return { names, suffixes, ranges };
}

export function allowsName(list: AllowList, hostname: string): boolean {
  return list.names.has(hostname) || list.suffixes.some((suffix) => hostname.endsWith(suffix));
}

export function allowsAddress(list: AllowList, text: string): boolean {
  if (list.ranges.length === 0) return false;
  const address = readAddress(text);
  return address !== undefined && list.ranges.some((range) => isInRange(address, range));
}

/** Returns a host name in ASCII. `domainToASCII` alone would drop a path or a port and take the rest for the name. */
function asciiName(text: string): string {
  return /[\s/\\:@?#%[\]]/.test(text) ? '' : domainToASCII(text);
}

function readRange(entry: string): IpRange | undefined {
  const [text = '', bits, ...rest] = entry.replace(/^\[(.*)\]$/, '$1').split('/');
  const address = readAddress(text);
  if (address === undefined) return undefined;
  const width = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [address, width];
  if (rest.length > 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > width) throw invalidEntry(entry);
  const family = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  const first = family.networkAddressFromCIDR(`${text}/${bits}`).toString();
  if (first !== address.toString()) throw invalidEntry(entry, `${first}/${bits}`);
  return [address, Number(bits)];
}

function invalidEntry(entry: string, meant?: string) {
  const advice =
    meant === undefined
      ? 'Write a host name without scheme, port or path, an address such as 10.1.2.3, or a range such as 10.0.0.0/8.'
      : `A range begins with its first address: write ${meant}, or omit the slash for a single address.`;
  return httpErrors.AllowListInvalid({
    problem: `The entry "${entry}" cannot be read. ${advice}`,
  });
}
