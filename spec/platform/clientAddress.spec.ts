import { clientAddress, type TrustedProxies, trustOf } from '../../src/platform/http/index.js';

const PROXY = '10.0.0.1';
const addressOf = (forwarded: string | undefined, trust: TrustedProxies, peer = PROXY) =>
  clientAddress(
    { headers: { 'x-forwarded-for': forwarded }, socket: { remoteAddress: peer } },
    trustOf(trust),
  );

describe('the address of a client', () => {
  it.each<[string | undefined, string]>([
    [undefined, PROXY],
    ['', PROXY],
    [' ', PROXY],
    ['192.0.2.7', '192.0.2.7'],
    // Azure's Application Gateway sends ports.
    ['192.0.2.7:5555', '192.0.2.7'],
    [' 192.0.2.7 ', '192.0.2.7'],
    ['"192.0.2.7"', '192.0.2.7'],
    ['"[2001:db8::1]:443"', '2001:db8::1'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
    // What is no address does not count: the proxy's own does.
    ['unknown', PROXY],
    ['_hidden', PROXY],
    ['192.0.2.7:port', PROXY],
    ['192.0.2.300', PROXY],
    ['0x7f.1', PROXY],
    ['192.0.2.7:5555:1', PROXY],
    ["' or 1=1", PROXY],
    ['a'.repeat(20_000), PROXY],
    // Only the last entry was written by the proxy.
    ['127.0.0.1, 192.0.2.7:1', '192.0.2.7'],
    ['192.0.2.9, garbage', PROXY],
    ['192.0.2.9,,192.0.2.7', '192.0.2.7'],
  ])('behind one proxy that reports %j is %j', (forwarded, expected) => {
    expect(addressOf(forwarded, 1)).toBe(expected);
    expect(addressOf(forwarded, '10.0.0.0/8')).toBe(expected);
  });

  it.each<[TrustedProxies, string]>([
    [0, PROXY],
    [false, PROXY],
    [1, '10.0.0.2'],
    [2, '192.0.2.7'],
    [3, '198.51.100.1'],
    [true, '198.51.100.1'],
    ['10.0.0.0/8', '192.0.2.7'],
    ['uniquelocal', '192.0.2.7'],
    ['loopback', PROXY],
    ['loopback, 10.0.0.1', '10.0.0.2'],
    [['10.0.0.1', '10.0.0.2/32'], '192.0.2.7'],
    [[], PROXY],
    ['', PROXY],
  ])('is found through the trusted proxies %j: %j', (trust, expected) => {
    expect(addressOf('198.51.100.1, 192.0.2.7:80, 10.0.0.2:999', trust)).toBe(expected);
  });

  it('is that of the connection when a sender who is not trusted reports another', () => {
    expect(addressOf('127.0.0.1', '10.0.0.0/8', '192.0.2.66')).toBe('192.0.2.66');
    expect(addressOf('127.0.0.1', 'loopback', '::ffff:192.0.2.66')).toBe('::ffff:192.0.2.66');
    expect(addressOf('192.0.2.7', 'loopback', '::ffff:127.0.0.1')).toBe('192.0.2.7');
  });

  it.each(['nonsense', '10.0.0.0/33', '10.0.0/8'])('cannot be found through %j', (trust) => {
    expect(() => trustOf(trust)).toThrow(TypeError);
  });
});
