import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

import { build } from 'esbuild';

import { hostFolder } from './hostProcess.js';
import { HUB, packedHub } from './packedHub.js';

const REPOSITORY = 'https://github.com/parse-integration-hub/parse-integration-hub';

let host: string;
let files: string[];
beforeAll(async () => {
  const packed = await packedHub();
  const listed = execFileSync('tar', ['-tzf', path.join(packed, 'hub.tgz')], { encoding: 'utf8' });
  files = listed
    .trim()
    .split('\n')
    .map((file) => file.replace(/^package\//, ''));
  host = hostFolder(packed, { 'package.json': '{}' });
}, 300_000);
afterAll(() => {
  rmSync(host, { recursive: true });
});

const packedFile = (name: string) =>
  readFileSync(path.join(host, '../node_modules', HUB, name), 'utf8');

describe('the package', () => {
  it('contains compiled code and documentation, and no sources', () => {
    const others = files.filter((file) => !file.startsWith('dist/'));
    const pages = ['README.md', 'CHANGELOG.md', 'LICENSE', 'package.json', 'cloud/REFERENCE.md'];
    expect(others).toEqual(expect.arrayContaining(pages));
    expect(others.filter((file) => !/\.md$|^LICENSE$|^package\.json$/.test(file))).toEqual([]);
    for (const entry of ['index', 'client']) expect(files).toContain(`dist/${entry}.js`);
  });

  it('has no source maps', () => {
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([]);
    expect(packedFile('dist/index.js')).not.toContain('sourceMappingURL');
  });

  it('names its repository', () => {
    expect(JSON.parse(packedFile('package.json'))).toMatchObject({
      repository: { type: 'git', url: `git+${REPOSITORY}.git` },
      homepage: `${REPOSITORY}#readme`,
      bugs: { url: `${REPOSITORY}/issues` },
      keywords: expect.arrayContaining(['parse-server', 'webhooks']),
    });
  });

  it('contains every page that its README links to', () => {
    const links = [...packedFile('README.md').matchAll(/\]\(([^)\s]+)\)/g)].map(
      ([, to]) => to ?? '',
    );
    const pages = links.filter((to) => !/^(https?:|#)/.test(to)).map((to) => to.replace(/#.*/, ''));
    expect(pages.filter((page) => !files.includes(page))).toEqual([]);
  });
});

async function run(file: string, source: string): Promise<string> {
  writeFileSync(path.join(host, file), source);
  const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: host });
  return stdout.trim();
}

describe('what the package exports', () => {
  const show = 'console.log([typeof createIntegrationHub, typeof createHubClient].join());';

  it('can be imported by an ES module', async () => {
    const source = `import { createIntegrationHub, createHubClient } from '${HUB}';\n${show}\n`;
    expect(await run('host.mjs', source)).toBe('function,function');
  });

  it('can be required by a CommonJS module', async () => {
    const source = `const { createIntegrationHub, createHubClient } = require('${HUB}');\n${show}\n`;
    expect(await run('host.cjs', source)).toBe('function,function');
  });

  it('gives CommonJS only the client', async () => {
    const source = `const { createHubClient } = require('${HUB}/client');\nconsole.log(typeof createHubClient);\n`;
    expect(await run('client.cjs', source)).toBe('function');
  });

  it('bundles the client for browsers in less than 5 kB, without modules of Node', async () => {
    const entry = path.join(host, 'browser.mjs');
    writeFileSync(entry, `export * from '${HUB}/client';\n`);
    const { outputFiles, metafile } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'esm',
      minify: true,
      absWorkingDir: path.dirname(host),
      logLevel: 'silent',
    });
    const code = outputFiles[0]?.text ?? '';
    expect(Buffer.byteLength(code)).toBeLessThan(5000);
    const own = `node_modules/${HUB}/dist/client`;
    expect(Object.keys(metafile.inputs).sort()).toEqual([
      `${path.basename(host)}/browser.mjs`,
      `${own}.js`,
      ...['connect', 'hubClient', 'pages'].map((file) => `${own}/${file}.js`),
    ]);
    expect(code).not.toMatch(/\b(require|process|Buffer|node:)/);
  });
});
