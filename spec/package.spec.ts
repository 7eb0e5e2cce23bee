import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { build } from 'esbuild';

const top = path.resolve(import.meta.dirname, '..');
const name = 'parse-integration-hub';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

/** Builds and packs the project as `npm publish` would, but in a folder of its own; the project's dist/ stays as it is. */
function pack(folder: string): string {
  const project = path.join(folder, 'project');
  mkdirSync(project);
  const tsc = path.join(top, 'node_modules/typescript/bin/tsc');
  const config = path.join(top, 'scripts/build');
  execFileSync(process.execPath, [tsc, '-p', config, '--outDir', path.join(project, 'dist')], {
    encoding: 'utf8',
  });
  for (const file of [
    'package.json',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
    'cloud/REFERENCE.md',
    'templates/REFERENCE.md',
    'spec',
    'scripts',
  ]) {
    if (existsSync(path.join(top, file)))
      cpSync(path.join(top, file), path.join(project, file), { recursive: true });
  }
  const args = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const packed = JSON.parse(
    execFileSync('npm', args, { cwd: project, encoding: 'utf8', stdio: 'pipe' }),
  ) as {
    filename: string;
  }[];
  return path.join(folder, packed[0]?.filename ?? '');
}

/** A host's folder with the packed hub in node_modules, and beside it what package.json says it needs, nothing else. */
function install(tarball: string, folder: string): string {
  const host = path.join(folder, 'host');
  const hub = path.join(host, 'node_modules', name);
  mkdirSync(hub, { recursive: true });
  // Node looks for the package in the folders above until one has a package.json.
  writeFileSync(path.join(host, 'package.json'), JSON.stringify({ name: 'host' }));
  execFileSync('tar', ['-xzf', tarball, '-C', hub, '--strip-components=1']);
  const manifest = JSON.parse(readFileSync(path.join(hub, 'package.json'), 'utf8')) as Manifest;
  for (const dependency of Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
  })) {
    const link = path.join(host, 'node_modules', dependency);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(top, 'node_modules', dependency), link);
  }
  return host;
}

describe('the package', () => {
  let folder: string;
  let host: string;
  let files: string[];

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'package-')));
    const tarball = pack(folder);
    files = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    host = install(tarball, folder);
  }, 120_000);

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  function run(file: string, source: string): string {
    writeFileSync(path.join(host, file), source);
    const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
      cwd: host,
      encoding: 'utf8',
    });
    return status === 0 ? stdout.trim() : stderr;
  }

  function compile(
    file: string,
    { source, module }: { source: string; module: 'nodenext' | 'esnext' },
  ): string {
    writeFileSync(path.join(host, file), source);
    const tsc = path.join(top, 'node_modules/typescript/bin/tsc');
    const resolution = module === 'nodenext' ? 'nodenext' : 'bundler';
    const args = [
      ...[
        '--strict',
        '--exactOptionalPropertyTypes',
        '--skipLibCheck',
        '--noEmit',
        '--target',
        'es2022',
      ],
      ...['--module', module, '--moduleResolution', resolution, file],
    ];
    return spawnSync(process.execPath, [tsc, ...args], { cwd: host, encoding: 'utf8' }).stdout;
  }

  it('holds what runs, its types, and the pages that explain it', () => {
    const others = files.filter((file) => !file.startsWith('package/dist/')).sort();
    expect(others).toEqual(
      expect.arrayContaining([
        'package/CHANGELOG.md',
        'package/LICENSE',
        'package/cloud/REFERENCE.md',
        'package/package.json',
        'package/templates/REFERENCE.md',
      ]),
    );
    expect(others.filter((file) => /package\/(spec|scripts|src)\//.test(file))).toEqual([]);
    for (const entry of ['index', 'client']) {
      expect(files).toContain(`package/dist/${entry}.js`);
      expect(files).toContain(`package/dist/${entry}.d.ts`);
    }
  });

  const show = 'console.log([typeof createIntegrationHub, typeof createHubClient].join());';

  it('is imported by an ES module', () => {
    const source = `import { createIntegrationHub, createHubClient } from '${name}';\n${show}\n`;
    expect(run('host.mjs', source)).toBe('function,function');
  });

  it('is required by a CommonJS module', () => {
    const source = `const { createIntegrationHub, createHubClient } = require('${name}');\n${show}\n`;
    expect(run('host.cjs', source)).toBe('function,function');
  });

  it('gives CommonJS the client alone', () => {
    const source = `const { createHubClient } = require('${name}/client');\nconsole.log(typeof createHubClient);\n`;
    expect(run('client.cjs', source)).toBe('function');
  });

  it('bundles the client for browsers, in less than 5 kB and without anything of Node', async () => {
    const entry = path.join(host, 'browser.mjs');
    writeFileSync(entry, `export * from '${name}/client';\n`);
    const { outputFiles, metafile } = await build({
      ...{ entryPoints: [entry], bundle: true, write: false, metafile: true },
      ...{
        platform: 'browser',
        format: 'esm',
        minify: true,
        absWorkingDir: host,
        logLevel: 'silent',
      },
    });
    const code = outputFiles[0]?.text ?? '';
    expect(Buffer.byteLength(code)).toBeLessThan(5000);
    const own = `node_modules/${name}/dist/client`;
    expect(Object.keys(metafile.inputs).sort()).toEqual([
      'browser.mjs',
      `${own}.js`,
      ...['connect', 'hubClient', 'pages'].map((file) => `${own}/${file}.js`),
    ]);
    expect(code).not.toMatch(/\b(require|process|Buffer|node:)/);
  });

  const consumer = (hubOptions: string) => `
    import { createHubClient, createIntegrationHub } from '${name}';
    import { createHubClient as fromClient, type HubClient, itemsOf } from '${name}/client';
    import Parse from 'parse/node';

    const hub: HubClient = createHubClient(Parse);
    export const id: Promise<string> = hub.createOrganization({ name: 'Acme' }).then(({ organization }) => organization.id);
    export const same = fromClient(Parse, { prefix: 'hub_' }).getOrganizations({ limit: 5 });
    export const started: Promise<void> = createIntegrationHub(${hubOptions}).start();
    export async function namesOfAll() {
      const names: string[] = [];
      for await (const { name } of itemsOf(hub.getWebhooks, { limit: 5 })) names.push(name);
      return names;
    }
    // @ts-expect-error -- inferred, not any
    hub.createOrganization({ name: 1 });
    // @ts-expect-error -- nor are results
    same.then(({ items }) => items[0].nothing);
  `;
  const options = `{ secret: 'x'.repeat(32), publicUrl: 'https://api.example.com/hub' }`;

  it.each([
    ['Node, as an ES module', { file: 'consumer.mts', module: 'nodenext' }],
    ['Node, as a CommonJS module', { file: 'consumer.cts', module: 'nodenext' }],
    ['a bundler', { file: 'bundled.ts', module: 'esnext' }],
  ] as const)('has types that a strict consumer compiles against: %s', (_, { file, module }) => {
    expect(compile(file, { source: consumer(options), module })).toBe('');
  });
});
