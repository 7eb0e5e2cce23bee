import { parseSettings, settings } from '../../src/platform/settings.js';

function problemsOf(environment: Record<string, string>): readonly string[] {
  const parsed = parseSettings(environment);
  return parsed.ok ? [] : parsed.problems;
}

function read(environment: Record<string, string>) {
  const parsed = parseSettings(environment);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.settings;
}

describe('without any variable', () => {
  it('every default is valid', () => {
    expect(read({})).toEqual({
      PORT: 1337,
      BIND_ADDRESS: '127.0.0.1',
      PUBLIC_URL: 'http://localhost:1337/hub',
      TRUST_PROXY: 'loopback',
      DATA_DIR: '.data',
      APP_ID: 'hub',
      MASTER_KEY_IPS: ['127.0.0.1', '::1'],
      DASHBOARD_USER: 'admin',
      LOG_LEVEL: 'warn',
      HUB_ALLOW_HTTP: false,
      HUB_LOOPS: true,
      HUB_IN_FLIGHT: 200,
      HUB_KEY_ITERATIONS: 600_000,
      HUB_EVENT_RETENTION_DAYS: 90,
      HUB_ATTEMPT_RETENTION_DAYS: 30,
      HUB_AUDIT_RETENTION_DAYS: 365,
    });
  });

  it('nothing secret has a default', () => {
    const secrets = Object.values(settings).filter((setting) => 'secret' in setting);
    expect(secrets).toHaveLength(6);
    for (const secret of secrets) expect(secret).not.toHaveProperty('default');
  });

  const typed = Object.entries(settings).filter(([, { example }]) => !example.includes('$('));

  it.each(typed)('%s: its example is valid', (name, { example }) => {
    expect(problemsOf({ [name]: example })).toEqual([]);
  });
});

describe('valid values', () => {
  it('of the brand are read', () => {
    expect(
      read({
        HUB_BRAND_LINKS: '{"Terms":"https://a.example/terms","Help":"http://localhost:3000/help"}',
        HUB_BRAND_TEXTS: '{"loginButton":"Anmelden"}',
        HUB_BRAND_NAME: ' Parcel ',
      }),
    ).toMatchObject({
      HUB_BRAND_LINKS: [
        { label: 'Terms', url: 'https://a.example/terms' },
        { label: 'Help', url: 'http://localhost:3000/help' },
      ],
      HUB_BRAND_TEXTS: { loginButton: 'Anmelden' },
      HUB_BRAND_NAME: 'Parcel',
    });
  });

  it.each([
    ['HUB_SIGN_UP_URL', 'http://www.example.com/'],
    ['HUB_SIGN_UP_URL', 'javascript:alert(1)'],
    ['HUB_BRAND_LOGO_URL', 'https://user@example.com/'],
    ['HUB_BRAND_COLOR', 'red'],
    ['HUB_BRAND_LANGUAGE', 'english please'],
    ['HUB_BRAND_LINKS', '{"Terms":"javascript:alert(1)"}'],
    ['HUB_BRAND_LINKS', '[]x'],
    ['HUB_BRAND_TEXTS', '{"loginButton":1}'],
  ])('are not %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toHaveLength(1);
    expect(problemsOf({ [name]: value })[0]).toMatch(new RegExp(`^${name} must be `));
  });

  it.each([
    ['PORT', '80', 80],
    ['TRUST_PROXY', '2', 2],
    ['TRUST_PROXY', 'false', false],
    ['TRUST_PROXY', 'loopback, 10.0.0.0/8', 'loopback, 10.0.0.0/8'],
    ['PUBLIC_URL', 'https://api.example.com/hub/', 'https://api.example.com/hub'],
    ['PUBLIC_URL', 'https://api.example.com/v1/hub//', 'https://api.example.com/v1/hub'],
    ['DATABASE_URI', 'mongodb://a:1,b:2/app?replicaSet=r', 'mongodb://a:1,b:2/app?replicaSet=r'],
    [
      'DATABASE_URI',
      'mongodb+srv://cluster.example.com/app',
      'mongodb+srv://cluster.example.com/app',
    ],
    ['DATABASE_URI', 'postgresql://u:p@h:5432/db', 'postgresql://u:p@h:5432/db'],
    [
      'HUB_ALLOWED_TARGETS',
      '127.0.0.1, 10.0.0.0/8,fd00::/8,*.internal',
      '127.0.0.1, 10.0.0.0/8,fd00::/8,*.internal',
    ],
    ['MASTER_KEY_IPS', '::1, 10.0.0.0/8', ['::1', '10.0.0.0/8']],
    ['HUB_LOOPS', '0', false],
    ['HUB_ALLOW_HTTP', '1', true],
    ['BIND_ADDRESS', '::', '::'],
    ['HUB_FUNCTION_PREFIX', 'hub_', 'hub_'],
    ['HUB_CLASS_PREFIX', 'Hub', 'Hub'],
    ['HUB_JOB_PREFIX', 'hub_', 'hub_'],
    [
      'HUB_OAUTH_CLIENTS',
      '{"slack":{"clientId":"1","clientSecret":"2"}}',
      { slack: { clientId: '1', clientSecret: '2' } },
    ],
    ['HUB_OAUTH_CLIENTS', '{}', {}],
    [
      'HUB_RETURN_URLS',
      'https://app.example.com/settings/, http://localhost:3000',
      ['https://app.example.com/settings/', 'http://localhost:3000'],
    ],
  ])('%s=%s', (name, raw, value) => {
    expect(read({ [name]: raw })).toMatchObject({ [name]: value });
  });

  it('the public URL follows the port', () => {
    expect(read({ PORT: '9000' }).PUBLIC_URL).toBe('http://localhost:9000/hub');
  });

  it('an empty variable counts as not set', () => {
    expect(read({ PORT: '', MASTER_KEY: '' })).toEqual(read({}));
  });
});

describe('invalid values are refused in one sentence with the name and an example', () => {
  it.each([
    [
      'PORT',
      'abc',
      'PORT must be a whole number from 1 to 65535, not "abc"; for example PORT=8080',
    ],
    ['PORT', '0', 'PORT must be a whole number from 1 to 65535, not "0"; for example PORT=8080'],
    [
      'PORT',
      '65536',
      'PORT must be a whole number from 1 to 65535, not "65536"; for example PORT=8080',
    ],
    [
      'PORT',
      '80.5',
      'PORT must be a whole number from 1 to 65535, not "80.5"; for example PORT=8080',
    ],
    [
      'LOG_LEVEL',
      'verbose',
      'LOG_LEVEL must be one of silent, error, warn, info, debug, not "verbose"; for example LOG_LEVEL=info',
    ],
    [
      'HUB_LOOPS',
      'nein',
      'HUB_LOOPS must be true or false, not "nein"; for example HUB_LOOPS=false',
    ],
    [
      'HUB_IN_FLIGHT',
      '-1',
      'HUB_IN_FLIGHT must be a whole number from 1 to 10000, not "-1"; for example HUB_IN_FLIGHT=500',
    ],
    [
      'BIND_ADDRESS',
      'my-laptop',
      'BIND_ADDRESS must be an IP address, not "my-laptop"; for example BIND_ADDRESS=0.0.0.0',
    ],
    [
      'DASHBOARD_USER',
      'a b',
      'DASHBOARD_USER must be 1 to 64 characters without spaces, not "a b"; for example DASHBOARD_USER=admin',
    ],
  ])('%s=%s', (name, raw, sentence) => {
    expect(problemsOf({ [name]: raw })).toEqual([sentence]);
  });

  it.each([
    ['PUBLIC_URL', 'api.example.com/hub'],
    ['PUBLIC_URL', 'ftp://api.example.com/hub'],
    ['PUBLIC_URL', 'https://api.example.com/hub?x=1'],
    ['PUBLIC_URL', 'https://api.example.com/hub?'],
    ['PUBLIC_URL', 'https://api.example.com/hub#top'],
    ['PUBLIC_URL', 'https://api.example.com/hub/#'],
    ['PUBLIC_URL', 'https://api.example.com'],
    ['PUBLIC_URL', 'https://api.example.com/'],
    ['PUBLIC_URL', 'https://api.example.com/hub/health'],
    ['PUBLIC_URL', 'https://api.example.com/github'],
    ['HUB_ALLOWED_TARGETS', 'http://127.0.0.1'],
    ['HUB_ALLOWED_TARGETS', '10.0.0.0/33'],
    ['HUB_ALLOWED_TARGETS', '10.0.0.1/8'],
    ['HUB_ALLOWED_TARGETS', '127.0.0.1:80'],
    ['MASTER_KEY_IPS', '127.0.0.1,admin'],
    ['HUB_ALLOWED_TARGETS', 'a..b'],
    ['APP_ID', 'with space'],
    ['HUB_EVENT_RETENTION_DAYS', '0'],
    ['HUB_ATTEMPT_RETENTION_DAYS', '4000'],
    ['HUB_AUDIT_RETENTION_DAYS', '0'],
    ['HUB_FUNCTION_PREFIX', 'a.b'],
    ['HUB_CLASS_PREFIX', 'A'.repeat(16)],
    ['HUB_CLASS_PREFIX', '_Hub'],
    ['HUB_JOB_PREFIX', '1job'],
    ['HUB_RETURN_URLS', 'app.example.com'],
    ['HUB_RETURN_URLS', 'https://app.example.com,'],
    ['HUB_RETURN_URLS', 'javascript:alert(1)'],
    ['HUB_RETURN_URLS', 'https://app.example.com?x=1'],
    ['HUB_RETURN_URLS', 'https://*.example.com'],
  ])('%s=%s', (name, raw) => {
    const [sentence, ...others] = problemsOf({ [name]: raw });
    expect(others).toEqual([]);
    expect(sentence).toMatch(new RegExp(`^${name} must .* for example ${name}=`));
  });

  it.each([
    ['MASTER_KEY', 'sk_canary'],
    ['HUB_SECRET', 'sk_canary'],
    ['DASHBOARD_PASSWORD', 'sk_canary'],
    ['DATABASE_URI', 'mysql://user:sk_canary@host/db'],
    ['PUBLIC_URL', 'https://user:sk_canary@host/hub'],
    ['HUB_RETURN_URLS', 'https://user:sk_canary@host/'],
    ['HUB_OAUTH_CLIENTS', 'sk_canary'],
    ['HUB_OAUTH_CLIENTS', '{"slack":"sk_canary"}'],
    ['HUB_OAUTH_CLIENTS', '{"slack":{"clientId":"sk_canary"}}'],
    ['HUB_OAUTH_CLIENTS', '{"slack":{"clientId":"1","clientSecret":"sk_canary","sk_canary":1}}'],
    ['HUB_OAUTH_CLIENTS', '{"slack":{"clientId":"","clientSecret":"sk_canary"}}'],
    ['HUB_OAUTH_CLIENTS', '["sk_canary"]'],
  ])('%s never repeats a secret', (name, raw) => {
    const problems = problemsOf({ [name]: raw });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`${name} must `);
    expect(problems[0]).not.toContain('sk_canary');
  });

  it('a long or unprintable value is shortened and escaped', () => {
    const [sentence = ''] = problemsOf({ PORT: `\u001b[31m${'9'.repeat(500)}` });
    expect(sentence.length).toBeLessThan(200);
    expect(sentence).toContain('\\u001b');
  });

  it('several invalid ones: one sentence each', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'y', HUB_LOOPS: 'z' })).toHaveLength(3);
  });
});

describe('names that are not settings', () => {
  it.each([
    ['HUB_SECERT', 'HUB_SECERT is not a setting: did you mean HUB_SECRET?'],
    [
      'HUB_ALLOWED_TARGET',
      'HUB_ALLOWED_TARGET is not a setting: did you mean HUB_ALLOWED_TARGETS?',
    ],
    ['hub_loops', 'hub_loops is not a setting: did you mean HUB_LOOPS?'],
    ['HUB_MASTER_KEY', 'HUB_MASTER_KEY is not a setting: did you mean MASTER_KEY?'],
  ])('%s', (name, sentence) => {
    expect(problemsOf({ [name]: 'some value' })).toEqual([sentence]);
  });

  it('without a similar name, the known ones are listed', () => {
    expect(problemsOf({ HUB_COFFEE_MACHINE: '1' })[0]).toContain(
      'HUB_ALLOWED_TARGETS, HUB_ALLOW_HTTP',
    );
  });

  it('variables of other programs are ignored', () => {
    expect(problemsOf({ PATH: '/bin', GITHUB_TOKEN: 'x', DOCKER_HUB_USER: 'x' })).toEqual([]);
  });
});
