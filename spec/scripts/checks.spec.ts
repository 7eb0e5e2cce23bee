import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

import { checkPort, checkRouter, checkTexts, portProblem } from '../../scripts/start/checks.js';
import { checkDatabase, maskUri } from '../../scripts/start/databaseCheck.js';

let server: Server;
let port: number;

beforeAll(async () => {
  // Accepts connections and never responds.
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' ? (address?.port ?? 0) : 0;
});
afterAll(() => server.close());

describe('router', () => {
  it('accepts the installed version', () => {
    expect(checkRouter()).toMatch(/^2\.2\./);
  });

  it.each(['2.3.0', '2.20.0', '1.3.8', '3.0.0'])('refuses version %s', (version) => {
    expect(() => checkRouter(version)).toThrow(`needs router 2.2, but finds ${version}`);
  });
});

describe('texts of the pages', () => {
  it('are refused with a name that no text has', () => {
    expect(checkTexts({ loginButton: 'Anmelden' })).toBeUndefined();
    expect(() => {
      checkTexts({ nope: 'x' });
    }).toThrow('HUB_BRAND_TEXTS has the name "nope"');
  });
});

describe('the port', () => {
  it('is refused if it is in use, with another port as an example', async () => {
    await expect(checkPort({ port, address: '127.0.0.1' })).rejects.toThrow(
      new RegExp(`^PORT ${String(port)} is in use by another program: .* for example PORT=\\d+$`),
    );
  });

  it('is refused on an address of another machine', async () => {
    // TEST-NET-1, which is reserved for documentation: RFC 5737.
    await expect(checkPort({ port: 8080, address: '192.0.2.1' })).rejects.toThrow(
      'BIND_ADDRESS 192.0.2.1 is not an address of this machine',
    );
  });

  it('is refused if it needs privileges', () => {
    const error = Object.assign(new Error(), { code: 'EACCES' });
    expect(portProblem(error, { port: 80, address: '::' }).message).toContain(
      'choose one above 1023',
    );
  });

  it('stays free after the check', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    free.close();
    await once(free, 'close');
    const at = {
      port: typeof address === 'object' ? (address?.port ?? 0) : 0,
      address: '127.0.0.1',
    };
    expect(await checkPort(at)).toContain('is free');
    expect(await checkPort(at)).toContain('is free');
  });
});

describe('the database', () => {
  it.each([
    [
      'postgres://ada:canary@127.0.0.1:1/app?sslpassword=canary',
      'postgres://ada:***@127.0.0.1:1/app',
      'ECONNREFUSED',
    ],
    [
      'mongodb://ada:canary@127.0.0.1:1/app?authSource=canary',
      'mongodb://ada:***@127.0.0.1:1/app',
      'ECONNREFUSED',
    ],
  ])('is refused if it does not run: %s', async (uri, masked, reason) => {
    const error = await checkDatabase(uri, 300).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ name: 'StartProblem', message: expect.stringContaining(masked) });
    expect(String(error)).toContain(reason);
    expect(String(error)).not.toContain('canary');
  });

  it.each(['postgres', 'mongodb'])(
    'is refused in time if it never responds: %s',
    async (scheme) => {
      await expect(
        checkDatabase(`${scheme}://ada:canary@127.0.0.1:${String(port)}/app`, 300),
      ).rejects.toThrow('cannot be used');
    },
    // By default the drivers wait for 30 s, or without a limit.
    25_000,
  );

  it.each([
    ['mongodb://a:b%40c@h1:1,h2:2/db?replicaSet=r', 'mongodb://a:***@h1:1,h2:2/db'],
    ['mongodb+srv://a:b@h/db', 'mongodb+srv://a:***@h/db'],
    ['postgres://a@h/db', 'postgres://a@h/db'],
    ['postgres://h/db?password=b', 'postgres://h/db'],
  ])('%s is shown as %s', (uri, masked) => {
    expect(maskUri(uri)).toBe(masked);
  });
});
