import {
  changeOfSecret,
  generateAppSecret,
  isSecretOfApp,
} from '../../src/oauth/apps/appSecret.js';
import { problemOfApp } from '../../src/oauth/apps/appSettings.js';
import { applicationTypeOf, isConsentForgotten } from '../../src/oauth/apps/client.js';
import {
  isSameRedirectUri,
  problemOfPrivateUseScheme,
  problemOfRedirectUri,
} from '../../src/oauth/apps/redirectUri.js';
import { decidePoll } from '../../src/oauth/server/devicePolling.js';
import { decideReuse } from '../../src/oauth/server/grace.js';
import { createSeals } from '../../src/oauth/server/seal.js';
import {
  generateToken,
  looksLikeAccessToken,
  newSeed,
  tokenFrom,
} from '../../src/oauth/tokens/tokenValue.js';
import { createPeppers } from '../../src/platform/crypto/index.js';

describe('a redirect URI', () => {
  it.each([
    'https://app.example.com/callback',
    'https://app.example.com',
    'https://app.example.com/',
    'https://app.example.com/cb?env=1',
    'https://app.example.com:8443/cb',
    'http://localhost:3000/cb',
    'http://127.0.0.1/cb',
    'http://[::1]:8080/cb',
    'com.example.app:/callback',
    'com.example.app://callback',
    'http://127.0.0.1:80/cb',
    'http://localhost:80',
    'http://[::1]:80/cb?x=1',
  ])('may be %s', (uri) => {
    expect(problemOfRedirectUri(uri)).toBeUndefined();
  });

  it.each([
    ['http://app.example.com/cb', 'http:// is for localhost only'],
    ['http://127.0.0.1.example.com/cb', 'http:// is for localhost only'],
    ['http://localhost.example.com/cb', 'http:// is for localhost only'],
    ['https://localhost/cb', 'use http:// instead'],
    ['https://127.0.0.1/cb', 'use http:// instead'],
    ['https://app.example.com/cb#x', 'fragment'],
    ['https://app.example.com/cb#', 'fragment'],
    ['https://*.example.com/cb', 'wildcard'],
    ['https://app.example.com/*', 'wildcard'],
    ['https://user@app.example.com/cb', 'user name'],
    ['https://user:pw@app.example.com/cb', 'user name'],
    ['https://app.example.com/a/../cb', 'as browsers write it'],
    ['https://app.example.com/%2e%2e/cb', 'as browsers write it'],
    ['https://APP.example.com/cb', 'as browsers write it'],
    ['https://app.example.com:443/cb', 'as browsers write it'],
    ['https://app.example.com\\@evil.example/cb', 'plain ASCII'],
    ['https://äpp.example.com/cb', 'plain ASCII'],
    [' https://app.example.com/cb', 'plain ASCII'],
    ['https://app.example.com/c\tb', 'plain ASCII'],
    ['http://0x7f.0.0.1/cb', 'as browsers write it'],
    ['javascript:alert(1)', 'private scheme that has a dot'],
    ['data:text/html,x', 'private scheme that has a dot'],
    ['file:///etc/passwd', 'private scheme that has a dot'],
    ['myapp:/cb', 'private scheme that has a dot'],
    ['/cb', 'must be a URL'],
    ['', 'must be a URL'],
  ])('is never %s', (uri, problem) => {
    expect(problemOfRedirectUri(uri)).toContain(problem);
  });
});

describe('a scheme without a dot', () => {
  it.each(['vscode', 'vscode-insiders', 'cursor', 'slack2', 'web+app'])(
    'may be %s when the app lists it, and only then',
    (scheme) => {
      expect(problemOfPrivateUseScheme(scheme)).toBeUndefined();
      const uri = `${scheme}://host/callback`;
      expect(problemOfRedirectUri(uri, [scheme])).toBeUndefined();
      expect(problemOfRedirectUri(uri)).toContain('listed in privateUseSchemes');
      expect(problemOfRedirectUri(uri, ['other'])).toContain('listed in privateUseSchemes');
    },
  );

  it.each([
    ...[
      'http',
      'https',
      'ws',
      'wss',
      'ftp',
      'file',
      'javascript',
      'vbscript',
      'data',
      'blob',
      'about',
    ],
    ...[
      'mailto',
      'tel',
      'sms',
      'filesystem',
      'view-source',
      'intent',
      'chrome-extension',
      'ms-msdt',
    ],
    ...['VSCODE', 'a', '1ab', 'a b', 'vscode:', 'vscode-', '', 'x'.repeat(51)],
  ])('is never %s', (scheme) => {
    expect(problemOfPrivateUseScheme(scheme)).toBeDefined();
    expect(problemOfRedirectUri(`${scheme}:x`, [scheme])).toBeDefined();
  });
});

it.each([
  ['https://a.example/x', 'https://a.example/x', true],
  ['https://a.example/x', 'https://a.example:444/x', false],
  ['http://127.0.0.1/x', 'http://127.0.0.1:80/x', true],
  ['http://127.0.0.1:5/x', 'http://127.0.0.1/x', true],
  ['http://[::1]:5', 'http://[::1]', true],
  ['http://127.0.0.1/x', 'http://localhost/x', false],
  ['http://127.0.0.1/x', 'http://127.0.0.1:5@evil.example/x', false],
  ['http://127.0.0.1/x', 'http://127.0.0.1:5/y', false],
  ['http://127.0.0.1/x', 'http://127.0.0.1:5x/x', false],
])('%s and %s are the same redirect URI: %s', (registered, requested, is) => {
  expect(isSameRedirectUri(registered, requested)).toBe(is);
});

const WEB = 'https://a.example/cb';
const LOCAL = 'http://127.0.0.1/cb';
it.each([
  [{ authMethod: 'client_secret', redirectUris: [LOCAL] }, 'web'],
  [{ authMethod: 'private_key_jwt', redirectUris: ['com.example:/cb'] }, 'web'],
  [{ authMethod: 'none', redirectUris: [LOCAL, 'com.example:/cb'] }, 'native'],
  [{ authMethod: 'none', redirectUris: [LOCAL, WEB] }, 'web'],
  [{ authMethod: 'none', redirectUris: [WEB] }, 'web'],
  [{ authMethod: 'none', redirectUris: [LOCAL], applicationType: 'web' }, 'web'],
  [{ authMethod: 'client_secret', redirectUris: [WEB], applicationType: 'native' }, 'native'],
] as const)('the app %j is %s', (app, type) => {
  expect(applicationTypeOf({ applicationType: undefined, ...app })).toBe(type);
});

it.each([
  [{ isNative: false, isPublic: false }, LOCAL, false],
  [{ isNative: false, isPublic: false }, undefined, false],
  [{ isNative: false, isPublic: true }, WEB, false],
  [{ isNative: false, isPublic: true }, LOCAL, true],
  [{ isNative: false, isPublic: true }, 'com.example:/cb', true],
  [{ isNative: false, isPublic: true }, undefined, true],
  [{ isNative: true, isPublic: false }, WEB, true],
] as const)('consent to the app %j at %s is requested each time: %s', (app, uri, is) => {
  expect(isConsentForgotten(app, uri)).toBe(is);
});

describe('requests of a device', () => {
  it.each<[string, number[], string]>([
    ['each five seconds', [0, 5, 10, 15], 'a a a a'],
    ['each four seconds', [0, 4, 8, 12, 60], 'a s s s a'],
    ['by a device that waits as it is told', [0, 4, 14, 24], 'a s a a'],
    ['each second', Array.from({ length: 61 }, (_, nth) => nth), `a${' s'.repeat(59)} a`],
    ['at once', [0, 0, 0, 0, 10], 'a s s s a'],
  ])('%s', (_how, seconds, results) => {
    let state = {};
    const made = seconds.map((at) => {
      const decided = decidePoll(state, 1_000_000 + at * 1000);
      ({ state } = decided);
      return decided.result === 'answer' ? 'a' : 's';
    });
    expect(made.join(' ')).toBe(results);
  });
});

describe('a refresh token that is used', () => {
  const at = (ms: number) => new Date(1_000_000 + ms);
  it.each([
    [undefined, 10, 0, 'fresh'],
    [at(0), 10, 0, 'again'],
    [at(0), 10, 9_999, 'again'],
    [at(0), 10, 10_000, 'reused'],
    [at(0), 0, 0, 'reused'],
    [at(0), 60, 59_999, 'again'],
    // The clocks of processes may differ slightly.
    [at(5), 10, 0, 'again'],
  ] as const)(
    'used at %s, grace %d s, %d ms later: %s',
    (consumedAt, graceSeconds, later, made) => {
      expect(decideReuse(consumedAt, { graceSeconds, now: at(later) })).toBe(made);
    },
  );
});

describe('an app', () => {
  const app = {
    authMethod: 'client_secret',
    tokenFormat: 'opaque',
    accessTokenSeconds: 600,
    refreshTokenDays: 30,
    grantDays: 365,
    jwks: undefined,
    redirectUris: ['https://app.example.com/cb'],
    grants: ['authorizationCode', 'refreshToken'],
  } as const;
  const keys = { keys: [{ kty: 'EC' }] };
  it.each([
    [{}, undefined],
    [{ redirectUris: [] }, 'redirectUris'],
    [{ redirectUris: [], grants: ['deviceCode', 'refreshToken'] }, undefined],
    [{ grants: ['clientCredentials'] }, undefined],
    [{ grants: ['clientCredentials'], authMethod: 'none' }, 'grants'],
    [{ grants: ['refreshToken'] }, 'grants'],
    [{ authMethod: 'private_key_jwt' }, 'jwks'],
    [{ authMethod: 'private_key_jwt', jwks: keys }, undefined],
    [{ jwks: keys }, 'jwks'],
    [{ tokenFormat: 'jwt', accessTokenSeconds: 601 }, 'accessTokenSeconds'],
    [{ tokenFormat: 'jwt' }, undefined],
    [{ refreshTokenDays: 366 }, 'refreshTokenDays'],
  ] as const)('%j: %s', (change, problem) => {
    const found = problemOfApp({ ...app, ...change });
    expect(found?.split(':')[0]).toBe(problem);
  });
});

describe('secrets of an app', () => {
  const peppers = createPeppers(['a'.repeat(32)], 'oauth app secret');
  const now = new Date(1_000_000);
  const next = (row: object, overlapMs: number) => {
    const secret = generateAppSecret('hub');
    const before = row as { hash?: string; pepper?: string };
    const given = { hash: before.hash, pepper: before.pepper };
    return { secret, row: changeOfSecret(given, { secret, peppers, overlapMs, now }) };
  };

  it('are at most two, the older one until it expires', () => {
    const one = next({}, 0);
    const two = next(one.row, 1_000);
    const works = (secret: string, row: typeof one.row, atMs: number) =>
      isSecretOfApp(row, { secret, peppers, now: new Date(now.getTime() + atMs) });
    expect([0, 999, 1_000].map((ms) => works(one.secret, two.row, ms))).toEqual([
      true,
      true,
      false,
    ]);
    const three = next(two.row, 1_000);
    expect([one, two, three].map(({ secret }) => works(secret, three.row, 0))).toEqual([
      false,
      true,
      true,
    ]);
    const four = next(three.row, 0);
    expect(works(three.secret, four.row, 0)).toBe(false);
  });

  it('are hashed for their purpose: an API key with the same text has another hash', () => {
    const { secret, row } = next({}, 0);
    const others = createPeppers(['a'.repeat(32)], 'api key');
    expect(isSecretOfApp(row, { secret, peppers: others, now })).toBe(false);
  });
});

describe('encrypted data', () => {
  it('can be decrypted by each version of the hub', () => {
    const old = createSeals(['a secret of thirty-two characters']);
    expect(old.open('krx5EFpJ.Lgo19xLT7w5zOJjV69skrKA8OMR7lUj9FCLsDx_wgiw', 'p')).toBe('text');
  });

  const seals = createSeals(['a'.repeat(32)]);
  it('can be decrypted in its context, also under a later secret with the previous one configured', () => {
    const sealed = seals.seal('text', 'context');
    expect(seals.open(sealed, 'context')).toBe('text');
    expect(seals.open(sealed, 'other')).toBeUndefined();
    const later = createSeals(['b'.repeat(32), 'a'.repeat(32)]);
    expect(later.open(sealed, 'context')).toBe('text');
    expect([seals.isPresent(sealed), later.isPresent(sealed)]).toEqual([true, false]);
    expect(createSeals(['b'.repeat(32)]).open(sealed, 'context')).toBeUndefined();
  });

  it('cannot be decrypted when any character was changed', () => {
    const sealed = seals.seal('text', 'context');
    for (let at = 0; at < sealed.length; at += 1) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = sealed.slice(0, at) + other + sealed.slice(at + 1);
      // The last character of base64 may have unused bits.
      if (
        Buffer.from(changed.split('.')[1] ?? '', 'base64url').equals(
          Buffer.from(sealed.split('.')[1] ?? '', 'base64url'),
        ) &&
        changed.startsWith(sealed.split('.')[0] ?? '')
      )
        continue;
      expect(seals.open(changed, 'context')).toBeUndefined();
    }
    expect(seals.open('', 'context')).toBeUndefined();
  });
});

describe('tokens', () => {
  it('are derived from a seed, each different', () => {
    const seed = newSeed();
    const of = (about: string) => tokenFrom(seed, { prefix: 'hub', what: 'access', about });
    expect(of('a')).toBe(of('a'));
    expect(of('a')).not.toBe(of('b'));
    expect(tokenFrom(seed, { prefix: 'hub', what: 'refresh' })).not.toContain(of('').slice(8));
    expect(looksLikeAccessToken(of('a'))).toBe(true);
  });

  it.each([
    [generateToken('acme', 'access'), true],
    [generateToken('acme', 'refresh'), false],
    ['hub_oat_short', false],
    [`${Buffer.from('{"typ":"at+jwt"}').toString('base64url')}.e30.c2ln`, true],
    [`${Buffer.from('{"typ":"JWT"}').toString('base64url')}.e30.c2ln`, false],
    [`${Buffer.from('null').toString('base64url')}.e30.c2ln`, false],
    ['a.b.c', false],
    ['', false],
  ])('%s has the format of an access token of the hub: %s', (text, is) => {
    expect(looksLikeAccessToken(text)).toBe(is);
  });
});
