import { createDevices, DEVICE_LIFE_MS, networkOf } from '../../src/security/index.js';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8:0:1::1', '2001:db8:0:1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['', 'unknown'],
  ['192.0.2.7, 198.51.100.1', 'unknown'],
  ['localhost', 'unknown'],
  [undefined, 'unknown'],
])('%s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

describe('a known browser', () => {
  const [old, fresh] = ['a-secret-of-thirty-two-characters', 'b-secret-of-thirty-two-characters'];
  const now = new Date('2026-01-02T03:04:05.000Z');
  const value = createDevices([old]).mint('user1', now);

  it('is known for one account, under the present secret and those before', () => {
    const id = createDevices([old]).read(value, 'user1', now);
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(createDevices([fresh, old]).read(value, 'user1', now)).toBe(id);
    expect(createDevices([fresh]).read(value, 'user1', now)).toBe(undefined);
    expect(createDevices([old]).read(value, 'user2', now)).toBe(undefined);
  });

  it('is another one each time', () => {
    expect(createDevices([old]).mint('user1', now)).not.toBe(value);
  });

  it.each([
    '',
    'a.b.c',
    'a',
    value.slice(0, -1),
    `${value}.x`,
    `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`,
  ])('is not told by %s', (forged) => {
    expect(createDevices([old]).read(forged, 'user1', now)).toBe(undefined);
  });

  it('is a stranger again in half a year', () => {
    const at = (ms: number) =>
      createDevices([old]).read(value, 'user1', new Date(now.getTime() + ms));
    expect(at(DEVICE_LIFE_MS - 1)).toBeDefined();
    expect(at(DEVICE_LIFE_MS)).toBe(undefined);
  });
});
