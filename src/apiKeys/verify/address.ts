import { BlockList, isIP, isIPv4 } from 'node:net';

import ipaddr from 'ipaddr.js';

/** Why a text is neither an address nor a CIDR range, as a sentence; `undefined` when it is one. */
export function problemOfRange(text: string): string | undefined {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  const isRange = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= widthOf(family));
  if (family !== 0 && !address.includes('%') && isRange && rest.length === 0) return undefined;
  return 'must be an address such as 192.0.2.7 or 2001:db8::7, or a range such as 192.0.2.0/24';
}

/** Tells whether an address lies in one of the ranges, each of which has been looked at by `problemOfRange`. */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [given = '', givenBits] = range.split('/');
    const address = unmapped(given);
    const width = widthOf(isIP(address));
    // ::ffff:192.0.2.0/120 is 192.0.2.0/24.
    const isMapped = address !== given;
    const bits = givenBits === undefined ? width : Number(givenBits) - (isMapped ? 96 : 0);
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits >= 0) list.addSubnet(address, bits, family);
    else list.addSubnet(given, Number(givenBits), 'ipv6');
  }
  return (text) => {
    const address = unmapped(text);
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

/** Whom limits of addresses count as one: an address of version 4, the first 64 bits of one of version 6. */
export function networkOf(text: string): string {
  if (!ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  const network = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

/** An IPv4 address as sockets for both families have it, `::ffff:192.0.2.7`, as it is: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2 */
function unmapped(address: string): string {
  const [, dotted] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return dotted !== undefined && isIPv4(dotted) ? dotted : address;
}

function widthOf(family: number): number {
  return family === 4 ? 32 : 128;
}
