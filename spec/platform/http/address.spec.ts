import { BlockList, isIPv4 } from 'node:net';

import fc from 'fast-check';

import { judgeAddress } from '../../../src/platform/http/index.js';

// https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
// https://www.iana.org/assignments/iana-ipv6-special-registry/iana-ipv6-special-registry.xhtml
// https://www.iana.org/assignments/multicast-addresses/multicast-addresses.xhtml
// https://www.iana.org/assignments/ipv6-address-space/ipv6-address-space.xhtml
// The ends of every range, and what lies just outside. Metadata services: AWS, Google, Azure and others 169.254.169.254, AWS
// ECS 169.254.170.2, Alibaba 100.100.100.200, Oracle 192.0.0.192, Tencent 169.254.0.23, Azure 168.63.129.16, AWS on IPv6
// fd00:ec2::254, Google on IPv6 fd20:ce::254.
const REFUSED: Readonly<Record<string, readonly string[]>> = {
  'this network': ['0.0.0.0', '0.0.0.1', '0.255.255.255'],
  private: [
    ...['10.0.0.0', '10.0.0.1', '10.255.255.255', '172.16.0.0', '172.20.10.1', '172.31.255.255'],
    ...['192.168.0.0', '192.168.1.1', '192.168.255.255'],
  ],
  'shared by a carrier (CGNAT)': ['100.64.0.0', '100.100.100.200', '100.127.255.255'],
  loopback: ['127.0.0.0', '127.0.0.1', '127.0.0.53', '127.1.2.3', '127.255.255.255', '::1'],
  'link-local': [
    ...['169.254.0.0', '169.254.0.23', '169.254.169.254', '169.254.170.2', '169.254.255.255'],
    ...['fe80::', 'fe80::1', 'fe80::a9fe:a9fe', 'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ],
  'IETF protocol assignment': [
    ...['192.0.0.0', '192.0.0.8', '192.0.0.9', '192.0.0.170', '192.0.0.192', '192.0.0.255'],
    // Teredo, port control anycast, benchmarking, AMT, AS112, ORCHID, ORCHIDv2, drone identifiers.
    ...['2001::', '2001:0:7f00:1::', '2001:1::1', '2001:2::1', '2001:3::1', '2001:4:112::1'],
    ...['2001:10::1', '2001:20::1', '2001:30::1', '2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ],
  documentation: [
    ...['192.0.2.0', '192.0.2.255', '198.51.100.0', '198.51.100.255', '203.0.113.0'],
    ...['203.0.113.255', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
    ...['3fff::', '3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ],
  '6to4 relay': ['192.88.99.0', '192.88.99.1', '192.88.99.255'],
  benchmarking: ['198.18.0.0', '198.19.255.255'],
  multicast: ['224.0.0.0', '224.0.0.251', '239.255.255.255', 'ff00::', 'ff02::1', 'ff0e::1'],
  reserved: ['240.0.0.0', '250.1.2.3', '255.255.255.254', '255.255.255.255'],
  'cloud metadata': ['168.63.129.16'],
  unspecified: ['::'],
  'IPv4-mapped': ['::ffff:0:0', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8'],
  'IPv4-translated': ['::ffff:0:0:0', '::ffff:0:127.0.0.1', '::ffff:0:808:808'],
  'IPv4-compatible': ['::2', '::127.0.0.1', '::7f00:1', '::8.8.8.8', '::ffff:ffff'],
  NAT64: [
    ...['64:ff9b::', '64:ff9b::7f00:1', '64:ff9b::169.254.169.254', '64:ff9b::8.8.8.8'],
    ...['64:ff9b:1::', '64:ff9b:1:ffff:ffff:ffff:ffff:ffff'],
  ],
  'discard-only': ['100::', '100::ffff:ffff:ffff:ffff'],
  '6to4': ['2002::', '2002:7f00:1::', '2002:a9fe:a9fe::1', '2002:808:808::1'],
  'SRv6 segment identifier': ['5f00::', '5f00:ffff::1'],
  'unique local': ['fc00::', 'fc00::1', 'fd00::1', 'fd00:ec2::254', 'fd20:ce::254', 'fdff::1'],
  'site-local': ['fec0::', 'fec0::1', 'feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  unassigned: [
    ...['0:0:1::', '64:ff9b:0:0:0:1::', '64:ff9b:2::', '100:0:0:1::', '200::', '1fff:ffff::'],
    ...['4000::', '5eff::1', '5f01::', '8000::', 'c000::', 'fbff::1', 'fe00::', 'fe7f::1'],
  ],
  // Texts that some parser takes for one of the above.
  'not an address': [
    ...['', ' ', '127.1', '127.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '0x7f.0.0.1'],
    ...['127.0.0.1.', ' 127.0.0.1', '127.0.0.1 ', '127.0.0.1/32', '127.0.0.1:80', '1.2.3.4.5'],
    ...['127.0.0.01', '１２７.0.0.1', '256.0.0.1', '8.8.8', '[::1]', '::1/128', ':::1', '1::2::3'],
    ...[
      'fe80::1%eth0',
      'fe80::1%1',
      '2606:4700::1%lo',
      '::ffff:127.0.0.1%0',
      '12345::',
      '8.8.8.8\n',
    ],
    ...['localhost', 'example.com', '::ffff:127.1'],
  ],
};

const ROUTABLE = [
  ...['1.0.0.0', '1.1.1.1', '8.8.8.8', '9.255.255.255', '11.0.0.0', '100.63.255.255'],
  ...['100.128.0.0', '126.255.255.255', '128.0.0.0', '168.63.129.15', '168.63.129.17'],
  ...['169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0', '191.255.255.255'],
  ...['192.0.1.0', '192.0.3.0', '192.31.196.1', '192.52.193.1', '192.88.98.255', '192.88.100.0'],
  ...['192.167.255.255', '192.169.0.0', '192.175.48.1', '198.17.255.255', '198.20.0.0'],
  ...['198.51.99.255', '198.51.101.0', '203.0.112.255', '203.0.114.0', '223.255.255.255'],
  ...['2000::', '2000::1', '2001:200::', '2001:4860:4860::8888', '2001:db7:ffff::1', '2001:db9::'],
  ...['2003::1', '2400:cb00:2048:1::c629:d7a2', '2606:4700:4700::1111', '2620:4f:8000::1'],
  ...['2620:fe::fe', '2A00:1450:4001:081B:0000:0000:0000:200E', '3ffe:ffff::1', '3fff:1000::'],
];

const refusedRows = Object.entries(REFUSED).flatMap(([why, addresses]) =>
  addresses.map((address) => ({ address, why })),
);

/** The same ranges in Node's own matcher, which shares no code with ours. */
function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

const SPECIAL_V4 = blockList([
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3', '168.63.129.16/32'],
]);
const GLOBAL_V6 = blockList(['2000::/3']);
const SPECIAL_V6 = blockList(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);

const SEED_V4 = [...ROUTABLE, ...refusedRows.map(({ address }) => address)].filter(isIPv4);

const byte = fc.integer({ min: 0, max: 255 });
/** Anywhere, and near the ends of the ranges, where mistakes are made. */
const ipv4 = fc.oneof(
  fc.tuple(byte, byte, byte, byte).map((parts) => parts.join('.')),
  fc
    .tuple(fc.constantFrom(...SEED_V4), byte)
    .map(([seed, last]) => seed.replace(/\d+$/, String(last))),
);

const group = fc.integer({ min: 0, max: 0xffff });
const firstGroups = fc.oneof(
  fc.tuple(group, group),
  fc.tuple(fc.constantFrom(0, 0x64, 0x100, 0x5f00, 0x2002, 0x3fff, 0xfd00, 0xfe80, 0xff02), group),
  fc.tuple(fc.constant(0x2001), fc.oneof(fc.integer({ min: 0, max: 0x3ff }), fc.constant(0xdb8))),
);
const ipv6Groups = fc
  .tuple(firstGroups, fc.array(group, { minLength: 6, maxLength: 6 }))
  .map(([first, rest]) => [...first, ...rest]);

function hex(ipv4Text: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4Text.split('.').map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

describe('judgeAddress', () => {
  it('has a complete table', () => {
    expect(refusedRows.length).toBeGreaterThanOrEqual(120);
    expect(new Set(refusedRows.map(({ address }) => address)).size).toBe(refusedRows.length);
  });

  it.each(refusedRows)('refuses %j', ({ address, why }) => {
    expect(judgeAddress(address)).toEqual({ routable: false, why });
  });

  it.each(ROUTABLE)('lets %s through', (address) => {
    expect(judgeAddress(address)).toEqual({ routable: true });
  });

  it('agrees with another matcher on every IPv4 address', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        expect(judgeAddress(address).routable).toBe(!SPECIAL_V4.check(address, 'ipv4'));
      }),
      { numRuns: 5_000 },
    );
  });

  it('agrees with another matcher on every IPv6 address, however it is written', () => {
    fc.assert(
      fc.property(ipv6Groups, (groups) => {
        const short = groups.map((each) => each.toString(16)).join(':');
        const long = groups
          .map((each) => each.toString(16).padStart(4, '0').toUpperCase())
          .join(':');
        const expected = GLOBAL_V6.check(short, 'ipv6') && !SPECIAL_V6.check(short, 'ipv6');
        expect(judgeAddress(short).routable).toBe(expected);
        expect(judgeAddress(long).routable).toBe(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it('refuses every IPv4 address inside an IPv6 one, routable or not', () => {
    fc.assert(
      fc.property(ipv4, (address) => {
        const carriers = [
          ...[`::ffff:${address}`, `::ffff:${hex(address)}`, `::${address}`, `::ffff:0:${address}`],
          ...[`64:ff9b::${address}`, `64:ff9b:1::${address}`, `2002:${hex(address)}::1`],
          ...[`2001:0:${hex(address)}::`, `fe80::${hex(address)}`],
        ];
        expect(carriers.filter((carrier) => judgeAddress(carrier).routable)).toEqual([]);
      }),
    );
  });

  it('refuses a zone id on any address', () => {
    fc.assert(
      fc.property(ipv6Groups, fc.stringMatching(/^[a-z0-9]{1,8}$/), (groups, zone) => {
        const address = groups.map((each) => each.toString(16)).join(':');
        expect(judgeAddress(`${address}%${zone}`).routable).toBe(false);
      }),
    );
  });

  it('refuses a text that is not an address, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.webFragments(), (text, other) => {
        expect(judgeAddress(`x${text}`).routable).toBe(false);
        expect(judgeAddress(`${other}.`).routable).toBe(false);
      }),
    );
  });
});
