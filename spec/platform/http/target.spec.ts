import fc from 'fast-check';

import {
  checkResolvable,
  checkTarget,
  httpErrors,
  judgeAddress,
  type Lookup,
  NOTHING_ALLOWED,
  parseAllowList,
  type TargetPolicy,
  URL_LENGTH_MAX,
} from '../../../src/platform/http/index.js';

const strict: TargetPolicy = { allowHttp: false, allowed: NOTHING_ALLOWED };
const open: TargetPolicy = { allowHttp: true, allowed: NOTHING_ALLOWED };
const onPremises: TargetPolicy = {
  allowHttp: false,
  allowed: parseAllowList('10.0.0.0/8,127.0.0.1,fd00::/8,crm,*.corp.internal,localhost'),
};

const PRIVATE_ADDRESS = /^The host is a private or reserved address\. .*HUB_ALLOWED_TARGETS/;
const PRIVATE_NAME = /^The host \S+ is a name on a private network\. .*HUB_ALLOWED_TARGETS/;
const BEGIN = /^The URL must begin with https:\/\//;
const CHARACTERS = /^The URL contains a space, a backslash or a control character/;
const UNREADABLE = /^The URL cannot be read/;
const NO_NAME = /^The URL does not contain a valid host name/;
const CREDENTIALS = /^The URL must not contain a user name or password/;

describe('checkTarget', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['https://example.com/hooks/1?a=b&c=%20', 'https://example.com/hooks/1?a=b&c=%20'],
    ['HTTPS://EXAMPLE.com:8443/', 'https://example.com:8443/'],
    ['https://example.com:443/', 'https://example.com/'],
    ['https://example.com:65535/', 'https://example.com:65535/'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://ⓔxample.com/', 'https://example.com/'],
    ['https://ex%61mple.com/', 'https://example.com/'],
    ['https://a_b.example.com/', 'https://a_b.example.com/'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://134744072/', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
    ['https://localhost.example.com/', 'https://localhost.example.com/'],
    ['https://example.com/#', 'https://example.com/#'],
    ['https://@example.com/', 'https://example.com/'],
    [
      'https://example.com/a?next=http://127.0.0.1/',
      'https://example.com/a?next=http://127.0.0.1/',
    ],
  ])('takes %s', (text, href) => {
    expect(checkTarget(text, strict).href).toBe(href);
  });

  it.each([
    // Every spelling of 127.0.0.1 and its like that the URL Standard reads as an address.
    ...[
      ...['127.0.0.1', '127.1', '127.0.1', '2130706433', '0x7f000001', '0X7F.1', '0177.0.0.1'],
      ...[
        '017700000001',
        '127.0.0.1.',
        '１２７.０.０.１',
        '127。0。0。1',
        '①②⑦.⓪.⓪.①',
        '127.0.0.%31',
      ],
      ...['%31%32%37.0.0.1', '0', '0x0', '0.0.0.0', '256', '4294967295', '255.255.255.255'],
      ...['10.0.0.1', '10.1', '172.16.0.1', '192.168.0.1', '3232235521', '0xc0.0xa8.0.1'],
      ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '100.100.100.200'],
      ...['192.0.0.192', '168.63.129.16', '100.64.0.1', '198.18.0.1', '224.0.0.1', '240.0.0.1'],
      ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:7f00:1]', '[::ffff:127.0.0.1]'],
      ...['[::127.0.0.1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fd00:ec2::254]', '[fe80::1]'],
      ...['[fec0::1]', '[ff02::1]', '[2001:db8::1]', '[::FFFF:A9FE:A9FE]', '[2001::1]'],
    ].map((host) => [`https://${host}/`, PRIVATE_ADDRESS] as const),
    ...[
      ...['localhost', 'LOCALHOST', 'a.localhost', 'ｌｏｃａｌｈｏｓｔ', 'loc%61lhost', 'metadata'],
      ...['metadata.google.internal', 'printer.local', 'localhost.localdomain', 'router.home.arpa'],
      ...['abc.onion', 'intranet', 'instance-data', 'kubernetes', 'a.internal'],
    ].map((host) => [`https://${host}/`, PRIVATE_NAME] as const),
    ['https://localhost./', /^Remove the dot/],
    ['https://example.com./', /^Remove the dot/],
    ['https://metadata.google.internal./', /^Remove the dot/],
    ['http://example.com/', BEGIN],
    ['http://8.8.8.8/', BEGIN],
    ['ftp://example.com/', BEGIN],
    ['file:///etc/passwd', BEGIN],
    ['gopher://example.com/', BEGIN],
    ['javascript:alert(1)', BEGIN],
    ['data:text/plain,a', BEGIN],
    ['ws://example.com/', BEGIN],
    ['//example.com/', BEGIN],
    ['/path', BEGIN],
    ['example.com', BEGIN],
    ['', BEGIN],
    ['https:', BEGIN],
    ['https://', BEGIN],
    ['https:///example.com/', BEGIN],
    ['https:example.com', BEGIN],
    ['https:/example.com', BEGIN],
    ['https://?a', BEGIN],
    ['https://#a', BEGIN],
    ['https://user@example.com/', CREDENTIALS],
    ['https://user:pass@example.com/', CREDENTIALS],
    ['https://:pass@example.com/', CREDENTIALS],
    ['https://example.com@127.0.0.1/', CREDENTIALS],
    ['https://127.0.0.1:80@example.com/', CREDENTIALS],
    ['https://example.com/#section', /^The URL must not contain a fragment/],
    ['https://example.com:0/', /port 0/],
    ['https://example.com:00000/', /port 0/],
    ['https://example.com:65536/', UNREADABLE],
    ['https://example.com:80a/', UNREADABLE],
    ['https://1.2.3.4.5/', UNREADABLE],
    ['https://256.0.0.1/', UNREADABLE],
    ['https://foo.0x7f/', UNREADABLE],
    ['https://[::1/', UNREADABLE],
    ['https://[fe80::1%25eth0]/', UNREADABLE],
    ['https://[::ffff:127.1]/', UNREADABLE],
    ['https://[v1.fe80::a]/', UNREADABLE],
    ['https://a%00b.com/', UNREADABLE],
    ['https://a%0ab.com/', UNREADABLE],
    ['https://a<b.com/', UNREADABLE],
    ['https://xn--a/', UNREADABLE],
    ['https://ex*mple.com/', NO_NAME],
    ['https://a..example.com/', NO_NAME],
    ['https://-a.example.com/', NO_NAME],
    ['https://a,b.example.com/', NO_NAME],
    [`https://${'a'.repeat(64)}.example.com/`, NO_NAME],
    [`https://${'a.'.repeat(130)}com/`, NO_NAME],
    [' https://example.com/', CHARACTERS],
    ['https://example.com/ ', CHARACTERS],
    ['https://exa mple.com/', CHARACTERS],
    ['https://example.com\\@127.0.0.1/', CHARACTERS],
    ['https:\\\\example.com/', CHARACTERS],
    ['https://example.com/\\..', CHARACTERS],
    ['https://exam\tple.com/', CHARACTERS],
    ['ht\ntps://example.com/', CHARACTERS],
    ['https://example.com/\r\nHost:%20a', CHARACTERS],
    ['https://127.0.0.1\u0000.example.com/', CHARACTERS],
    ['\u0000https://example.com/', CHARACTERS],
    ['https://example.com/\u007f', CHARACTERS],
    [`https://example.com/${'a'.repeat(URL_LENGTH_MAX)}`, /longer than 2048 characters\.$/],
    [`https://example.com/${'ä'.repeat(1_000)}`, /longer than 2048 characters when/],
  ] as const)('refuses %j', (text, problem) => {
    expect(() => checkTarget(text, strict)).toThrow(
      expect.objectContaining({
        kind: 'TargetNotAllowed',
        spec: httpErrors.TargetNotAllowed.spec,
        message: expect.stringMatching(problem),
      }),
    );
  });

  it('takes exactly the longest URL', () => {
    const longest = 'https://example.com/'.padEnd(URL_LENGTH_MAX, 'a');
    expect(checkTarget(longest, strict).href).toBe(longest);
    expect(() => checkTarget(`${longest}a`, strict)).toThrow('longer than 2048');
  });

  it('takes http where the policy does, and still no private host', () => {
    expect(checkTarget('http://example.com/', open).href).toBe('http://example.com/');
    expect(() => checkTarget('http://127.0.0.1/', open)).toThrow(PRIVATE_ADDRESS);
    expect(() => checkTarget('http://localhost/', open)).toThrow(PRIVATE_NAME);
  });

  it.each([
    ...['http://10.1.2.3:8080/', 'http://127.0.0.1/', 'https://127.1/', 'http://[fd12::1]/'],
    ...['http://crm/', 'https://crm:8443/', 'http://a.corp.internal/', 'http://localhost:3000/'],
  ])('lets through what is on the allow-list: %s', (text) => {
    expect(() => checkTarget(text, onPremises)).not.toThrow();
  });

  it.each([
    ['http://example.com/', BEGIN],
    ['http://8.8.8.8/', BEGIN],
    ['https://127.0.0.2/', PRIVATE_ADDRESS],
    ['https://[::ffff:10.0.0.1]/', PRIVATE_ADDRESS],
    ['https://a.localhost/', PRIVATE_NAME],
    ['https://corp.internal/', PRIVATE_NAME],
    ['https://crm./', /^Remove the dot/],
    ['https://user@crm/', CREDENTIALS],
    ['https://crm:0/', /port 0/],
    ['ftp://crm/', BEGIN],
  ])('refuses what is beside the allow-list: %s', (text, problem) => {
    expect(() => checkTarget(text, onPremises)).toThrow(problem);
  });

  it('never allows an address that is not routable, however its URL is made', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const spellings = fc.tuple(byte, byte, byte, byte, fc.nat(6)).map(([a, b, c, d, nth]) => {
      const number = ((a * 256 + b) * 256 + c) * 256 + d;
      const plain = [a, b, c, d].join('.');
      const notations = [
        ...[plain, String(number), `0x${number.toString(16)}`, `0${number.toString(8)}`],
        ...[
          [a, b, c, d].map((each) => `0${each.toString(8)}`).join('.'),
          `${a}.${number % 0x1000000}`,
        ],
        `[::ffff:${plain}]`,
      ];
      return { plain, host: notations[nth] ?? plain };
    });
    fc.assert(
      fc.property(spellings, ({ plain, host }) => {
        const expected = !host.startsWith('[') && judgeAddress(plain).routable;
        let passed = true;
        try {
          checkTarget(`https://${host}/`, strict);
        } catch {
          passed = false;
        }
        expect(passed).toBe(expected);
      }),
      { numRuns: 2_000 },
    );
  });

  it('turns any text into a URL or TargetNotAllowed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webUrl(),
          fc.string(),
          fc.string().map((s) => `https://${s}`),
        ),
        (text) => {
          let outcome: unknown;
          try {
            outcome = checkTarget(text, strict).protocol;
          } catch (error) {
            outcome = (error as { kind?: string }).kind;
          }
          expect(['https:', 'TargetNotAllowed']).toContain(outcome);
        },
      ),
    );
  });
});

describe('checkResolvable', () => {
  const resolvingTo =
    (...addresses: string[]): Lookup =>
    async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const failing =
    (code: string): Lookup =>
    () =>
      Promise.reject(Object.assign(new Error('queryA'), { code }));
  const noLookup: Lookup = () => Promise.reject(new Error('no lookup is expected'));

  it.each([
    ['a public address', 'https://example.com/', resolvingTo('93.184.215.14')],
    [
      'public addresses of both families',
      'https://example.com/',
      resolvingTo('1.1.1.1', '2606:4700::1'),
    ],
    ['only IPv6', 'https://example.com/', resolvingTo('2606:4700::1')],
  ])('takes a name with %s', async (_, text, lookup) => {
    await expect(checkResolvable(text, strict, lookup)).resolves.toEqual(new URL(text));
  });

  it.each([
    ['one private address', ['10.0.0.1']],
    ['a private one after public ones', ['1.1.1.1', '8.8.8.8', '192.168.1.1']],
    ['a private one before public ones', ['127.0.0.1', '1.1.1.1']],
    ['a private IPv6 address beside a public IPv4 one', ['1.1.1.1', 'fd00::1']],
    ['a metadata service', ['169.254.169.254']],
    ['a mapped address', ['::ffff:8.8.8.8']],
    ['an address with a zone', ['2606:4700::1%eth0']],
    ['a text that is not an address', ['example.com']],
  ])('refuses a name with %s, without saying which', async (_, addresses) => {
    const refusal = checkResolvable('https://rebind.example/', strict, resolvingTo(...addresses));
    await expect(refusal).rejects.toMatchObject({
      kind: 'TargetNotAllowed',
      message: expect.stringMatching(
        /^The host rebind\.example resolves to a private or reserved address\. Use a host/,
      ),
      detail: { host: 'rebind.example', address: expect.any(String) },
    });
    await expect(refusal).rejects.toMatchObject({
      message: expect.not.stringMatching(
        addresses.map((each) => each.replaceAll('.', '\\.')).join('|'),
      ),
    });
  });

  it.each([
    ['ENOTFOUND', 'TargetNotFound', 'No address is known for the host gone.example.'],
    ['ENODATA', 'TargetNotFound', 'No address is known for the host gone.example.'],
    ['ETIMEOUT', 'TargetLookupFailed', 'could not be looked up just now'],
    ['ESERVFAIL', 'TargetLookupFailed', 'could not be looked up just now'],
    ['EAI_AGAIN', 'TargetLookupFailed', 'could not be looked up just now'],
  ])('says on %s: %s', async (code, kind, message) => {
    await expect(
      checkResolvable('https://gone.example/', strict, failing(code)),
    ).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(message),
    });
  });

  it('treats an empty result as a name without address', async () => {
    await expect(
      checkResolvable('https://gone.example/', strict, resolvingTo()),
    ).rejects.toMatchObject({ kind: 'TargetNotFound' });
  });

  it('makes no lookup for an address, nor for a URL that is refused anyway', async () => {
    await expect(checkResolvable('https://8.8.8.8/', strict, noLookup)).resolves.toBeInstanceOf(
      URL,
    );
    await expect(
      checkResolvable('https://[2606:4700::1]/', strict, noLookup),
    ).resolves.toBeInstanceOf(URL);
    await expect(checkResolvable('https://localhost/', strict, noLookup)).rejects.toMatchObject({
      kind: 'TargetNotAllowed',
    });
  });

  it('lets a name through that resolves into an allowed range, or is allowed itself', async () => {
    const into = resolvingTo('10.1.1.1', '1.1.1.1');
    await expect(checkResolvable('https://crm.example/', onPremises, into)).resolves.toBeDefined();
    const beside = resolvingTo('10.1.1.1', '192.168.1.1');
    await expect(checkResolvable('https://crm.example/', onPremises, beside)).rejects.toMatchObject(
      {
        kind: 'TargetNotAllowed',
      },
    );
    await expect(checkResolvable('http://crm/', onPremises, beside)).resolves.toBeDefined();
    await expect(
      checkResolvable('http://crm/', onPremises, failing('ENOTFOUND')),
    ).rejects.toMatchObject({ kind: 'TargetNotFound' });
  });
});
