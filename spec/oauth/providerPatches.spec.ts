import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { Provider } from 'oidc-provider';

import { patchProvider, type ProviderPatchDeps } from '../../src/oauth/server/providerPatches.js';

const root = new URL('../../', import.meta.url);
const readText = (path: string) => readFileSync(new URL(path, root), 'utf8');
const resolve = createRequire(import.meta.url);
const library = new URL('../', `file://${resolve.resolve('oidc-provider')}`);
interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}
const readManifest = (text: string) => JSON.parse(text) as Manifest;
const installedVersion = () =>
  readManifest(readFileSync(new URL('package.json', library), 'utf8')).version;

/** The lines of oidc-provider that src/oauth/server/providerPatches.ts links, as of when the patches were written. */
const LINES: Readonly<Record<string, string>> = {
  'lib/helpers/oidc_context.js#L77-L85': `urlFor(name, opt) {
const { originalUrl } = this.ctx.req;
const mountPath = originalUrl?.substring(0, originalUrl?.indexOf(this.ctx.request.url))
|| this.ctx.mountPath
|| this.ctx.req.baseUrl
|| '';

return new URL(provider.pathFor(name, { mountPath, ...opt }), this.ctx.href).href;
}`,
  'lib/provider.js#L167-L169': `urlFor(name, opt) {
return new URL(this.pathFor(name, opt), this.issuer).href;
}`,
  'lib/provider.js#L329-L332': `get OIDCContext() {
this.#OIDCContext ||= getContext(this);
return this.#OIDCContext;
}`,
  'lib/models/client.js#L543-L545': `compareClientSecret(actual) {
return constantEquals(this.clientSecret, actual, 1000);
}`,
  'lib/shared/client_auth.js#L237-L240': `const matches = await ctx.oidc.client.compareClientSecret(clientSecret);
if (!matches) {
throw new InvalidClientAuth('invalid secret provided');
}`,
  'lib/models/device_code.js#L6-L18': `static async findByUserCode(userCode, { ignoreExpiration = false } = {}) {
const stored = await this.adapter.findByUserCode(userCode);
if (!stored) return undefined;
try {
const payload = await this.verify(stored, { ignoreExpiration });
if (!constantEquals(userCode, payload.userCode)) {
return undefined;
}
return this.instantiate(payload);
} catch {
return undefined;
}
}`,
  'lib/actions/code_verification.js#L52-L59': `const code = await ctx.oidc.provider.DeviceCode.findByUserCode(
normalized,
{ ignoreExpiration: true },
);

if (!code) {
throw new NotFoundError(userCode);
}`,
  'lib/models/access_token.js#L49-L51': `generateTokenId() {
return generateTokenId(provider, this);
}`,
  'lib/models/client_credentials.js#L33-L35': `generateTokenId() {
return generateTokenId(provider, this);
}`,
  'lib/models/base_token.js#L59-L61': `async save() {
return super.save(this.remainingTTL);
}`,
  'lib/actions/grants/client_credentials.js#L46-L55': `ctx.oidc.entity('ClientCredentials', token);
const value = await token.save();

ctx.body = buildTokenResponse({
accessToken: value,
authorizationDetails: token.rar,
expiresIn: token.expiration,
scope: token.scope || undefined,
tokenType: token.tokenType,
});`,
  'lib/models/base_model.js#L65-L67': `generateTokenId() {
return opaque.generateTokenId(provider, this);
}`,
  'lib/models/base_model.js#L77-L80': `async save(ttl) {
if (!this.jti) {
this.jti = this.generateTokenId();
}`,
  'lib/models/formats/index.js#L4-L11': `export function generateTokenId(provider, token) {
const format = token.resourceServer?.accessTokenFormat ?? 'opaque';
if (format !== 'opaque' && format !== 'jwt') {
throw new Error('invalid format resolved');
}
token.format = format;
return format === 'jwt' ? jwt.generateTokenId() : opaque.generateTokenId(provider, token);
}`,
};

interface Link {
  readonly version: string;
  readonly path: string;
  readonly from: number;
  readonly to: number;
}
const LINK =
  /https:\/\/github\.com\/panva\/node-oidc-provider\/blob\/v([\d.]+)\/([\w./]+)#L(\d+)-L(\d+)/g;
const links: readonly Link[] = [
  ...readText('src/oauth/server/providerPatches.ts').matchAll(LINK),
].map(([, version = '', path = '', from, to]) => ({
  version,
  path,
  from: Number(from),
  to: Number(to),
}));
const nameOf = ({ path, from, to }: Link) => `${path}#L${String(from)}-L${String(to)}`;

function linesOf({ path, from, to }: Link): string {
  const lines = readFileSync(new URL(path, library), 'utf8')
    .split('\n')
    .slice(from - 1, to);
  return lines.map((line) => line.trim()).join('\n');
}

describe('the patches of oidc-provider', () => {
  it('are written for the installed version', () => {
    expect(new Set(links.map(({ version }) => version))).toEqual(new Set([installedVersion()]));
  });

  it('are installed with patch releases of that version only', () => {
    const { dependencies } = readManifest(readText('package.json'));
    expect(dependencies['oidc-provider']).toBe(`~${installedVersion()}`);
  });

  it('link the lines that this spec lists', () => {
    expect(links.map(nameOf).sort()).toEqual(Object.keys(LINES).sort());
  });

  it.each(links.map((link) => [nameOf(link), link] as const))('rely on %s', (name, link) => {
    expect(linesOf(link)).toBe(LINES[name]);
  });
});

const makeProvider = () => new Provider('https://hub.example.com/hub/oauth');

/** The owner of each replaced method, and the number of parameters that the original declares. */
const METHODS: readonly (readonly [string, string, number, (provider: Provider) => object])[] = [
  ['OIDCContext', 'urlFor', 2, (provider) => contextOf(provider)],
  ['Client', 'compareClientSecret', 1, ({ Client }) => Client.prototype],
  ['DeviceCode', 'findByUserCode', 1, ({ DeviceCode }) => DeviceCode],
  ['AccessToken', 'generateTokenId', 0, ({ AccessToken }) => AccessToken.prototype],
  ['ClientCredentials', 'generateTokenId', 0, (provider) => provider.ClientCredentials.prototype],
  ['ClientCredentials', 'save', 0, (provider) => provider.ClientCredentials.prototype],
  ['RefreshToken', 'generateTokenId', 0, ({ RefreshToken }) => RefreshToken.prototype],
];
function contextOf(provider: Provider): object {
  return (provider as unknown as { OIDCContext: { prototype: object } }).OIDCContext.prototype;
}
const methodOf = (owner: object, name: string) =>
  (owner as Readonly<Record<string, (...given: unknown[]) => unknown>>)[name];

const DEPS: ProviderPatchDeps = {
  prefix: 'hub',
  bruteForce: {
    attempt: (_attempt, test) => test(),
    recordMistyped: () => undefined,
  },
  loadSecretIssuance: (appId, secret) =>
    Promise.resolve(
      appId === 'app' && secret === 'right' ? { issuer: 'ann', scopes: [] } : undefined,
    ),
  ownTokenScopes: (_ctx, { scope }) => Promise.resolve(scope ?? ''),
  currentRequest: () => undefined,
  tooManyAttemptsError: () => new Error('slow down'),
};

describe('the methods', () => {
  it.each(METHODS)(
    '%s.%s: exists with %d parameters, and is replaced',
    (_class, name, arity, owner) => {
      const provider = makeProvider();
      const original = methodOf(owner(provider), name);
      expect(original).toHaveLength(arity);
      patchProvider(provider, DEPS);
      expect(methodOf(owner(provider), name)).not.toBe(original);
      expect(methodOf(owner(makeProvider()), name)).not.toBe(methodOf(owner(provider), name));
    },
  );

  it('refuse a library without one of them', () => {
    const provider = makeProvider();
    Object.defineProperty(provider.Client.prototype, 'compareClientSecret', { value: undefined });
    expect(() => {
      patchProvider(provider, DEPS);
    }).toThrow('oidc-provider has no method compareClientSecret');
  });

  it('compare client secrets with the stored hashes', async () => {
    const provider = makeProvider();
    patchProvider(provider, DEPS);
    const compare = methodOf(provider.Client.prototype, 'compareClientSecret');
    const client = { clientId: 'app', clientSecret: 'placeholder' };
    expect(await compare?.call(client, 'right')).toBe(true);
    expect(await compare?.call(client, 'placeholder')).toBe(false);
  });

  it('build URLs from the issuer, regardless of the request', () => {
    const provider = makeProvider();
    patchProvider(provider, DEPS);
    const request = { ctx: { href: 'https://evil.example.com/token', req: {}, request: {} } };
    const url = methodOf(contextOf(provider), 'urlFor')?.call(request, 'token');
    expect(url).toBe('https://hub.example.com/hub/oauth/token');
  });
});
