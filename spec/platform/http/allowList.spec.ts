import { allowsAddress, allowsName } from '../../../src/platform/http/allowList.js';
import { NOTHING_ALLOWED, parseAllowList } from '../../../src/platform/http/index.js';

describe('parseAllowList', () => {
  const list = parseAllowList(
    ' crm.example.internal, *.Corp.example ,127.0.0.1,10.0.0.0/8, fd00::/8,[::1],bücher.example,,intranet',
  );

  it.each([
    ['crm.example.internal', true],
    ['CRM.example.internal', false],
    ['a.crm.example.internal', false],
    ['example.internal', false],
    ['a.corp.example', true],
    ['a.b.corp.example', true],
    ['corp.example', false],
    ['acorp.example', false],
    ['xn--bcher-kva.example', true],
    ['intranet', true],
    ['', false],
  ])('says of the name %j: %j', (name, expected) => {
    expect(allowsName(list, name)).toBe(expected);
  });

  it.each([
    ['127.0.0.1', true],
    ['127.0.0.2', false],
    ['10.255.255.255', true],
    ['11.0.0.0', false],
    ['fd12::1', true],
    ['fc00::1', false],
    ['::1', true],
    // An address that wraps an allowed address is not allowed itself.
    ['::ffff:10.0.0.1', false],
    ['64:ff9b::10.0.0.1', false],
    ['fd12::1%eth0', false],
    ['crm.example.internal', false],
  ])('says of the address %j: %j', (address, expected) => {
    expect(allowsAddress(list, address)).toBe(expected);
  });

  it('reads the same from a list that is split already', () => {
    expect(parseAllowList(['127.0.0.1', ' *.corp.example '])).toEqual(
      parseAllowList('127.0.0.1,*.corp.example'),
    );
  });

  it('allows nothing by default', () => {
    expect(parseAllowList('')).toEqual(NOTHING_ALLOWED);
    expect(parseAllowList(' , ,')).toEqual(NOTHING_ALLOWED);
    expect(parseAllowList([])).toEqual(NOTHING_ALLOWED);
  });

  it.each([
    ...['https://crm.example', 'crm.example:8080', 'crm.example/path', '127.0.0.1:80', '[::1]:80'],
    ...[
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10.0.0.0/-1',
      '10.0.0.0/8.0',
      '/8',
      'fd00::/129',
    ],
    ...['127.1', '10.0.0', '0x7f000001', '2130706433', '010.0.0.1', '256.1.1.1', '1.2.3.4.5'],
    ...['*', '*.', '*.*.example', 'a.*.example', '**.example', '.example', 'a..b', 'a.example.'],
    ...['-a.example', 'a-.example', 'a b', 'a;b', 'user@host', 'fe80::1%eth0', 'host.123'],
    ...[`${'a'.repeat(64)}.example`, `${'a.'.repeat(127)}ab`, '\u0000', '*.10.0.0.1'],
  ])('refuses the entry %j, naming it', (entry) => {
    expect(() => parseAllowList(`127.0.0.1,${entry}`)).toThrow(
      `The entry "${entry}" cannot be read. Write a host name`,
    );
  });

  it.each([
    ['10.0.0.5/8', '10.0.0.0/8'],
    ['fd00::1/8', 'fd00::/8'],
  ])('says what %s was meant to be', (entry, meant) => {
    expect(() => parseAllowList(entry)).toThrow(
      `A range begins with its first address: write ${meant}`,
    );
  });
});
