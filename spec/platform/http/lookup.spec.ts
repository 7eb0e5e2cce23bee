import { createLookup, NOTHING_ALLOWED, parseAllowList } from '../../../src/platform/http/index.js';
import { type DnsAnswer, type DnsServer, startDnsServer } from './dnsServer.js';

const ZONE: Readonly<Record<string, Readonly<Record<'A' | 'AAAA', DnsAnswer>>>> = {
  'both.example': { A: ['1.1.1.1', '8.8.8.8'], AAAA: ['2606:4700:0:0:0:0:0:1'] },
  'four.example': { A: ['1.1.1.1'], AAAA: [] },
  'six.example': { A: [], AAAA: ['2606:4700:0:0:0:0:0:1'] },
  'half.example': { A: ['1.1.1.1'], AAAA: 'servfail' },
  'empty.example': { A: [], AAAA: [] },
  'broken.example': { A: 'servfail', AAAA: 'servfail' },
  'unsure.example': { A: 'nxdomain', AAAA: 'servfail' },
  'silent.example': { A: 'silent', AAAA: 'silent' },
};

describe('createLookup', () => {
  let server: DnsServer;

  beforeEach(async () => {
    server = await startDnsServer((name, type) => ZONE[name]?.[type] ?? 'nxdomain');
  });
  afterEach(() => server.close());

  const lookupWith = (allowed = NOTHING_ALLOWED) =>
    createLookup(allowed, { servers: [server.address], timeoutMs: 50 });

  it.each([
    ['both.example', ['1.1.1.1', '8.8.8.8', '2606:4700::1']],
    ['four.example', ['1.1.1.1']],
    ['six.example', ['2606:4700::1']],
    ['half.example', ['1.1.1.1']],
  ])('returns every address of %s, IPv4 first', async (name, addresses) => {
    await expect(lookupWith()(name)).resolves.toEqual(
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  });

  it.each([
    ['gone.example', 'ENOTFOUND'],
    ['empty.example', 'ENODATA'],
    ['broken.example', 'ESERVFAIL'],
    ['unsure.example', 'ESERVFAIL'],
    ['silent.example', 'ETIMEOUT'],
  ])('rejects for %s with %s', async (name, code) => {
    await expect(lookupWith()(name)).rejects.toMatchObject({ code });
  });

  it('resolves a name on the allow-list by the machine, not by DNS', async () => {
    const addresses = await lookupWith(parseAllowList('localhost'))('localhost');
    expect(addresses.map(({ address }) => address)).toContain('127.0.0.1');
    expect(server.questions).toEqual([]);
  });

  it('resolves a name that DNS does not know by the machine only where ranges are allowed', async () => {
    await expect(lookupWith()('localhost')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(lookupWith(parseAllowList('a.example'))('localhost')).rejects.toMatchObject({
      code: 'ENOTFOUND',
    });
    const addresses = await lookupWith(parseAllowList('127.0.0.0/8'))('localhost');
    expect(addresses.map(({ address }) => address)).toContain('127.0.0.1');
  });

  it('does not resolve by the machine when DNS only fails', async () => {
    await expect(lookupWith(parseAllowList('127.0.0.0/8'))('silent.example')).rejects.toMatchObject(
      {
        code: 'ETIMEOUT',
      },
    );
  });
});
