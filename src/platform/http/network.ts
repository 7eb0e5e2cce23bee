import ipaddr from 'ipaddr.js';

import { type IpAddress, type IpRange, isInRange, readAddress } from './address.js';

/** Returns why a text is neither an address nor a CIDR range, as a sentence; `undefined` when it is one. */
export function problemOfRange(text: string): string | undefined {
  return readRange(text)
    ? undefined
    : 'must be an address such as 192.0.2.7 or 2001:db8::7, or a range such as 192.0.2.0/24';
}

/**
 * Returns a function that tests whether an address lies in one of the ranges; check each range with `problemOfRange`
 * first. An IPv4 address in the form of dual-stack sockets, `::ffff:192.0.2.7`, counts as that IPv4 address.
 */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  const read = ranges.map(readRange).filter((range) => range !== undefined);
  return (text) => {
    const address = readAddress(text);
    return address !== undefined && read.some((range) => isInRange(unmapped(address), range));
  };
}

/**
 * Returns the network that limits by address count as one: an IPv4 address itself, the first 64 bits of an IPv6
 * address, as a single machine has all the rest: https://www.rfc-editor.org/rfc/rfc6177#section-2. Everything that is
 * not an address is counted together, as `unknown`.
 */
export function networkOf(text: string | undefined): string {
  const read = readAddress((text ?? '').replace(/%.*$/, ''));
  if (!read) return 'unknown';
  const address = unmapped(read);
  if (address instanceof ipaddr.IPv4) return address.toString();
  const network = address.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}

function readRange(text: string): IpRange | undefined {
  const [given = '', bits, ...rest] = text.split('/');
  const address = readAddress(given);
  if (!address || rest.length > 0) return undefined;
  const width = address instanceof ipaddr.IPv4 ? 32 : 128;
  if (bits === undefined) return rangeOf(address, width);
  return /^\d{1,3}$/.test(bits) && Number(bits) <= width
    ? rangeOf(address, Number(bits))
    : undefined;
}

/** Returns a range, in which ::ffff:192.0.2.0/120 becomes 192.0.2.0/24. */
function rangeOf(address: IpAddress, bits: number): IpRange {
  const plain = unmapped(address);
  if (plain === address) return [address, bits];
  return bits >= 96 ? [plain, bits - 96] : [address, bits];
}

/** https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2 */
function unmapped(address: IpAddress): IpAddress {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()
    ? address.toIPv4Address()
    : address;
}
