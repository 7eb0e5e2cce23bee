import { isIP } from 'node:net';

import ipaddr from 'ipaddr.js';

/** `why` is for logs only: callers must not learn which address a name has. */
export type AddressVerdict =
  { readonly routable: true } | { readonly routable: false; readonly why: string };

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;
export type IpRange = readonly [IpAddress, number];

const ROUTABLE: AddressVerdict = { routable: true };

// https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml: the blocks that are not
// globally reachable, multicast, and 192.88.99.0/24 (RFC 7526). 192.0.0.0/24 is refused as a whole: its two globally
// reachable addresses are anycast services, and 192.0.0.192 is the metadata service of Oracle Cloud.
const REFUSED_V4 = rangesOf({
  'this network': ['0.0.0.0/8'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  'shared by a carrier (CGNAT)': ['100.64.0.0/10'],
  loopback: ['127.0.0.0/8'],
  'link-local': ['169.254.0.0/16'],
  'IETF protocol assignment': ['192.0.0.0/24'],
  documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  '6to4 relay': ['192.88.99.0/24'],
  benchmarking: ['198.18.0.0/15'],
  multicast: ['224.0.0.0/4'],
  reserved: ['240.0.0.0/4'],
  // Globally routable, but it serves each Azure virtual machine that machine's own configuration.
  // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  'cloud metadata': ['168.63.129.16/32'],
});

// https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml. The entries outside
// 2000::/3 only give a more precise reason in the log: all of that space is refused, assigned or not.
const REFUSED_V6 = rangesOf({
  unspecified: ['::/128'],
  loopback: ['::1/128'],
  'IPv4-mapped': ['::ffff:0:0/96'],
  'IPv4-translated': ['::ffff:0:0:0/96'],
  'IPv4-compatible': ['::/96'],
  NAT64: ['64:ff9b::/96', '64:ff9b:1::/48'],
  'discard-only': ['100::/64'],
  // Teredo, benchmarking, ORCHID and similar; refused as a whole, as there are no web servers in it.
  'IETF protocol assignment': ['2001::/23'],
  documentation: ['2001:db8::/32', '3fff::/20'],
  '6to4': ['2002::/16'],
  'SRv6 segment identifier': ['5f00::/16'],
  'unique local': ['fc00::/7'],
  'link-local': ['fe80::/10'],
  'site-local': ['fec0::/10'],
  multicast: ['ff00::/8'],
});

// The only block from which global unicast addresses are assigned.
// https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml
const GLOBAL_UNICAST_V6: IpRange = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Reads an address in its standard form: four decimal parts or RFC 4291 text. Other spellings that parsers accept
 * (octal, hexadecimal, fewer parts, a zone id) are rejected.
 */
export function readAddress(text: string): IpAddress | undefined {
  switch (isIP(text)) {
    case 4:
      return ipaddr.IPv4.parse(text);
    case 6:
      // Hexadecimal first: ipaddr.js takes ::127.0.0.1 for ::ffff:127.0.0.1.
      return text.includes('%') ? undefined : ipaddr.IPv6.parse(inHexadecimal(text));
    default:
      return undefined;
  }
}

function inHexadecimal(ipv6: string): string {
  return new URL(`http://[${ipv6}]`).hostname.slice(1, -1);
}

export function isInRange(address: IpAddress, [base, bits]: IpRange): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

/**
 * Returns whether an IP address is globally routable unicast, the only kind that a user may make the hub connect to. A
 * text that is not an address is not allowed. An IPv6 address that embeds an IPv4 one is always refused: DNS never
 * needs to return one, and a translator decides where it leads.
 */
export function judgeAddress(text: string): AddressVerdict {
  const address = readAddress(text);
  if (address === undefined) return notRoutable('not an address');
  const isV4 = address.kind() === 'ipv4';
  for (const { why, range } of isV4 ? REFUSED_V4 : REFUSED_V6) {
    if (isInRange(address, range)) return notRoutable(why);
  }
  return isV4 || isInRange(address, GLOBAL_UNICAST_V6) ? ROUTABLE : notRoutable('unassigned');
}

function notRoutable(why: string): AddressVerdict {
  return { routable: false, why };
}

function rangesOf(
  table: Readonly<Record<string, readonly string[]>>,
): readonly { readonly why: string; readonly range: IpRange }[] {
  return Object.entries(table).flatMap(([why, ranges]) =>
    ranges.map((range) => ({ why, range: ipaddr.parseCIDR(range) })),
  );
}
