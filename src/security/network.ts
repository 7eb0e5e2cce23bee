import { isIP } from 'node:net';

/**
 * What addresses are counted by: an IPv4 address by itself; of IPv6 the first 64 bits, as a single machine is given all
 * the rest: https://www.rfc-editor.org/rfc/rfc6177#section-2. Anything that is no address is counted together.
 */
export function networkOf(address: string | undefined): string {
  const plain = (address ?? '').replace(/%.*$/, '');
  const family = isIP(plain);
  if (family === 4) return plain;
  if (family !== 6) return 'unknown';
  // In hexadecimal and lower case, whatever it was written in.
  const host = new URL(`http://[${plain}]`).hostname.slice(1, -1);
  const [head = '', tail] = host.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  const all = tail === undefined ? before : [...before, ...zeros, ...after];
  // An IPv4 address as sockets for both families have it: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2
  if (all.slice(0, 6).join(':') === '0:0:0:0:0:ffff') return dotted(all.slice(6));
  return `${all.slice(0, 4).join(':')}::/64`;
}

function dotted(groups: readonly string[]): string {
  return groups
    .map((group) => parseInt(group, 16))
    .flatMap((bits) => [bits >> 8, bits & 255])
    .join('.');
}
